"""The concept index: the names, articles and mentions of the selected concepts, in arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.text.normal_form import normal_form, normal_word
from kg.base.arrays import Bools, Ints


class ConceptIndex:
    """The selected concepts and their mentions, in parallel arrays. The number of a concept is its row in the table.

    A mention is a pair of an article and a concept that the article has. `concept`, `article` and `rank` have one entry
    for each mention: the number of the concept, the number of the article, and the rank of the concept in the article.
    `articles` and `about` have one entry for each concept: the number of articles that have the concept, and the number
    of articles that are about it. Mentions in the articles `without` are left out everywhere.

    Args:
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
        mentions: the table `kg.base.tables.MENTIONS`.
        without: URLs of articles that are not counted, such as those that repeat another article.
    """

    def __init__(self, concepts: pa.Table, mentions: pa.Table, without: Collection[str] = ()) -> None:
        self.slugs: list[str] = concepts["slug"].to_pylist()
        self.terms: list[str] = concepts["normal_form"].to_pylist()
        self._labels: list[str] = concepts["pref_label"].to_pylist()
        others = zip(concepts["alt_labels"].to_pylist(), concepts["hidden_labels"].to_pylist(), strict=True)
        self._others: list[list[str]] = [[*alternative, *hidden] for alternative, hidden in others]
        counted = pc.invert(pc.is_in(mentions["article"], pa.array(sorted(without), pa.string())))
        self._occurrences = mentions["occurrences"]
        self._counted: Bools = counted.to_numpy()
        mentions = mentions.select(["article", "concept", "rank", "about"]).filter(counted)
        slugs = pa.array(self.slugs, pa.string())
        self.concept: Ints = pc.index_in(mentions["concept"], value_set=slugs).to_numpy().astype(np.int64)
        urls = mentions["article"].unique()
        self.article: Ints = pc.index_in(mentions["article"], value_set=urls).to_numpy().astype(np.int64)
        self.rank: Ints = mentions["rank"].to_numpy().astype(np.int64)
        self.articles: Ints = np.bincount(self.concept, minlength=len(self))
        self._is_about: Bools = mentions["about"].to_numpy()
        self.about: Ints = np.bincount(self.concept[self._is_about], minlength=len(self))
        self.article_count = len(urls)
        self._urls: dict[str, int] = {url: number for number, url in enumerate(urls.to_pylist())}

    def __len__(self) -> int:
        return len(self.slugs)

    @cached_property
    def alone(self) -> Ints:
        """For each concept, the number of articles in which it occurs at least once outside all longer concepts."""
        return np.bincount(self.concept[self.stands_alone], minlength=len(self))

    def is_about(self, number: int, url: str) -> bool:
        """Whether the article with the given URL is about the concept with the given number."""
        article = self._urls.get(url)
        return article is not None and number * self.article_count + article in self._about

    @cached_property
    def _about(self) -> frozenset[int]:
        keys = self.concept * self.article_count + self.article
        return frozenset(keys[self._is_about].tolist())

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Key: a name of a concept. Value: the number of the concept.

        The names of a concept are its normal form (column `normal_form`) and the normal forms of its labels. A name
        that several concepts share is left out, unless it is the normal form of one of these concepts.
        """
        numbers = {term: number for number, term in enumerate(self.terms)}
        others: dict[str, set[int]] = defaultdict(set)
        for number, labels in enumerate(self._others):
            for label in (self._labels[number], *labels):
                others[normal_form(label)].add(number)
        for name, found in others.items():
            if len(found) == 1:
                numbers.setdefault(name, *found)
        return numbers

    def words(self, number: int) -> list[list[str]]:
        """Return the words in the normal form of the concept with the given number, in groups.

        A group is one word, or several words that are joined by hyphens in a label of the concept: the label
        "open-source software" has two groups.
        """
        term = self.terms[number]
        for label in (self._labels[number], *self._others[number]):
            groups = [list(normal_word(word)) for word in label.split()]
            if [word for group in groups for word in group] == term.split(" "):
                return [group for group in groups if group]
        return [[word] for word in term.split(" ")]

    def label(self, number: int) -> str:
        """Return the preferred label of the concept with the given number."""
        return self._labels[number]

    def shared(self, one: Sequence[int] | Ints, other: Sequence[int] | Ints, *, alone: bool = False) -> Ints:
        """Count, for each pair of concepts, the articles that have both concepts.

        Args:
            one: the number of the first concept of each pair.
            other: the number of the second concept of each pair.
            alone: whether to count only articles in which the second concept occurs outside all longer concepts.
        """
        one, other = np.asarray(one, np.int64), np.asarray(other, np.int64)
        order = np.argsort(self.concept, kind="stable")
        first = np.searchsorted(self.concept[order], np.arange(len(self) + 1))
        lengths = first[one + 1] - first[one]
        pair = np.repeat(np.arange(len(one)), lengths)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        articles = self.article[order][np.repeat(first[one], lengths) + within]
        keys = self.concept * self.article_count + self.article
        known = np.sort(keys[self.stands_alone] if alone else keys)
        hit = np.isin(other[pair] * self.article_count + articles, known)
        counts: Ints = np.bincount(pair, weights=hit, minlength=len(one)).astype(np.int64)
        return counts

    @cached_property
    def stands_alone(self) -> Bools:
        """For each mention (a pair of article and concept), whether the concept occurs outside all longer concepts.

        One such occurrence in the article is enough. Articles that are not counted are left out.
        """
        places = self._occurrences.combine_chunks()
        lengths = pc.list_value_length(places).to_numpy().astype(np.int64)
        counted, lengths = np.repeat(self._counted, lengths), lengths[self._counted]
        flat = places.flatten()
        part, start, end = (
            values.to_numpy().astype(np.int64)[counted]
            for values in (flat.field("part").dictionary_encode().indices, flat.field("start"), flat.field("end"))
        )
        mention = np.repeat(np.arange(len(lengths)), lengths)
        text = self.article[mention] * (part.max(initial=0) + 1) + part
        order = np.lexsort((-end, start, text))
        span = end.max(initial=0) + 1
        reach = np.maximum.accumulate(text[order] * span + end[order])
        inside = np.zeros(len(order), np.bool_)
        inside[1:] = reach[:-1] >= text[order][1:] * span + end[order][1:]
        free: Bools = np.bincount(mention[order], weights=~inside, minlength=len(lengths)) > 0
        return free
