"""What is known of each candidate, in columns: a matrix that a ranker learns from and is asked with.

After A. Hulth, "Improved automatic keyword extraction given more linguistic knowledge" (EMNLP 2003) and O. Medelyan,
"Human-competitive automatic topic indexing" (2009): frequency, rarity, position, structure, shape and keyphraseness;
with the token model's opinion, and how a term stands to those that contain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate import rows, token_model
from kg.annotate.normal_form import normal_word
from kg.concepts.background import Background, Counts, hashes

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
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
_LINKS: Final = {"": 0, "i": 1, "c": 2}


@dataclass(frozen=True)
class Candidates:
    """The candidates of a corpus as arrays; a row is a candidate of one article, whose rows lie together."""

    table: pa.Table
    """Rows of `kg.annotate.rows.CANDIDATES`."""
    file: Ints
    term: Ints
    """Index into `terms`."""
    terms: list[str]
    lengths: Ints
    """Tokens of each row's article."""
    counted: npt.NDArray[np.bool_]
    """Whether the row's article counts in statistics: not where it repeats another one word for word."""

    def column(self, name: str) -> Floats:
        """A numeric column."""
        values: Floats = self.table[name].to_numpy().astype(np.float64)
        return values


def candidates_of(table: pa.Table, articles: pa.Table, repeated: Ints) -> Candidates:
    """Rows of `kg.annotate.rows.CANDIDATES` as arrays, with what is needed of `kg.annotate.rows.ARTICLES`.

    Args:
        table: the candidates, sorted by file.
        articles: theirs, at least.
        repeated: the file numbers of articles that do not count in statistics.
    """
    encoded = table["term"].combine_chunks().dictionary_encode()
    file = table["file"].to_numpy().astype(np.int64)
    tokens = np.zeros(1 + max(articles["file"].to_pylist(), default=0))
    tokens[articles["file"].to_numpy()] = articles["tokens"].to_numpy()
    return Candidates(
        table,
        file,
        encoded.indices.to_numpy().astype(np.int64),
        encoded.dictionary.to_pylist(),
        tokens[file],
        ~np.isin(file, repeated),
    )


def features(candidates: Candidates, words: pa.Table, background: Background) -> Columns:
    """One column a feature, one row a candidate; the same names in the same order every time.

    Args:
        candidates: of a whole corpus.
        words: rows of `kg.annotate.rows.WORDS` of that corpus.
        background: what was learned elsewhere.
    """
    vocabulary = _Vocabulary(candidates.terms)
    own = _of_article(candidates, vocabulary)
    return own | _of_corpus(candidates, vocabulary, words, own) | _of_background(candidates, vocabulary, background)


def feature_names() -> list[str]:
    """The names of all features, in their order."""
    nothing = candidates_of(rows.CANDIDATES.empty_table(), rows.ARTICLES.empty_table(), np.empty(0, np.int64))
    unknown = Counts(np.empty(0, np.uint64), np.empty(0), np.empty(0))
    return list(features(nothing, rows.WORDS.empty_table(), Background(0, 0, unknown, unknown)))


def no_noun_phrase(candidates: Candidates, words: pa.Table) -> npt.NDArray[np.bool_]:
    """Rows whose term is none, as prose uses its words: in samples that were read, nearly all orders ("tailor tone").

    Args:
        candidates: of a whole corpus.
        words: rows of `kg.annotate.rows.WORDS` of that corpus.
    """
    vocabulary = _Vocabulary(candidates.terms)
    no_modifier, no_noun = _word_uses(vocabulary, words)
    several = vocabulary.length > 1
    wrong = np.where(several, no_modifier[vocabulary.first] > _NO_MODIFIER, no_noun[vocabulary.last] > _NO_NOUN)
    numbered = pc.starts_with(candidates.table["shape"], "d").to_numpy()  # "three-dimensional space"
    found: npt.NDArray[np.bool_] = wrong[candidates.term] & ~numbered
    return found


def matrix(columns: Mapping[str, npt.NDArray[np.generic]]) -> npt.NDArray[np.float32]:
    """The columns side by side."""
    return np.column_stack([column.astype(np.float32) for column in columns.values()])


class _Vocabulary:
    """The words of all terms: `first` and `last` of each term, and all of them one behind the other."""

    def __init__(self, terms: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        split = [[numbers.setdefault(word, len(numbers)) for word in term.split(" ")] for term in terms]
        self.words = list(numbers)
        self.length = np.array([len(words) for words in split], np.int64)
        self.first = np.array([words[0] for words in split], np.int64)
        self.last = np.array([words[-1] for words in split], np.int64)
        self.flat = np.array([word for words in split for word in words], np.int64)
        self.start = np.cumsum(self.length) - self.length

    def of_rows(self, term: Ints) -> tuple[Ints, Ints]:
        """All words of the rows' terms, and the row of each."""
        counts = self.length[term]
        row = np.repeat(np.arange(len(term)), counts)
        inside = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.flat[self.start[term][row] + inside], row


def _of_article(candidates: Candidates, vocabulary: _Vocabulary) -> Columns:
    """What the article alone says."""
    column = candidates.column
    frequency, first, last, alone = column("frequency"), column("first"), column("last"), column("alone")
    groups = _Groups(candidates.file)
    shape = candidates.table["shape"].to_pylist()
    containing, contained, containers = _nesting(candidates, groups, frequency)
    return {
        "frequency": frequency,
        "relative frequency": frequency / groups.maximum(frequency),
        "share of tokens": frequency / np.maximum(candidates.lengths, 1),
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
        "words": vocabulary.length[candidates.term],
        "first class": np.array([_CLASSES.get(letters[0], -1) for letters in shape], np.float64),
        "last class": np.array([_CLASSES.get(letters[1], -1) for letters in shape], np.float64),
        "link": np.array([_LINKS[letters[2:]] for letters in shape], np.float64),
        "tokens": candidates.lengths,
        "candidates": groups.size(),
        "containing": containing,
        "contained": contained,
        "containers": containers,
        "share in containing": containing / frequency,
        **{name: column(name) for name in token_model.FEATURES},
        "rank by inside": groups.rank(column("best_inside")),
    }


def _of_corpus(candidates: Candidates, vocabulary: _Vocabulary, words: pa.Table, own: Columns) -> Columns:
    """What the other articles say."""
    term, counted = candidates.term, candidates.counted
    groups = _Groups(candidates.file)
    size = len(candidates.terms)
    articles = max(len(np.unique(candidates.file[counted])), 1)

    def summed(weights: npt.NDArray[np.generic]) -> Floats:
        sums = np.bincount(term[counted], weights=weights[counted].astype(np.float64), minlength=size)
        return sums.astype(np.float64)[term]

    known = np.maximum(summed(np.ones(len(term))), 1.0)
    total = np.maximum(summed(own["frequency"]), 1.0)
    rarity = np.log(articles / np.minimum(known, articles))
    tf_idf = np.log1p(own["frequency"].astype(np.float64)) * rarity
    word, row = vocabulary.of_rows(term)
    used = counted[row]
    pairs = np.unique(candidates.file[row[used]] * len(vocabulary.words) + word[used])
    having = np.maximum(np.bincount(pairs % max(len(vocabulary.words), 1), minlength=len(vocabulary.words)), 1)
    several = vocabulary.length > 1
    heads = np.bincount(vocabulary.last[several], minlength=len(vocabulary.words))
    modifiers = np.bincount(vocabulary.first[several], minlength=len(vocabulary.words))
    first, last, many = vocabulary.first[term], vocabulary.last[term], several[term]
    no_modifier, no_noun = _word_uses(vocabulary, words)
    return {
        "rarity": rarity,
        "tf-idf": tf_idf,
        "relative tf-idf": tf_idf / np.maximum(groups.maximum(tf_idf), 1e-9),
        "rank by tf-idf": groups.rank(tf_idf),
        "articles": np.log(known),
        "frequency where it stands": total / known,
        "share alone in the corpus": summed(own["alone"]) / total,
        "share of titles": summed(own["in title"]) / known,
        "share of headings": summed(own["heading"].astype(np.float64) > 0) / known,
        "inside in the corpus": summed(own["best_inside"]) / known,
        "fit in the corpus": summed(own["best_fit"]) / known,
        "articles of first word": np.log(having[first] / articles),
        "articles of last word": np.log(having[last] / articles),
        "association": np.where(many, np.log(known * articles / (having[first] * having[last])), 0.0),
        "terms that it heads": np.where(many, np.log1p(heads[last]), 0.0),
        "terms that it opens": np.where(many, np.log1p(modifiers[first]), 0.0),
        "first word no modifier": np.where(many, no_modifier[first], 0.0),
        "last word no noun": no_noun[last],
        "corpus": np.full(len(term), np.log(articles)),
    }


def _of_background(candidates: Candidates, vocabulary: _Vocabulary, background: Background) -> Columns:
    """What other corpora say of the term and its words."""
    seen, chosen = background.terms.of(hashes(candidates.terms))
    word_seen, word_chosen = background.words.of(hashes(vocabulary.words))
    of_word = background.keyphraseness(word_seen, word_chosen)
    frequency = background.frequency(word_seen)
    term = candidates.term
    mean = np.add.reduceat(of_word[vocabulary.flat], vocabulary.start) if len(term) else np.empty(0)
    least = np.minimum.reduceat(of_word[vocabulary.flat], vocabulary.start) if len(term) else np.empty(0)
    first, last = vocabulary.first[term], vocabulary.last[term]
    return {
        "keyphraseness": background.keyphraseness(seen, chosen)[term],
        "known": np.minimum(seen, 50.0)[term],
        "keyphraseness of first word": of_word[first],
        "keyphraseness of last word": of_word[last],
        "keyphraseness of words": (mean / vocabulary.length)[term],
        "least keyphraseness of words": least[term],
        "background frequency": background.frequency(seen)[term],
        "background frequency of first word": frequency[first],
        "background frequency of last word": frequency[last],
    }


class _Groups:
    """The rows of each article, which lie together."""

    def __init__(self, file: Ints) -> None:
        self.starts = np.flatnonzero(np.r_[True, file[1:] != file[:-1]]) if len(file) else np.empty(0, np.int64)
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


def _nesting(candidates: Candidates, groups: _Groups, frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each row, over the article's candidates: the frequency of the commonest one that contains it, of the commonest
    one that it contains, and how many contain it.
    """
    containing, contained, containers = np.zeros((3, len(frequency)))
    terms = [candidates.terms[number] for number in candidates.term.tolist()]
    counts = frequency.tolist()
    for start, size in zip(groups.starts.tolist(), groups.sizes.tolist(), strict=True):
        places = {terms[row]: row for row in range(start, start + size)}
        for term, row in places.items():
            words = term.split(" ")
            for length in range(1, len(words)):
                for begin in range(len(words) - length + 1):
                    inner = places.get(" ".join(words[begin : begin + length]))
                    if inner is not None:
                        containing[inner] = max(containing[inner], counts[row])
                        contained[row] = max(contained[row], counts[inner])
                        containers[inner] += 1
    return containing, contained, containers


def _word_uses(vocabulary: _Vocabulary, words: pa.Table) -> tuple[Floats, Floats]:
    """Of each word of the vocabulary the share of its uses in running prose that are neither noun nor modifier, and the
    share that are no noun. In a bold "Connect Components" or "Combine", a tagger sees nouns.
    """
    uses = {use: Counter(counts) for use, counts in _prior_uses().items()}
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        for normal in normal_word(word):
            uses[use][normal] += count
    total = np.array([1 + sum(counts[word] for counts in uses.values()) for word in vocabulary.words], np.float64)
    other = np.array([uses["other"][word] for word in vocabulary.words], np.float64)
    modifier = np.array([uses["modifier"][word] for word in vocabulary.words], np.float64)
    return other / total, (other + modifier) / total


@cache
def _prior_uses() -> dict[str, dict[str, int]]:
    """For each use the words that have it in `WORD_USES`, and how often."""
    lines = [line.split("\t") for line in WORD_USES.read_text("utf-8").splitlines()]
    return {use: {line[0]: int(line[place]) for line in lines} for place, use in enumerate(USES, start=1)}
