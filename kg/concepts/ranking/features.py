"""What is known of each candidate, in columns: a matrix that a ranker learns from and is asked with.

After A. Hulth, "Improved automatic keyword extraction given more linguistic knowledge" (EMNLP 2003) and O. Medelyan,
"Human-competitive automatic topic indexing" (2009): frequency, rarity, position, structure, shape and keyphraseness;
with the token model's opinion, and how a term stands to those that contain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate import rows
from kg.annotate.extract import token_model
from kg.annotate.text.normal_form import normal_word
from kg.base.arrays import Bools, Floats, Ints
from kg.concepts.ranking.background import Background, Counts, hashes, hashes_of
from kg.concepts.terms.candidate_store import CandidatePart, Candidates, candidates_of, starts_of
from kg.concepts.terms.term_index import TermIndex, expand_ranges, sort_unique

Columns = dict[str, npt.NDArray[np.generic]]

USES: Final = ("noun", "gerund", "modifier", "other")
PRIOR_USES: Final = 20
"""The uses of a word that are taken for granted in a corpus too small to say what it is."""
WORD_USES: Final = Path(__file__).with_name("word_uses.tsv")
"""How many of `PRIOR_USES` are each of `USES`, of words that are mostly no noun; by `benchmarks/word_uses.py`."""

_NO_MODIFIER: Final = 0.7
"""Of the uses of the first of several words, the share that is neither noun nor modifier, beyond which it is a verb."""
_NO_NOUN: Final = 0.8
"""Of the uses of a single word, the share that is no noun."""
_CLASSES: Final = {letter: number for number, letter in enumerate("npagvmd")}
_SUMMED: Final = ("frequency", "alone", "in_title", "heading", "best_inside", "best_fit")
"""Columns that are added up for each term, where it counts in how many headings it stands."""
_LINKS: Final = {"": 0, "i": 1, "c": 2}


class Features:
    """What is known of the candidates of a corpus: one column a feature, the same names in the same order every time.

    Args:
        candidates: of a whole corpus.
        words: rows of `kg.annotate.rows.WORDS` of that corpus.
        background: what was learned elsewhere.
    """

    def __init__(self, candidates: Candidates, words: pa.Table, background: Background) -> None:
        self._candidates = candidates
        counts = candidates.counted
        self._articles = max(len(starts_of(candidates.file[counts])), 1)
        counted = np.bincount(candidates.term[counts], minlength=len(candidates.terms))
        known = np.maximum(counted.astype(np.float64), 1.0)
        self._rarity: Floats = np.log(self._articles / np.minimum(known, self._articles))
        of_terms = chain(
            _of_corpus(candidates, self._articles, known, words),
            _of_background(candidates.terms, candidates.words, background),
        )
        self._of_terms = {name: column.astype(np.float32) for name, column in of_terms}

    def of_all(self) -> Columns:
        """The features of all candidates."""
        parts = [self.of(self._candidates.part(number)) for number in self._candidates.parts]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def of(self, part: CandidatePart) -> Columns:
        """The features of whole articles: what they say of a term, and what is known of it anyway."""
        groups = _Groups(part.file)
        own = _of_article(part, self._candidates, groups)
        tf_idf = np.log1p(own["frequency"].astype(np.float64)) * self._rarity[part.term]
        relative = {
            "rarity": self._rarity[part.term],
            "tf-idf": tf_idf,
            "relative tf-idf": tf_idf / np.maximum(groups.maximum(tf_idf), 1e-9),
            "rank by tf-idf": groups.rank(tf_idf),
        }
        of_terms = {name: column[part.term] for name, column in self._of_terms.items()}
        return own | relative | of_terms


def feature_names() -> list[str]:
    """The names of all features, in their order."""
    nothing = candidates_of([rows.CANDIDATES.empty_table()], rows.ARTICLES.empty_table(), np.empty(0, np.int64))
    unknown = Counts(np.empty(0, np.uint64), np.empty(0), np.empty(0))
    return list(Features(nothing, rows.WORDS.empty_table(), Background(0, 0, unknown, unknown)).of_all())


def no_noun_phrase(candidates: Candidates, words: pa.Table) -> Bools:
    """Rows whose term is none, as prose uses its words: in samples that were read, nearly all orders ("tailor tone").

    Args:
        candidates: of a whole corpus.
        words: rows of `kg.annotate.rows.WORDS` of that corpus.
    """
    vocabulary = candidates.words
    no_modifier, no_noun = _word_uses(vocabulary.words, words)
    several = vocabulary.length > 1
    wrong = np.where(several, no_modifier[vocabulary.first] > _NO_MODIFIER, no_noun[vocabulary.last] > _NO_NOUN)
    shapes = (candidates.part(number, ["shape"]).table["shape"] for number in candidates.parts)
    numbered = np.concatenate([pc.starts_with(shape, "d").to_numpy() for shape in shapes])  # "three-dimensional space"
    found: Bools = wrong[candidates.term] & ~numbered
    return found


def matrix(columns: Mapping[str, npt.NDArray[np.generic]]) -> npt.NDArray[np.float32]:
    """The columns side by side."""
    stacked: npt.NDArray[np.float32] = np.array(list(columns.values()), np.float32).T
    return stacked


def _of_article(part: CandidatePart, candidates: Candidates, groups: _Groups) -> Columns:
    """What the article alone says."""
    column = part.column
    frequency, first, last, alone = column("frequency"), column("first"), column("last"), column("alone")
    first_class, last_class, link = _shapes(part.table["shape"])
    containing, contained, containers = _nesting(part, candidates.words, frequency)
    return {
        "frequency": frequency,
        "relative frequency": frequency / groups.maximum(frequency),
        "share of tokens": frequency / np.maximum(part.lengths, 1),
        "first": first,
        "last": last,
        "spread": last - first,
        "rank by first": groups.rank(-first),
        "in title": column("in_title"),
        "bold": column("bold"),
        "heading": column("heading"),
        "opens item": column("item_start"),
        "alone": alone,
        "share alone": alone / frequency,
        "share proper": column("proper") / frequency,
        "words": candidates.words.length[part.term],
        "first class": first_class,
        "last class": last_class,
        "link": link,
        "tokens": part.lengths,
        "candidates": groups.size(),
        "containing": containing,
        "contained": contained,
        "containers": containers,
        "share in containing": containing / frequency,
        **{name: column(name) for name in token_model.FEATURES},
        "rank by inside": groups.rank(column("best_inside")),
    }


def _shapes(shape: pa.ChunkedArray) -> tuple[Floats, Floats, Floats]:
    """Of each row's shape the class of the first word, that of the last, and what links them."""
    encoded = shape.combine_chunks().dictionary_encode()
    known = [
        (_CLASSES.get(letters[0], -1), _CLASSES.get(letters[1], -1), _LINKS[letters[2:]])
        for letters in encoded.dictionary.to_pylist()
    ]
    first, last, link = np.array(known, np.float64).reshape(-1, 3)[encoded.indices.to_numpy()].T
    return first, last, link


def _of_corpus(candidates: Candidates, articles: int, known: Floats, words: pa.Table) -> Iterator[tuple[str, Floats]]:
    """What all of `articles` say of each term, which `known` of them have; one after the other, to save room."""
    vocabulary = candidates.words
    size, width = len(candidates.terms), len(vocabulary.words)
    sums = {name: np.zeros(size) for name in _SUMMED}
    having = np.zeros(width, np.int64)
    for number in candidates.parts:
        part = candidates.part(number, _SUMMED)
        for name, column in sums.items():
            values = part.column(name)[part.counted]
            np.add.at(column, part.term[part.counted], values > 0 if name == "heading" else values)
        having += _articles_of_words(part, vocabulary)
    total = np.maximum(sums["frequency"], 1.0)
    having = np.maximum(having, 1)
    several = vocabulary.length > 1
    first, last = vocabulary.first, vocabulary.last
    heads, modifiers = (np.bincount(word[several], minlength=width) for word in (last, first))
    no_modifier, no_noun = _word_uses(vocabulary.words, words)
    yield "articles", np.log(known)
    yield "frequency where it stands", total / known
    yield "share alone in the corpus", sums["alone"] / total
    yield "share of titles", sums["in_title"] / known
    yield "share of headings", sums["heading"] / known
    yield "inside in the corpus", sums["best_inside"] / known
    yield "fit in the corpus", sums["best_fit"] / known
    yield "articles of first word", np.log(having[first] / articles)
    yield "articles of last word", np.log(having[last] / articles)
    yield "association", np.where(several, np.log(known * articles / (having[first] * having[last])), 0.0)
    yield "terms that it heads", np.where(several, np.log1p(heads[last]), 0.0)
    yield "terms that it opens", np.where(several, np.log1p(modifiers[first]), 0.0)
    yield "first word no modifier", np.where(several, no_modifier[first], 0.0)
    yield "last word no noun", no_noun[last]
    yield "corpus", np.full(size, np.log(articles))


def _articles_of_words(part: CandidatePart, vocabulary: TermIndex) -> Ints:
    """In how many articles that count each word stands."""
    width = len(vocabulary.words)
    word, row = vocabulary.of_rows(part.term[part.counted])
    pairs = sort_unique(part.file[part.counted][row] * width + word)
    return np.bincount(pairs % max(width, 1), minlength=width)


def _of_background(
    terms: pa.StringArray, vocabulary: TermIndex, background: Background
) -> Iterator[tuple[str, Floats]]:
    """What other corpora say of each term and its words, in the same way."""
    seen, chosen = background.terms.of(hashes_of(terms))
    word_seen, word_chosen = background.words.of(hashes(vocabulary.words))
    of_word = background.keyphraseness(word_seen, word_chosen)
    frequency = background.frequency(word_seen)
    mean = np.add.reduceat(of_word[vocabulary.flat], vocabulary.start) if len(terms) else np.empty(0)
    least = np.minimum.reduceat(of_word[vocabulary.flat], vocabulary.start) if len(terms) else np.empty(0)
    first, last = vocabulary.first, vocabulary.last
    yield "keyphraseness", background.keyphraseness(seen, chosen)
    yield "known", np.minimum(seen, 50.0)
    yield "keyphraseness of first word", of_word[first]
    yield "keyphraseness of last word", of_word[last]
    yield "keyphraseness of words", mean / vocabulary.length
    yield "least keyphraseness of words", least
    yield "background frequency", background.frequency(seen)
    yield "background frequency of first word", frequency[first]
    yield "background frequency of last word", frequency[last]


class _Groups:
    """The rows of each article, which lie together."""

    def __init__(self, file: Ints) -> None:
        self.starts = starts_of(file)
        self.sizes = np.diff(np.r_[self.starts, len(file)])
        self.group = np.repeat(np.arange(len(self.starts)), self.sizes)

    def size(self) -> Floats:
        """Of each row's group."""
        sizes: Floats = self.sizes[self.group].astype(np.float64)
        return sizes

    def maximum(self, values: Floats) -> Floats:
        """Of each row's group."""
        return np.maximum.reduceat(values, self.starts)[self.group] if len(values) else values

    def rank(self, values: npt.NDArray[np.generic]) -> Floats:
        """Of each row in its group, from 0 for the largest; equals in their order."""
        order = np.lexsort((-values.astype(np.float64), self.group))
        ranks = np.empty(len(values))
        ranks[order] = np.arange(len(values)) - np.repeat(self.starts, self.sizes)
        return ranks


def _nesting(part: CandidatePart, vocabulary: TermIndex, frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each row, over the article's candidates: the frequency of the commonest one that contains it, of the commonest
    one that it contains, and how many contain it.
    """
    containing, contained = np.zeros((2, len(frequency)))
    inner, start, count = vocabulary.inner
    at, outer_row = expand_ranges(start[part.term], count[part.term])
    keys = part.file * len(vocabulary.terms) + part.term
    order = np.argsort(keys)
    wanted = part.file[outer_row] * len(vocabulary.terms) + inner[at]
    place = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
    inner_row = order[place]
    stands = keys[inner_row] == wanted
    inner_row, outer_row = inner_row[stands], outer_row[stands]
    np.maximum.at(containing, inner_row, frequency[outer_row])
    np.maximum.at(contained, outer_row, frequency[inner_row])
    return containing, contained, np.bincount(inner_row, minlength=len(frequency)).astype(np.float64)


def _word_uses(vocabulary: Sequence[str], words: pa.Table) -> tuple[Floats, Floats]:
    """Of each word of `vocabulary` the share of its uses in running prose that are neither noun nor modifier, and the
    share that are no noun. In a bold "Connect Components" or "Combine", a tagger sees nouns.
    """
    uses = {use: Counter(counts) for use, counts in _prior_uses().items()}
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        for normal in normal_word(word):
            uses[use][normal] += count
    total = np.array([1 + sum(counts[word] for counts in uses.values()) for word in vocabulary], np.float64)
    other = np.array([uses["other"][word] for word in vocabulary], np.float64)
    modifier = np.array([uses["modifier"][word] for word in vocabulary], np.float64)
    return other / total, (other + modifier) / total


@cache
def _prior_uses() -> dict[str, dict[str, int]]:
    """For each use the words that have it in `WORD_USES`, and how often."""
    lines = [line.split("\t") for line in WORD_USES.read_text("utf-8").splitlines()]
    return {use: {line[0]: int(line[place]) for line in lines} for place, use in enumerate(USES, start=1)}
