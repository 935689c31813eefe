"""Where candidates stand, told by one list of token ranges a candidate."""

from collections.abc import Sequence

import numpy as np

from kg.annotate.extract.spans import Spans


def spans_of(candidates: Sequence[Sequence[tuple[int, int]]]) -> Spans:
    """The columns of candidates, each of them the first token and the one after the last of its occurrences."""
    begin, end = np.array([span for spans in candidates for span in spans], np.int64).reshape(-1, 2).T
    return Spans(begin, end, np.array([len(spans) for spans in candidates], np.int64))


def ranges(spans: Spans) -> list[list[tuple[int, int]]]:
    """The same the other way round."""
    each = [*zip(spans.begin.tolist(), spans.end.tolist(), strict=True)]
    return [each[start : start + count] for start, count in zip(spans.starts, spans.counts, strict=True)]
