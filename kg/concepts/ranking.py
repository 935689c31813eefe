"""How likely it is that an author would choose a term as a keyword of an article: a logistic regression.

Features after A. Hulth, "Improved automatic keyword extraction given more linguistic knowledge" (EMNLP 2003) and
O. Medelyan, "Human-competitive automatic topic indexing" (2009): frequency, rarity, position, structure and shape.
`benchmarks/fit_ranking.py` fits the weights to a corpus whose articles carry keywords.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]

WEIGHTS: Final = {
    "frequency": -0.796,
    "rarity": -4.013,
    "frequency x rarity": 3.101,
    "in title": 0.169,
    "first position": 2.013,
    "root of first position": -2.892,
    "spread": 1.004,
    "bold": 1.515,
    "heading": 0.215,
    "opens a list item": 1.119,
    "stands alone here": 1.873,
    "stands alone in the corpus": 1.094,
    "two words": 2.973,
    "three words": 2.460,
    "four words or more": 1.558,
    "proper noun": 0.597,
    "adjective first": -0.633,
    "gerund first": -1.555,
    "participle first": -1.252,
    "gerund last": -0.244,
    "single gerund": -1.130,
    "seen in one article": -0.276,
    "rarity of one word": 2.636,
}
"""Of each feature; fitted to 8,106 articles of ten subjects by `benchmarks/fit_ranking.py`."""

BIAS: Final = -4.610

_SCALE: Final = 9.0
"""The rarity of a term in one article of the 8,106. Not the corpus's own: in forty articles, every word is rare."""


def features(candidates: pa.Table, term: npt.NDArray[np.int64], articles: int) -> Floats:
    """One row a candidate, one column for each of `WEIGHTS`.

    Args:
        candidates: rows of `kg.annotate.rows.CANDIDATES`.
        term: the number of each row's term, from 0.
        articles: how many articles there are in the corpus.
    """

    def column(name: str) -> Floats:
        values: Floats = candidates[name].to_numpy().astype(np.float64)
        return values

    frequency = column("frequency")
    first, last, words = column("first"), column("last"), column("words")
    counts = np.bincount(term)
    document_frequency = counts[term].astype(np.float64)
    corpus_frequency = np.bincount(term, weights=frequency)[term]
    alone = column("alone")
    rarity = np.log(articles / document_frequency) / _SCALE
    log_frequency = np.log1p(frequency)
    shape = candidates["shape"].combine_chunks()
    first_class = pc.utf8_slice_codeunits(shape, 0, 1).to_numpy(zero_copy_only=False)
    last_class = pc.utf8_slice_codeunits(shape, 1, 2).to_numpy(zero_copy_only=False)
    single = words == 1
    return np.column_stack(
        [
            log_frequency,
            rarity,
            log_frequency * rarity,
            column("in_title"),
            first,
            np.sqrt(first),
            last - first,
            np.minimum(column("bold"), 3) / np.minimum(np.maximum(frequency, 1), 3),
            np.minimum(column("heading"), 2),
            column("item_start") > 0,
            alone / np.maximum(frequency, 1),
            np.bincount(term, weights=alone)[term] / np.maximum(corpus_frequency, 1),
            words == 2,
            words == 3,
            words >= 4,
            column("proper") / np.maximum(frequency, 1),
            (first_class == "a") & ~single,
            (first_class == "g") & ~single,
            (first_class == "v") & ~single,
            (last_class == "g") & ~single,
            (last_class == "g") & single,
            document_frequency == 1,
            rarity * single,
        ]
    )


def probability(matrix: Floats) -> Floats:
    """The probability of each row of `features`."""
    odds: Floats = matrix @ np.array(list(WEIGHTS.values())) + BIAS
    return 1.0 / (1.0 + np.exp(-odds))
