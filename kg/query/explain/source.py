"""What an explanation reads of the tables: only the rows that it needs, and only of them the texts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import Minter, page_address
from kg.base.model import LinkStatus, PartName, RelationKind
from kg.base.tables import Tables
from kg.graph.passages import Occurrence, best_first, best_occurrence, excerpt, sentence_faults
from kg.query.explain.values import Quote

Row = dict[str, Any]
Sentence = tuple[str, int, int]
"""The part that it stands in, and its code points."""

_SHOWN: Final = 360
"""Code points of a sentence that stands on its own, without a graph around it."""


class Source:
    """A build's tables, asked for single articles and concepts."""

    def __init__(self, tables: Tables, minter: Minter, site: str | None) -> None:
        self._tables = tables
        self._minter = minter
        self._site = site
        self._texts: dict[str, dict[str, str]] = {}
        self._mentions: dict[str, dict[str, Row]] = {}
        self._quoted: set[tuple[str, str, int]] = set()

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of articles by url."""
        return _pairs(self._tables.articles, "url", "title")

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of concepts by slug."""
        return _pairs(self._tables.concepts, "slug", "pref_label")

    @cached_property
    def article_counts(self) -> dict[str, int]:
        """How many articles have a concept, by slug."""
        return _pairs(self._tables.concepts, "slug", "article_count")

    def subject(self, url: str) -> str | None:
        """The subject of an article."""
        row = self._tables.articles.select(["url", "subject"]).filter(pc.equal(self._tables.articles["url"], url))
        subject: str | None = row["subject"][0].as_py()
        return subject

    def mentions(self, url: str) -> dict[str, Row]:
        """What an article mentions, the most salient first, by the concept's slug."""
        if url not in self._mentions:
            table = self._tables.mentions
            rows = table.filter(pc.equal(table["article"], url)).to_pylist()
            self._mentions[url] = {row["concept"]: row for row in rows}
        return self._mentions[url]

    def articles_of(self, slug: str, said: bool = False) -> dict[str, float]:
        """The salience of a concept in each of its articles, by url; where `said`, of those whose text says it."""
        table = self._tables.mentions.select(["article", "concept", "salience", "frequency"])
        here = table.filter(pc.equal(table["concept"], slug))
        return _pairs(here.filter(pc.greater(here["frequency"], 0)) if said else here, "article", "salience")

    def concepts_of(self, urls: Collection[str]) -> Iterator[tuple[str, str, float]]:
        """Article, concept and salience of all mentions in some articles."""
        table = self._tables.mentions.select(["article", "concept", "salience"])
        here = table.filter(pc.is_in(table["article"], pa.array(sorted(urls), pa.string())))
        return zip(*(here[name].to_pylist() for name in here.column_names), strict=True)

    def specificity(self, slug: str) -> float:
        """How much a concept tells of its articles, from 0, all have it, to 1, one has it: its IDF over the largest."""
        most = math.log(max(2, self._tables.articles.num_rows))
        return 1 - math.log(max(1, self.article_counts[slug])) / most

    @cached_property
    def linked(self) -> dict[str, dict[str, None]]:
        """The articles that an article links to, by url; missing ones are left out."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        table = self._tables.links
        there = table.filter(pc.not_equal(table["status"], LinkStatus.MISSING.value))
        for source, target in zip(there["source"].to_pylist(), there["target"].to_pylist(), strict=True):
            if source != target:
                found[source][target] = None
        return found

    @cached_property
    def relations(self) -> dict[str, list[Row]]:
        """The relations of a concept, by its slug, whichever end of them it is."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._tables.relations.to_pylist():
            found[row["source"]].append(row)
            found[row["target"]].append(row)
        return found

    def broader(self, slug: str) -> Iterator[Row]:
        """The relations to the broader concepts of one."""
        for row in self.relations.get(slug, ()):
            if row["kind"] == RelationKind.BROADER and row["source"] == slug:
                yield row

    def relation(self, one: str, other: str) -> Row | None:
        """The relation of two concepts; there is at most one."""
        return next((row for row in self.relations.get(one, ()) if other in (row["source"], row["target"])), None)

    def texts(self, url: str) -> dict[str, str]:
        """The texts of an article by the name of its part."""
        if url not in self._texts:
            table = self._tables.articles.select(["url", "parts"])
            (row,) = table.filter(pc.equal(table["url"], url)).to_pylist()
            self._texts[url] = {part["name"]: part["text"] for part in row["parts"]}
        return self._texts[url]

    def quote(self, url: str, slug: str) -> tuple[Quote, ...]:
        """The best sentence of an article for a concept, or the best of those not quoted yet that are of its kind."""
        texts, found = self.texts(url), self.mentions(url)[slug]["occurrences"]
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
        found = self.mentions(url)[slug]["occurrences"]
        return tuple(self._quote(url, _sentence(place), found) for place in best_first(self.texts(url), found)[:most])

    def quote_of_both(self, url: str, one: str, other: str) -> tuple[Quote, ...]:
        """The best sentence of an article that says two concepts; none if no sentence does."""
        mine, others = (self.mentions(url)[slug]["occurrences"] for slug in (one, other))
        both = _both(mine, others)
        best = best_occurrence(self.texts(url), both)
        return () if best is None else (self._quote(url, _sentence(best), [*mine, *others]),)

    def says_both(self, url: str, one: str, other: str) -> bool:
        """Whether a sentence of an article says two concepts."""
        mine, others = (self.mentions(url)[slug]["occurrences"] for slug in (one, other))
        return bool(_both(mine, others))

    def sentence(self, row: Row) -> tuple[Quote, ...]:
        """The sentence that a relation was read from, where it was."""
        if row["article"] is None:
            return ()
        mentions = self.mentions(row["article"])
        ends = [mentions[slug]["occurrences"] for slug in (row["source"], row["target"]) if slug in mentions]
        places: list[Occurrence] = [place for found in ends for place in found]
        return (self._quote(row["article"], (row["part"], row["start"], row["end"]), places),)

    def _quote(self, url: str, sentence: Sentence, places: Iterable[Occurrence]) -> Quote:
        part, start, end = sentence
        self._quoted.add((url, part, start))
        marks = [(place["start"], place["end"]) for place in places if place["part"] == part]
        pieces = excerpt(self.texts(url)[part], start, end, marks, _SHOWN)
        address = None if self._site is None else page_address(self._site, url)
        return Quote(url, self.titles[url], address, part, start, end, pieces)


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


def _pairs(table: pa.Table, key: str, value: str) -> dict[str, Any]:
    return dict(zip(table[key].to_pylist(), table[value].to_pylist(), strict=True))


def named(labels: Sequence[str]) -> str:
    """Labels in quotation marks, one after the other: '"a", "b" and "c"'."""
    quoted = [f'"{label}"' for label in labels]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def sentence(said: Sequence[str]) -> str:
    """Clauses as one sentence."""
    text = ", and ".join(said)
    return f"{text[0].upper()}{text[1:]}."
