"""Search for duplicate articles. They stay in the graph, but do not count in statistics."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa

from kg.base.arrays import Ints
from kg.base.model import PartName

_PREFIX_WORDS: Final = 12
"""Number of words at the beginning of a text. Two texts are compared in full only if they begin with the same words."""


def repeats(articles: pa.Table) -> Ints:
    """Return the sorted file numbers of the articles that repeat the text of another article.

    Among several articles with the same text, the one with the first URL in sorted order counts as the original, and is
    not returned. Texts count as the same if they differ only in white space or in the question, since the same answer
    is often filed under two questions. An article that has no text except a question is never returned.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`.
    """
    rows = articles.select(["url", "file", "parts"]).sort_by([("url", "ascending"), ("file", "ascending")])
    texts: list[str] = []
    for batch in rows.to_batches(max_chunksize=256):
        for parts in batch["parts"].to_pylist():
            texts.append(" ".join(part["text"] for part in parts or () if part["name"] != PartName.QUESTION.value))
    beginnings = [tuple(text.split(maxsplit=_PREFIX_WORDS)[:_PREFIX_WORDS]) for text in texts]
    alike = Counter(beginnings)
    seen: set[str] = set()
    found: list[int] = []
    for file, text, beginning in zip(rows["file"].to_pylist(), texts, beginnings, strict=True):
        if beginning and alike[beginning] > 1:  # true for few texts, which are compared in full
            words = " ".join(text.split())
            if words in seen:
                found.append(file)
            seen.add(words)
    return np.array(sorted(found), np.int64)
