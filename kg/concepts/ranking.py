"""How likely it is that an author would choose a term as a keyword of an article: a logistic regression.

Features after A. Hulth, "Improved automatic keyword extraction given more linguistic knowledge" (EMNLP 2003) and
O. Medelyan, "Human-competitive automatic topic indexing" (2009): frequency, rarity, position, structure and shape.
`benchmarks/fit_ranking.py` fits the weights to a corpus whose articles carry keywords.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.normal_form import normal_word

Floats = npt.NDArray[np.float64]

WEIGHTS: Final = {
    "frequency": -0.888,
    "rarity": -3.789,
    "frequency x rarity": 3.049,
    "in title": 0.294,
    "first position": 1.741,
    "root of first position": -2.566,
    "spread": 1.029,
    "bold": 1.590,
    "heading": 0.256,
    "opens a list item": 1.147,
    "stands alone here": 1.876,
    "stands alone in the corpus": 0.938,
    "two words": 3.010,
    "three words": 2.519,
    "four words or more": 1.618,
    "proper noun": 0.610,
    "adjective first": -0.654,
    "gerund first": -1.620,
    "participle first": -1.221,
    "gerund last": -0.298,
    "single gerund": -1.264,
    "seen in one article": -0.283,
    "rarity of one word": 2.831,
    "first word no modifier": -1.467,
    "last word no noun": -0.849,
    "one word no noun": -2.110,
}
"""Of each feature; fitted to 8,106 articles of ten subjects by `benchmarks/fit_ranking.py`."""

BIAS: Final = -4.601

USES: Final = ("noun", "gerund", "modifier", "other")
PRIOR_USES: Final = 20
"""The uses of a word that are taken for granted in a corpus too small to say what it is."""
WORD_USES: Final = Path(__file__).with_name("word_uses.tsv")
"""How many of `PRIOR_USES` are each of `USES`, of words that are mostly no noun; by `benchmarks/word_uses.py`."""

_LIMITS: Final = {"first word no modifier": 0.7, "last word no noun": 0.8, "one word no noun": 0.8}
"""Beyond these, what was read in a sample was nearly all orders and half sentences ("avoid contamination")."""

_SCALE: Final = 9.0
"""The rarity of a term in one article of the 8,106. Not the corpus's own: in forty articles, every word is rare."""


def features(
    candidates: pa.Table, term: npt.NDArray[np.int64], terms: Sequence[str], words: pa.Table, articles: int
) -> Floats:
    """One row a candidate, one column for each of `WEIGHTS`.

    Args:
        candidates: rows of `kg.annotate.rows.CANDIDATES`.
        term: the number of each row's term, from 0.
        terms: the normal form of each number.
        words: rows of `kg.annotate.rows.WORDS`.
        articles: how many articles there are in the corpus.
    """

    def column(name: str) -> Floats:
        values: Floats = candidates[name].to_numpy().astype(np.float64)
        return values

    frequency = column("frequency")
    first, last, length = column("first"), column("last"), column("words")
    counts = np.bincount(term)
    document_frequency = counts[term].astype(np.float64)
    corpus_frequency = np.bincount(term, weights=frequency)[term]
    alone = column("alone")
    rarity = np.log(articles / document_frequency) / _SCALE
    log_frequency = np.log1p(frequency)
    shape = candidates["shape"].combine_chunks()
    first_class = pc.utf8_slice_codeunits(shape, 0, 1).to_numpy(zero_copy_only=False)
    last_class = pc.utf8_slice_codeunits(shape, 1, 2).to_numpy(zero_copy_only=False)
    single = length == 1
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
            length == 2,
            length == 3,
            length >= 4,
            column("proper") / np.maximum(frequency, 1),
            (first_class == "a") & ~single,
            (first_class == "g") & ~single,
            (first_class == "v") & ~single,
            (last_class == "g") & ~single,
            (last_class == "g") & single,
            document_frequency == 1,
            rarity * single,
            *(column[term] for column in _word_features(terms, words)),
        ]
    )


def _word_features(terms: Sequence[str], words: pa.Table) -> tuple[Floats, ...]:
    """What the words of each term are in the running prose of the corpus; three values a term, each a share of uses.

    Of the first word of several, the uses that are neither noun nor modifier; of the last of several, and of a single
    word, those that are no noun. In a bold "Connect Components" or "Combine", a tagger sees nouns.
    """
    uses = {use: Counter(counts) for use, counts in _prior_uses().items()}
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        for normal in normal_word(word):
            uses[use][normal] += count

    def share(word: str, *wrong: str) -> float:
        return sum(uses[use][word] for use in wrong) / (1 + sum(counts[word] for counts in uses.values()))

    split = [term.split(" ") for term in terms]
    several = np.array([len(words_of_term) > 1 for words_of_term in split], np.bool_)
    no_modifier = np.array([share(words_of_term[0], "other") for words_of_term in split])
    no_noun = np.array([share(words_of_term[-1], "modifier", "other") for words_of_term in split])
    return np.where(several, no_modifier, 0.0), np.where(several, no_noun, 0.0), np.where(several, 0.0, no_noun)


@cache
def _prior_uses() -> dict[str, dict[str, int]]:
    """For each use the words that have it in `WORD_USES`, and how often."""
    rows = [line.split("\t") for line in WORD_USES.read_text("utf-8").splitlines()]
    return {use: {row[0]: int(row[place]) for row in rows} for place, use in enumerate(USES, start=1)}


def probability(matrix: Floats) -> Floats:
    """The probability of each row of `features`; none where the corpus's prose says that the term is no noun phrase."""
    odds = np.full(len(matrix), BIAS)
    possible = np.ones(len(matrix), np.bool_)
    # Column by column, so that a row's rounding does not depend on how a matrix product is cut into blocks.
    for (name, weight), column in zip(WEIGHTS.items(), matrix.T, strict=True):
        odds += weight * column
        possible &= column <= _LIMITS.get(name, np.inf)
    return np.where(possible, 1.0 / (1.0 + np.exp(-odds)), 0.0)
