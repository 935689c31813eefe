"""Choice of the sentences that an explanation quotes as proof, and access to the data from which they are chosen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from kg.base.iris import page_address
from kg.base.model import PartName, RelationKind
from kg.graph.index import GraphIndex
from kg.graph.passages import Occurrence, best_first, best_occurrence, excerpt, sentence_faults
from kg.graph.rows import MentionRow, RelationRow
from kg.query.explain.values import Quote

Sentence = tuple[str, int, int]
"""A sentence of an article, as three values.

The first value is the name of the part of the article (question, answer or body). The other two are the start and the
end of the sentence in the text of this part, in code points.
"""

_SHOWN: Final = 360
"""Approximate maximum length of a quote in an explanation, in code points. A longer sentence is cut."""


class QuoteSource:
    """Access to the sentences, mentions and relations of one build, from which an explanation is made.

    It remembers which sentences it has returned as quotes, and prefers sentences that it has not returned yet. Rows
    that were read from the tables are cached.
    """

    def __init__(self, index: GraphIndex, site: str | None) -> None:
        self.index = index
        self.site = site
        self._texts: dict[str, dict[str, str]] = {}
        self._mentions: dict[str, dict[str, MentionRow]] = {}
        self._occurrences: dict[str, dict[str, Sequence[Occurrence]]] = {}
        self._articles: dict[str, list[MentionRow]] = {}
        self._quoted: set[tuple[str, str, int]] = set()

    def mentions(self, url: str) -> dict[str, MentionRow]:
        """Return the mentions of concepts in an article, the most salient first; the keys are the concepts' slugs."""
        if url not in self._mentions:
            self._mentions[url] = {row.concept: row for row in self.index.mentions_of(url)}
        return self._mentions[url]

    def articles_of(self, slug: str, said: bool = False) -> dict[str, float]:
        """Return the salience of a concept in each article that has it; the keys are the urls of the articles.

        If `said` is true, articles that have the concept only as a keyword, and not in their text, are left out.
        """
        if slug not in self._articles:
            self._articles[slug] = self.index.articles_of(slug)
        return {row.article: row.salience for row in self._articles[slug] if row.frequency > 0 or not said}

    def specificity(self, slug: str) -> float:
        """Return the specificity of a concept: 0 if all articles have the concept, 1 if only one has it.

        It is the inverse document frequency (IDF) of the concept, divided by the largest possible IDF.
        """
        most = math.log(max(2, len(self.index.titles)))
        return 1 - math.log(max(1, self.index.article_counts[slug])) / most

    @cached_property
    def relations(self) -> dict[str, list[RelationRow]]:
        """The relations of all concepts. Each relation is listed under the slugs of both its concepts."""
        return self.index.relations_by_concept()

    def broader(self, slug: str) -> Iterator[RelationRow]:
        """Yield the relation of a concept to each of its broader concepts."""
        for row in self.relations.get(slug, ()):
            if row.kind == RelationKind.BROADER and row.source == slug:
                yield row

    def relation(self, one: str, other: str) -> RelationRow | None:
        """Return the relation between two concepts, or None if there is none. There is never more than one."""
        return next((row for row in self.relations.get(one, ()) if other in (row.source, row.target)), None)

    def quote(self, url: str, slug: str) -> tuple[Quote, ...]:
        """Return a quote of the sentence that best proves that the article `url` has the concept `slug`.

        If this sentence was quoted before, a sentence of the same kind that was not quoted yet is preferred; for the
        kinds, see `kg.graph.passages.sentence_faults`. The tuple has one quote, or none if no sentence contains the
        concept.
        """
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
        """Return quotes of at most `most` sentences that prove that an article has a concept, the best first."""
        found = self._places(url)[slug]
        return tuple(self._quote(url, _sentence(place), found) for place in best_first(self._text(url), found)[:most])

    def quote_of_both(self, url: str, one: str, other: str) -> tuple[Quote, ...]:
        """Return a quote of the best sentence of an article that contains two concepts.

        The tuple has one quote, or none if no sentence contains both concepts.
        """
        mine, others = (self._places(url)[slug] for slug in (one, other))
        both = _both(mine, others)
        best = best_occurrence(self._text(url), both)
        return () if best is None else (self._quote(url, _sentence(best), [*mine, *others]),)

    def says_both(self, url: str, one: str, other: str) -> bool:
        """Return whether any sentence of an article contains both of two concepts."""
        mine, others = (self._places(url)[slug] for slug in (one, other))
        return bool(_both(mine, others))

    def sentence(self, row: RelationRow) -> tuple[Quote, ...]:
        """Return a quote of the sentence that states a relation, such as "Kafka is a message broker."

        The tuple has one quote, or none if the relation was not found in a sentence.
        """
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
        """Return the occurrences of each concept in an article; the keys are the slugs of the concepts."""
        if url not in self._occurrences:
            self._occurrences[url] = self.index.occurrences(url)
        return self._occurrences[url]

    def _quote(self, url: str, sentence: Sentence, places: Iterable[Occurrence]) -> Quote:
        part, start, end = sentence
        self._quoted.add((url, part, start))
        marks = [(place["start"], place["end"]) for place in places if place["part"] == part]
        pieces = excerpt(self._text(url)[part], start, end, marks, _SHOWN)
        address = None if self.site is None else page_address(self.site, url)
        return Quote(url, self.index.titles[url], address, part, start, end, pieces)


def _sentence(place: Occurrence) -> Sentence:
    return place["part"], place["sentence_start"], place["sentence_end"]


def _both(mine: Sequence[Occurrence], others: Sequence[Occurrence]) -> list[Occurrence]:
    """Return those occurrences in `mine` whose sentence also contains an occurrence in `others`.

    `mine` are the occurrences of one concept, and `others` are those of another concept, in the same article. The two
    occurrences in the sentence must not overlap. Sentences of the question are excluded, since a question, like a
    title, does not prove a connection of two concepts.
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
    """Return the labels as an enumeration, with each label in quotation marks: '"a", "b" and "c"'."""
    quoted = [f'"{label}"' for label in labels]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def sentence(said: Sequence[str]) -> str:
    """Return one sentence, in which the clauses in `said` are joined by ", and "."""
    text = ", and ".join(said)
    return f"{text[0].upper()}{text[1:]}."
