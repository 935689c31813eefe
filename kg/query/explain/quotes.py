"""The sentences that an explanation quotes, and what it compares to choose them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from kg.base.iris import page_address
from kg.base.model import PartName, RelationKind
from kg.graph.index import GraphIndex, MentionRow, RelationRow
from kg.graph.passages import Occurrence, best_first, best_occurrence, excerpt, sentence_faults
from kg.query.explain.values import Quote

Sentence = tuple[str, int, int]
"""The part that it stands in, and its code points."""

_SHOWN: Final = 360
"""Code points of a sentence that stands on its own, without a graph around it."""


class QuoteSource:
    """A build to quote from: it prefers sentences that it has not quoted yet, and keeps what it has read."""

    def __init__(self, index: GraphIndex, site: str | None) -> None:
        self.index = index
        self._site = site
        self._texts: dict[str, dict[str, str]] = {}
        self._mentions: dict[str, dict[str, MentionRow]] = {}
        self._occurrences: dict[str, dict[str, Sequence[Occurrence]]] = {}
        self._articles: dict[str, list[MentionRow]] = {}
        self._quoted: set[tuple[str, str, int]] = set()

    def mentions(self, url: str) -> dict[str, MentionRow]:
        """The mentions of an article, the most salient first, by the concept's slug."""
        if url not in self._mentions:
            self._mentions[url] = {row.concept: row for row in self.index.mentions_of(url)}
        return self._mentions[url]

    def articles_of(self, slug: str, said: bool = False) -> dict[str, float]:
        """The salience of a concept in each of its articles, by url; where `said`, of those whose text says it."""
        if slug not in self._articles:
            self._articles[slug] = self.index.articles_of(slug)
        return {row.article: row.salience for row in self._articles[slug] if row.frequency > 0 or not said}

    def specificity(self, slug: str) -> float:
        """How much a concept tells of its articles, from 0, all have it, to 1, one has it: its IDF over the largest."""
        most = math.log(max(2, len(self.index.titles)))
        return 1 - math.log(max(1, self.index.article_counts[slug])) / most

    @cached_property
    def relations(self) -> dict[str, list[RelationRow]]:
        """The relations of all concepts, by slug, whichever end of them it is."""
        return self.index.relations_by_concept()

    def broader(self, slug: str) -> Iterator[RelationRow]:
        """The relations to the broader concepts of one."""
        for row in self.relations.get(slug, ()):
            if row.kind == RelationKind.BROADER and row.source == slug:
                yield row

    def relation(self, one: str, other: str) -> RelationRow | None:
        """The relation of two concepts; there is at most one."""
        return next((row for row in self.relations.get(one, ()) if other in (row.source, row.target)), None)

    def quote(self, url: str, slug: str) -> tuple[Quote, ...]:
        """The best sentence of an article for a concept, or the best of those not quoted yet that are of its kind."""
        texts, found = self._text(url), self._places(url)[slug]
        best = best_occurrence(texts, found)
        if best is None:
            return ()
        kind, _ = sentence_faults(texts[best["part"]], best)
        for other in best_first(texts, found):
            fresh = (url, other["part"], other["sentence_start"]) not in self._quoted
            if fresh and sentence_faults(texts[other["part"]], other)[0] == kind:
                best = other
                break
        return (self._quote(url, _sentence(best), found),)

    def quotes(self, url: str, slug: str, most: int) -> tuple[Quote, ...]:
        """The best sentences of an article for a concept."""
        found = self._places(url)[slug]
        return tuple(self._quote(url, _sentence(place), found) for place in best_first(self._text(url), found)[:most])

    def quote_of_both(self, url: str, one: str, other: str) -> tuple[Quote, ...]:
        """The best sentence of an article that says two concepts; none if no sentence does."""
        mine, others = (self._places(url)[slug] for slug in (one, other))
        both = _both(mine, others)
        best = best_occurrence(self._text(url), both)
        return () if best is None else (self._quote(url, _sentence(best), [*mine, *others]),)

    def says_both(self, url: str, one: str, other: str) -> bool:
        """Whether a sentence of an article says two concepts."""
        mine, others = (self._places(url)[slug] for slug in (one, other))
        return bool(_both(mine, others))

    def sentence(self, row: RelationRow) -> tuple[Quote, ...]:
        """The sentence that a relation was read from, where it was."""
        if row.article is None or row.part is None or row.start is None or row.end is None:
            return ()
        found = self._places(row.article)
        places = [place for slug in (row.source, row.target) for place in found.get(slug, ())]
        return (self._quote(row.article, (row.part, row.start, row.end), places),)

    def _text(self, url: str) -> dict[str, str]:
        if url not in self._texts:
            self._texts[url] = self.index.text(url)
        return self._texts[url]

    def _places(self, url: str) -> dict[str, Sequence[Occurrence]]:
        """The occurrences of each concept in an article."""
        if url not in self._occurrences:
            self._occurrences[url] = self.index.occurrences(url)
        return self._occurrences[url]

    def _quote(self, url: str, sentence: Sentence, places: Iterable[Occurrence]) -> Quote:
        part, start, end = sentence
        self._quoted.add((url, part, start))
        marks = [(place["start"], place["end"]) for place in places if place["part"] == part]
        pieces = excerpt(self._text(url)[part], start, end, marks, _SHOWN)
        address = None if self._site is None else page_address(self._site, url)
        return Quote(url, self.index.titles[url], address, part, start, end, pieces)


def _sentence(place: Occurrence) -> Sentence:
    return place["part"], place["sentence_start"], place["sentence_end"]


def _both(mine: Sequence[Occurrence], others: Sequence[Occurrence]) -> list[Occurrence]:
    """The occurrences of one concept in whose sentence another one stands too, and not in the same words.

    A question says no more of two concepts than a title does, so it is no such sentence.
    """
    ends: dict[Sentence, tuple[int, int]] = {}
    for place in others:
        end, start = ends.get(_sentence(place), (place["end"], place["start"]))
        ends[_sentence(place)] = min(end, place["end"]), max(start, place["start"])
    found = []
    for place in mine:
        if place["part"] != PartName.QUESTION and _sentence(place) in ends:
            end, start = ends[_sentence(place)]
            if end <= place["start"] or place["end"] <= start:
                found.append(place)
    return found


def named(labels: Sequence[str]) -> str:
    """Labels in quotation marks, one after the other: '"a", "b" and "c"'."""
    quoted = [f'"{label}"' for label in labels]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def sentence(said: Sequence[str]) -> str:
    """Clauses as one sentence."""
    text = ", and ".join(said)
    return f"{text[0].upper()}{text[1:]}."
