"""Features of candidate terms: the columns of the matrix from which the ranker, a trained model, predicts salience.

The features of frequency, rarity, position, structure, word classes and keyphraseness follow A. Hulth, "Improved
automatic keyword extraction given more linguistic knowledge" (EMNLP 2003) and O. Medelyan, "Human-competitive automatic
topic indexing" (2009). Other features are computed by the token model (how likely the tokens of a term are part of a
keyword), or tell how often a term occurs inside longer terms.
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
"""The uses of a word in a sentence: the values in the column `use` of `kg.annotate.rows.WORDS`."""
PRIOR_USES: Final = 20
"""Number of prior uses of a word: fictitious uses, such as "noun", that are added to the uses counted in the articles.

In a corpus that is too small to show the part of speech of the word, the prior uses outweigh the counted ones.
"""
WORD_USES: Final = Path(__file__).with_name("word_uses.tsv")
"""The file of the prior uses (see `PRIOR_USES`) of words that are mostly not nouns.

Each line has a word and one number for each of `USES`, such as 20 for "other". The numbers of a word add up to about
`PRIOR_USES`. `benchmarks/word_uses.py` writes the file.
"""

_MAX_NON_MODIFIER: Final = 0.7
"""Maximum share of "other" uses (see `USES`) that the first word of a term of several words may have.

If the share is larger, the word is probably a verb, and the term is not taken for a noun phrase.
"""
_MAX_NON_NOUN: Final = 0.8
"""Maximum share of uses other than noun and gerund, if a term of one word counts as a noun."""
_CLASSES: Final = {letter: number for number, letter in enumerate("npagvmd")}
_SUMMED: Final = ("frequency", "alone", "in_title", "heading", "best_inside", "best_fit")
"""Columns of the table of candidates whose values are added up for each term over all articles.

The column `heading` is an exception: for it, the articles that have the term in a heading are counted.
"""
_LINKS: Final = {"": 0, "i": 1, "c": 2}


class Features:
    """The features of the candidate terms of all articles, one column per feature.

    The names and the order of the columns are always the same.

    Args:
        candidates: the candidates of all articles.
        words: rows of `kg.annotate.rows.WORDS` of these articles.
        background: statistics of the corpus on which the ranker was trained.
    """

    def __init__(self, candidates: Candidates, words: pa.Table, background: Background) -> None:
        self._candidates = candidates
        counts = candidates.counted
        self._articles = max(len(starts_of(candidates.file[counts])), 1)
        counted = np.bincount(candidates.term[counts], minlength=len(candidates.terms))
        known = np.maximum(counted.astype(np.float64), 1.0)
        self._rarity: Floats = np.log(self._articles / np.minimum(known, self._articles))
        of_terms = chain(
            _corpus_features(candidates, self._articles, known, words),
            _background_features(candidates.terms, candidates.words, background),
        )
        self._of_terms = {name: column.astype(np.float32) for name, column in of_terms}

    def of_all(self) -> Columns:
        """Compute the features of all candidates: one array of shape (candidates,) per feature."""
        parts = [self.of(self._candidates.part(number)) for number in self._candidates.parts]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def of(self, part: CandidatePart) -> Columns:
        """Compute the features of the candidates in `part`, a block of rows: one array of shape (rows,) per feature."""
        groups = _ArticleGroups(part.file)
        own = _article_features(part, self._candidates, groups)
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
    """Return the names of all features, in column order."""
    nothing = candidates_of([rows.CANDIDATES.empty_table()], rows.ARTICLES.empty_table(), np.empty(0, np.int64))
    unknown = Counts(np.empty(0, np.uint64), np.empty(0), np.empty(0))
    return list(Features(nothing, rows.WORDS.empty_table(), Background(0, 0, unknown, unknown)).of_all())


def no_noun_phrase(candidates: Candidates, words: pa.Table) -> Bools:
    """Return a mask over the candidates: whether the term is not a noun phrase, judging by the uses of its first word.

    In the inspected samples, nearly all terms that are not noun phrases were imperatives ("tailor tone"). A word is
    probably a verb if running prose seldom uses it as a noun, gerund or modifier.

    Args:
        candidates: the candidates of all articles.
        words: rows of `kg.annotate.rows.WORDS` of these articles.
    """
    vocabulary = candidates.words
    no_modifier, no_noun = _word_uses(vocabulary.words, words)
    several = vocabulary.length > 1
    wrong = np.where(
        several, no_modifier[vocabulary.first] > _MAX_NON_MODIFIER, no_noun[vocabulary.last] > _MAX_NON_NOUN
    )
    shapes = (candidates.part(number, ["shape"]).table["shape"] for number in candidates.parts)
    numbered = np.concatenate([pc.starts_with(shape, "d").to_numpy() for shape in shapes])  # "three-dimensional space"
    found: Bools = wrong[candidates.term] & ~numbered
    return found


def matrix(columns: Mapping[str, npt.NDArray[np.generic]]) -> npt.NDArray[np.float32]:
    """Stack the columns, one for each feature, into a matrix of shape (rows, features)."""
    stacked: npt.NDArray[np.float32] = np.array(list(columns.values()), np.float32).T
    return stacked


def _article_features(part: CandidatePart, candidates: Candidates, groups: _ArticleGroups) -> Columns:
    """Compute those features of the candidates in `part` that depend on no other article than the candidate's own."""
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
    """Decode the shape of the term in each row. A shape is a code of word classes, such as "nni" for "law of motion".

    Returns:
        Three arrays with one number per row: the class of the term's first word; the class of its last word; and
        whether two noun phrases in it are joined by a preposition (1), a conjunction (2) or neither (0).
    """
    encoded = shape.combine_chunks().dictionary_encode()
    known = [
        (_CLASSES.get(letters[0], -1), _CLASSES.get(letters[1], -1), _LINKS[letters[2:]])
        for letters in encoded.dictionary.to_pylist()
    ]
    first, last, link = np.array(known, np.float64).reshape(-1, 3)[encoded.indices.to_numpy()].T
    return first, last, link


def _corpus_features(
    candidates: Candidates, articles: int, known: Floats, words: pa.Table
) -> Iterator[tuple[str, Floats]]:
    """Yield the features of terms that depend on all articles. Each is a name and an array with one value per term.

    Only one array is computed at a time, to save memory.

    Args:
        candidates: the candidates of all articles.
        articles: number of articles that count in statistics, that is, do not repeat another one.
        known: for each term, the number of articles that count in statistics and have the term, but at least 1.
        words: rows of `kg.annotate.rows.WORDS` of all articles.
    """
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
    """Return, for each word of `vocabulary`, the number of articles in `part` that have a term with this word.

    Articles that do not count in statistics, because they repeat another one, are left out.
    """
    width = len(vocabulary.words)
    word, row = vocabulary.of_rows(part.term[part.counted])
    pairs = sort_unique(part.file[part.counted][row] * width + word)
    return np.bincount(pairs % max(width, 1), minlength=width)


def _background_features(
    terms: pa.StringArray, vocabulary: TermIndex, background: Background
) -> Iterator[tuple[str, Floats]]:
    """Yield the features of terms that come from the statistics of the training corpus.

    Each feature is a pair: its name, and an array with one value per term.
    """
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


class _ArticleGroups:
    """Statistics over the rows of each article.

    Args:
        file: the file number of the article of each row. The rows of an article must be contiguous.
    """

    def __init__(self, file: Ints) -> None:
        self.starts = starts_of(file)
        self.sizes = np.diff(np.r_[self.starts, len(file)])
        self.group = np.repeat(np.arange(len(self.starts)), self.sizes)

    def size(self) -> Floats:
        """Return, for each row, the number of all rows of the same article."""
        sizes: Floats = self.sizes[self.group].astype(np.float64)
        return sizes

    def maximum(self, values: Floats) -> Floats:
        """Return, for each row, the largest value among all rows of the same article."""
        return np.maximum.reduceat(values, self.starts)[self.group] if len(values) else values

    def rank(self, values: npt.NDArray[np.generic]) -> Floats:
        """Return, for each row, the rank of its value among the rows of the same article: 0 for the largest value.

        Rows with equal values get successive ranks in the order of the rows.
        """
        order = np.lexsort((-values.astype(np.float64), self.group))
        ranks = np.empty(len(values))
        ranks[order] = np.arange(len(values)) - np.repeat(self.starts, self.sizes)
        return ranks


def _nesting(part: CandidatePart, vocabulary: TermIndex, frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Compute how the candidates of an article contain each other, as "deep neural network" contains "neural network".

    Returns:
        Three arrays with one entry per candidate: the largest frequency of the longer candidates that contain it; the
        largest frequency of the shorter candidates inside it; and the number of candidates that contain it.
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
    """Compute how running prose uses each word of `vocabulary`: as a noun or gerund, as a modifier, or otherwise.

    Words in bold text are not counted, since the tagger often takes verbs there, such as "Combine", for nouns.

    Returns:
        Two arrays with one entry per word: the share of its uses other than noun, gerund and modifier, and the share of
        its uses other than noun and gerund.
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
    """Read the file `WORD_USES`. Return, for each of `USES`, a mapping from each word to its number of prior uses."""
    lines = [line.split("\t") for line in WORD_USES.read_text("utf-8").splitlines()]
    return {use: {line[0]: int(line[place]) for line in lines} for place, use in enumerate(USES, start=1)}
