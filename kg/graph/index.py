"""Look-ups in the tables of a build, for all code that shows or explains a build.

`GraphIndex` finds articles, concepts, subjects and communities by their names. It also finds the mentions and links of
articles, and the mentions and relations of concepts. It is made from tables in memory, or opened on a folder of Parquet
files. A look-up in files reads only the columns that it needs; it reads texts and occurrences only for the rows that it
returns.

Methods whose names end in `_by_article`, `_by_concept`, `_by_source` or `_by_target` look up many keys in one pass, so
that a page of 300 nodes needs one call instead of 300.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from kg.base.arrays import Floats
from kg.base.errors import UsageError, check_text
from kg.base.iris import Minter, url_path
from kg.base.model import LinkStatus, RelationKind
from kg.base.plural import counted
from kg.base.tables import Tables
from kg.graph.best_paths import Edges, PathNetwork, link_edges, mention_edges, relation_edges
from kg.graph.columns import Columns, Numbers, References, columns_in, columns_of
from kg.graph.names import Lookup, Names
from kg.graph.network import specificity
from kg.graph.passages import SHOWN, Occurrence, best_occurrence, excerpt
from kg.graph.rows import (
    ArticleRow,
    CommunityRow,
    ConceptRow,
    EvidenceSentence,
    Focus,
    FocusKind,
    LinkRow,
    MentionRow,
    Neighbour,
    NeighbourKind,
    RelationRow,
    SimilarRow,
    SubjectRow,
)
from kg.graph.spelling import similar_names

_SHOWN: Final = 80
_COMPLETIONS: Final = 10
_AMBIGUOUS: Final = 6
"""Maximum number of things that are listed in the message about an ambiguous name."""


Row = TypeVar("Row", ArticleRow, ConceptRow, MentionRow, LinkRow, RelationRow, CommunityRow, SimilarRow)
_WITHOUT_OCCURRENCES: Final = MentionRow._fields[:-1]


class GraphIndex:
    """Look-ups in the tables of one build.

    Methods that return one thing by its key, such as `article(url)` and `concept(slug)`, raise a KeyError if no such
    thing has this key. For text that a user has typed, use `resolve`.
    """

    def __init__(self, tables: Tables | Mapping[str, Columns], minter: Minter) -> None:
        self._columns = columns_of(tables) if isinstance(tables, Tables) else tables
        self._values: dict[tuple[str, str], list[Any]] = {}
        self._references: dict[tuple[str, str], References] = {}
        self._names: dict[FocusKind, Names] = {}
        self._members_of: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.minter = minter

    @classmethod
    def open(cls, folder: Path, minter: Minter) -> GraphIndex:
        """Open the tables in `folder`.

        Raises:
            DataError: if a table is missing or was not written by kg.
        """
        return cls(columns_in(folder), minter)

    # Names

    def resolve(self, text: str, kinds: Collection[FocusKind] = tuple(FocusKind)) -> Focus:
        """Return the article, concept, subject or community that best matches `text`, ignoring upper and lower case.

        Args:
            text: an IRI, a url, a slug, or a preferred, alternative or hidden label.
            kinds: the kinds of things to search.

        Raises:
            UsageError: if nothing has this name (the message suggests similar names), if only a thing of another kind
                has it, or if several things match it equally well, see `find`.
        """
        if found := self.find(text, kinds):
            return found
        close = [f'"{_shortened(name)}"' for name in self.similar_labels(text, kinds)]
        meant = f"; did you mean {' or '.join(close)}?" if close else ""
        if others := self.matches(text):
            kind, wanted = (_with_article(kind) for kind in (others[0].kind, " or ".join(sorted(kinds))))
            raise UsageError(f'"{_shortened(text)}" is {kind}, not {wanted}{meant}')
        raise UsageError(f'nothing in the graph is called "{_shortened(text)}"{meant}')

    def find(self, text: str, kinds: Collection[FocusKind] = tuple(FocusKind)) -> Focus | None:
        """Return the article, concept, subject or community that best matches `text`, or None if there is none.

        `text` and `kinds` are the same as for `resolve`. If several things match equally well by the first three
        criteria of `matches`, the one whose slug or url is exactly `text` is returned.

        Raises:
            UsageError: if several things match equally well, such as two articles with the same title; the message
                has their slugs or urls.
        """
        check_text("a name", text)
        ranked = self._ranked(text, kinds)
        best = list(dict.fromkeys(focus for rank, focus in ranked if rank == ranked[0][0]))
        named = [focus for focus in best if focus.key == text.strip()]
        if len(best) > 1 and not named:
            raise UsageError(self._ambiguous(text, best))
        return next(iter(named or best), None)

    def resolve_article(self, text: str) -> Focus:
        """Return the article whose url, title or IRI is `text`; a url may lack the slash at its beginning.

        Raises:
            UsageError: as `resolve`.
        """
        found = self.by_iri(text) or self.by_iri(self.minter.article(text))
        if found is not None and found.kind is FocusKind.ARTICLE:
            return found
        return self.resolve(text, {FocusKind.ARTICLE})

    def _ambiguous(self, text: str, found: Sequence[Focus]) -> str:
        kind = found[0].kind
        key, name = ("url", "title") if kind is FocusKind.ARTICLE else ("slug", "name")
        shown = [focus.key if kind is FocusKind.ARTICLE else self._with_count(focus) for focus in found[:_AMBIGUOUS]]
        more = f" and {len(found) - len(shown):,} more" if len(found) > len(shown) else ""
        plural = "communities" if kind is FocusKind.COMMUNITY else f"{kind}s"
        named = f'"{_shortened(text)}" is the {name} of {len(found):,} {plural}'
        return f"{named}: {', '.join(shown)}{more}; give the {key} of one"

    def _with_count(self, focus: Focus) -> str:
        names = self._names_of(focus.kind)
        count = names.counts[names.keys.index(focus.key)]
        return f'{focus.key} ("{_shortened(focus.label)}", {counted(count, "article")})'

    def matches(self, text: str, kinds: Collection[FocusKind] = tuple(FocusKind)) -> list[Focus]:
        """Return all articles, concepts, subjects and communities that match `text`, the best match first.

        `text` and `kinds` are the same as for `resolve`. The list may contain an article, for example, more than once.

        Matches by label come before matches by url, slug or IRI. Matches are sorted by these criteria, the most
        important first:

        1. preferred labels before alternative and hidden ones
        2. labels written exactly like `text` before labels with another case
        3. by kind: concepts, subjects, communities, articles
        4. by number of articles, most first
        """
        return [focus for _, focus in self._ranked(text, kinds)]

    def _ranked(self, text: str, kinds: Collection[FocusKind]) -> list[tuple[tuple[bool, bool, int], Focus]]:
        """Return the results of `matches`, each with its values for the first three criteria."""
        written, wanted = text.strip(), text.casefold().strip()
        found: list[tuple[tuple[bool, bool, int], int, str, Focus]] = []
        for order, kind in enumerate(FocusKind):
            if kind in kinds:
                names = self._names_of(kind)
                for number, label, is_preferred in names.labelled(wanted):
                    focus = self._focus(kind, number)
                    rank = (not is_preferred, label != written, order)
                    found.append((rank, -names.counts[number], focus.iri, focus))
                for number in sorted({*names.keyed(wanted), *self._of_iri(kind, wanted)}):
                    focus = self._focus(kind, number)
                    found.append(((True, True, len(FocusKind) + order), -names.counts[number], focus.iri, focus))
        return [(rank, focus) for rank, *_, focus in sorted(found, key=lambda entry: entry[:-1])]

    def by_iri(self, iri: str) -> Focus | None:
        """Return the article, concept, subject or community with exactly this IRI, or None.

        Raises:
            UsageError: if `iri` is not a text.
        """
        check_text("a name", iri)
        for kind in FocusKind:
            found = [self._focus(kind, number) for number in self._of_iri(kind, iri.casefold())]
            if exact := [focus for focus in found if focus.iri == iri]:
                return exact[-1]
        return None

    def by_prefix(
        self, text: str, kinds: Collection[FocusKind] = tuple(FocusKind), limit: int = _COMPLETIONS
    ) -> list[Focus]:
        """Return at most `limit` articles, concepts, subjects or communities with a label that begins with `text`.

        Upper and lower case are ignored, and only things of the given `kinds` are searched.

        Results are sorted by these criteria, the most important first: matches of a preferred label before matches of
        an alternative one; the number of articles, most first; the preferred label.
        """
        wanted = text.casefold().lstrip()
        best: dict[tuple[int, int], tuple[bool, int, str]] = {}
        for order, kind in enumerate(FocusKind):
            if kind in kinds:
                names = self._names_of(kind)
                for number, is_preferred in names.starting(wanted):
                    rank = (not is_preferred, -names.counts[number], names.labels[number].casefold())
                    best[order, number] = min(rank, best.get((order, number), rank))
        ordered = sorted(best, key=lambda entry: (*best[entry], entry))[:limit]
        return [self._focus(tuple(FocusKind)[order], number) for order, number in ordered]

    def focus(self, kind: FocusKind, key: str) -> Focus:
        """Return the article, concept, subject or community (as `kind` tells) that has the key `key`.

        The key is the url of an article, the slug of a concept or community, or the label of a subject.
        """
        match kind:
            case FocusKind.CONCEPT:
                label = self.labels[key]
            case FocusKind.SUBJECT:
                label = self.subject(key).label
            case FocusKind.COMMUNITY:
                label = self.community_labels[key]
            case FocusKind.ARTICLE:
                label = self.titles[key]
        return Focus(kind, key, label, self._iri(kind, key))

    def similar_labels(self, text: str, kinds: Collection[FocusKind] = tuple(FocusKind)) -> list[str]:
        """Return a few labels of things of these kinds that are similar to `text`, the most similar first."""
        return similar_names(text, self.all_labels(kinds))

    def labels_of(self, slug: str) -> list[str]:
        """Return the preferred, alternative and hidden labels of a concept, the preferred one first."""
        return self._names_of(FocusKind.CONCEPT).labels_of(self._concept_numbers[slug])

    def all_labels(self, kinds: Collection[FocusKind]) -> set[str]:
        """Return the preferred, alternative and hidden labels of all things of these kinds."""
        return {label for kind in kinds for label in self._names_of(kind).all_labels()}

    def _names_of(self, kind: FocusKind) -> Names:
        if kind not in self._names:
            match kind:
                case FocusKind.CONCEPT:
                    columns = ("slug", "pref_label", "article_count", "alt_labels", "hidden_labels")
                    names = Names(*(self._all("concepts", name) for name in columns))
                case FocusKind.SUBJECT:
                    labels = [*self.subjects]
                    names = Names(labels, labels, [self.subjects[label] for label in labels])
                case FocusKind.COMMUNITY:
                    names = Names(*(self._all("communities", name) for name in ("slug", "label", "article_count")))
                case FocusKind.ARTICLE:
                    urls = self._all("articles", "url")
                    names = Names(urls, self._all("articles", "title"), [1] * len(urls))
            self._names[kind] = names
        return self._names[kind]

    def _of_iri(self, kind: FocusKind, wanted: str) -> list[int]:
        """Return the row numbers of things of the kind `kind` whose IRI is `wanted`, ignoring case.

        `wanted` is case-folded, and may lack the base IRI at its start.
        """
        if "/" not in wanted and "%" not in wanted:  # not an IRI, so do not make all IRIs, which is slow
            return []
        paths = dict.fromkeys((wanted, wanted.removeprefix(self.minter.base.casefold())))
        return sorted({number for path in paths for number in self._paths(kind).get(path)})

    def _paths(self, kind: FocusKind) -> Lookup:
        names = self._names_of(kind)
        if names.paths is None:
            start = len(self.minter.base)
            mint = url_path if kind is FocusKind.ARTICLE else lambda key: self._iri(kind, key)[start:]
            names.paths = Lookup(map(mint, names.keys))
        return names.paths

    def _iri(self, kind: FocusKind, key: str) -> str:
        match kind:
            case FocusKind.CONCEPT:
                return self.minter.concept(key)
            case FocusKind.SUBJECT:
                return self.minter.subject(key)
            case FocusKind.COMMUNITY:
                return self.minter.community(key)
            case FocusKind.ARTICLE:
                return self.minter.article(key)

    def _focus(self, kind: FocusKind, number: int) -> Focus:
        names = self._names_of(kind)
        key = names.keys[number]
        return Focus(kind, key, names.labels[number], self._iri(kind, key))

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of all articles; the keys are their urls."""
        return dict(zip(self._all("articles", "url"), self._all("articles", "title"), strict=True))

    def distinct_label(self, focus: Focus) -> str:
        """Return the label of `focus`; for an article whose title another article has too, with the url after it."""
        is_shared = focus.kind is FocusKind.ARTICLE and self._title_counts[focus.label] > 1
        return f"{focus.label} ({focus.key})" if is_shared else focus.label

    @cached_property
    def _title_counts(self) -> Counter[str]:
        return Counter(self.titles.values())

    @cached_property
    def labels(self) -> dict[str, str]:
        """The preferred labels of all concepts; the keys are their slugs."""
        return dict(zip(self._all("concepts", "slug"), self._all("concepts", "pref_label"), strict=True))

    @cached_property
    def article_counts(self) -> dict[str, int]:
        """The number of articles of each concept; the keys are the slugs of the concepts."""
        return dict(zip(self._all("concepts", "slug"), self._all("concepts", "article_count"), strict=True))

    @cached_property
    def community_labels(self) -> dict[str, str]:
        """The labels of all communities; the keys are their slugs."""
        return dict(zip(self._all("communities", "slug"), self._all("communities", "label"), strict=True))

    @cached_property
    def subjects(self) -> dict[str, int]:
        """The number of articles of each subject; the keys are the labels of the subjects, sorted."""
        subjects = self._all("articles", "subject")
        return dict(sorted(Counter(label for label in subjects if label is not None).items()))

    @cached_property
    def missing_titles(self) -> dict[str, str | None]:
        """The titles of missing articles, taken from the links to them; the keys are the urls of these articles."""
        rows = self._links("target", "target_title", "status")
        return {url: title for url, title, status in rows if status == LinkStatus.MISSING}

    # Articles, concepts, subjects, communities

    def article(self, url: str) -> ArticleRow:
        """Return the article with this url."""
        return self.articles([url])[url]

    def articles(self, urls: Iterable[str]) -> dict[str, ArticleRow]:
        """Return the articles with these urls; the keys are the urls, in the order of the table.

        Urls without an article are ignored.
        """
        rows = _sorted_numbers(self._article_numbers, urls)
        return {row.url: row for row in self._rows("articles", ArticleRow, rows)}

    def concept(self, slug: str) -> ConceptRow:
        """Return the concept with this slug."""
        return self.concepts([slug])[slug]

    def concepts(self, slugs: Iterable[str]) -> dict[str, ConceptRow]:
        """Return the concepts with these slugs; the keys are the slugs, in the order of the table.

        Slugs without a concept are ignored.
        """
        rows = _sorted_numbers(self._concept_numbers, slugs)
        return {row.slug: row for row in self._rows("concepts", ConceptRow, rows)}

    def subject(self, label: str) -> SubjectRow:
        """Return the subject with this label."""
        return SubjectRow(label, self.subjects[label])

    def community(self, slug: str) -> CommunityRow:
        """Return the community with this slug."""
        return self.communities[slug]

    @cached_property
    def communities(self) -> dict[str, CommunityRow]:
        """All communities; the keys are their slugs."""
        rows = np.arange(len(self._columns["communities"]))
        return {row.slug: row for row in self._rows("communities", CommunityRow, rows)}

    def articles_of_subject(self, label: str) -> list[str]:
        """Return the urls of the articles of a subject, most central first."""
        return self._most_central("articles", "url", "subject", label)

    def articles_of_community(self, slug: str) -> list[str]:
        """Return the urls of the articles of a community, most central first."""
        return self._most_central("articles", "url", "community", slug)

    def concepts_of_community(self, slug: str) -> list[str]:
        """Return the slugs of the concepts of a community, most central first."""
        return self._most_central("concepts", "slug", "community", slug)

    def _most_central(self, table: str, key: str, group: str, value: str) -> list[str]:
        if (table, group) not in self._members_of:
            columns = (self._all(table, name) for name in (group, "centrality", key))
            found: dict[str, list[tuple[float, str]]] = defaultdict(list)
            for name, central, own in zip(*columns, strict=True):
                if name is not None:
                    found[name].append((-central, own))
            self._members_of[table, group] = {name: [own for _, own in sorted(rows)] for name, rows in found.items()}
        return [*self._members_of[table, group].get(value, ())]

    # Mentions

    def mentions_of(self, url: str, occurrences: bool = False) -> list[MentionRow]:
        """Return the mentions of concepts in an article, the most salient first.

        The field `occurrences` of the rows is filled only if the argument `occurrences` is true.
        """
        return self._mentions(self._refer("mentions", "article").rows_of(url), occurrences)

    def articles_of(self, slug: str, occurrences: bool = False) -> list[MentionRow]:
        """Return the mentions of a concept in all articles, the most salient first.

        The field `occurrences` of the rows is filled only if the argument `occurrences` is true.
        """
        rows = self._mentions(self._refer("mentions", "concept").rows_of(slug), occurrences)
        return sorted(rows, key=_by_salience)

    def saliences(self, slugs: Iterable[str]) -> dict[str, float]:
        """Return the articles that mention one of these concepts, each with its highest salience for one of them.

        The keys are urls.
        """
        rows = self._refer("mentions", "concept").rows_among(slugs)
        columns = (self._columns["mentions"].values_at(name, rows) for name in ("article", "salience"))
        found: dict[str, float] = {}
        for url, salience in zip(*columns, strict=True):
            found[url] = max(salience, found.get(url, 0.0))
        return found

    def mentions_by_article(self, urls: Iterable[str], occurrences: bool = False) -> dict[str, list[MentionRow]]:
        """Return for each of these articles its mentions of concepts, as `mentions_of` returns them.

        The keys are urls. An article without mentions has no entry.
        """
        rows = self._mentions(self._refer("mentions", "article").rows_among(urls), occurrences)
        return _grouped(rows, (row.article for row in rows))

    def mentions_by_concept(self, slugs: Iterable[str], occurrences: bool = False) -> dict[str, list[MentionRow]]:
        """Return for each of these concepts its mentions in articles, as `articles_of` returns them.

        The keys are slugs. A concept without mentions has no entry.
        """
        rows = self._mentions(self._refer("mentions", "concept").rows_among(slugs), occurrences)
        rows.sort(key=_by_salience)
        return _grouped(rows, (row.concept for row in rows))

    def mentions_between(self, urls: Iterable[str], slugs: Iterable[str]) -> list[MentionRow]:
        """Return the mentions of these concepts in these articles, with occurrences, in the order of the table."""
        here = self._refer("mentions", "article").rows_among(urls)
        there = self._refer("mentions", "concept").rows_among(slugs)
        return self._mentions(np.intersect1d(here, there, assume_unique=True), True)

    def _mentions(self, numbers: Numbers, occurrences: bool) -> list[MentionRow]:
        return self._rows("mentions", MentionRow, numbers, MentionRow._fields if occurrences else _WITHOUT_OCCURRENCES)

    # Links and relations

    def links_from(self, url: str) -> list[LinkRow]:
        """Return the links from an article to other articles, in the order in which they are in the article."""
        return sorted(self._rows("links", LinkRow, self._refer("links", "source").rows_of(url)), key=_by_position)

    def links_to(self, url: str) -> list[LinkRow]:
        """Return the links to the article `url`, which may be missing, sorted by the url of the linking article."""
        return self._rows("links", LinkRow, self._refer("links", "target").rows_of(url))

    def links_by_source(self, urls: Iterable[str]) -> dict[str, list[LinkRow]]:
        """Return for each of these articles its links to other articles, as `links_from` returns them.

        The keys are urls. An article without links has no entry.
        """
        rows = self._rows("links", LinkRow, self._refer("links", "source").rows_among(urls))
        rows.sort(key=_by_position)
        return _grouped(rows, (row.source for row in rows))

    def links_by_target(self, urls: Iterable[str]) -> dict[str, list[LinkRow]]:
        """Return for each of these articles the links that lead to it, as `links_to` returns them.

        The keys are urls. An article to which no link leads has no entry.
        """
        rows = self._rows("links", LinkRow, self._refer("links", "target").rows_among(urls))
        return _grouped(rows, (row.target for row in rows))

    def similar_to(self, url: str) -> list[SimilarRow]:
        """Return the articles that are most like an article, the most similar first."""
        return self._rows("similar", SimilarRow, self._refer("similar", "source").rows_of(url))

    def similarities(self) -> list[SimilarRow]:
        """Return the similar articles of all articles, sorted by source and rank."""
        return self._rows("similar", SimilarRow, np.arange(len(self._columns["similar"])))

    @cached_property
    def linked(self) -> dict[str, dict[str, None]]:
        """For each article, the existing articles to which it links. Links of an article to itself do not count.

        The keys are the urls of the linking articles. Each value is a dictionary that is used as an ordered set; its
        keys are the urls of the linked articles.
        """
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for source, target, status in self._links("source", "target", "status"):
            if source != target and status != LinkStatus.MISSING:
                found[source][target] = None
        return found

    def _links(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield for each link a tuple of its values in the columns `names`.

        The columns are not cached, since every caller caches its result.
        """
        columns = self._columns["links"]
        return zip(*(columns.column(name).to_pylist() for name in names), strict=True)

    def relations_of(self, slug: str) -> list[RelationRow]:
        """Return the relations in which a concept is the source or the target.

        For each of them, `RelationRow.seen_from` returns the role of the other concept, for example "broader".
        """
        return self.relations_by_concept([slug]).get(slug, [])

    def relations_by_concept(self, slugs: Collection[str] | None = None) -> dict[str, list[RelationRow]]:
        """Return for each of these concepts, or for all if None, its relations as `relations_of` returns them.

        The keys are slugs. A concept without relations has no entry.
        """
        if slugs is None:
            numbers = np.arange(len(self._columns["relations"]))
        else:
            ends = [self._refer("relations", name).rows_among(slugs) for name in ("source", "target")]
            numbers = np.union1d(*ends)
        found: dict[str, list[RelationRow]] = defaultdict(list)
        wanted = None if slugs is None else set(slugs)
        for row in self._rows("relations", RelationRow, numbers):
            for end in (row.source, row.target):
                if wanted is None or end in wanted:
                    found[end].append(row)
        return dict(found)

    def neighbours(self, focus: Focus) -> list[Neighbour]:
        """Return all neighbours of `focus`, in the order of `NeighbourKind`, and within a kind by descending weight."""
        order = {kind: number for number, kind in enumerate(NeighbourKind)}
        found = [*self._neighbours(focus)]
        return sorted(found, key=lambda entry: (order[entry.kind], -(entry.weight or 0.0), entry.focus.iri))

    def _neighbours(self, focus: Focus) -> Iterator[Neighbour]:
        key = focus.key
        match focus.kind:
            case FocusKind.ARTICLE:
                yield from self._groups(self.article(key))
                for mention in self.mentions_of(key):
                    concept = self.focus(FocusKind.CONCEPT, mention.concept)
                    yield Neighbour(NeighbourKind.MENTION, concept, mention.salience)
                for link in self.links_from(key):
                    if link.status != LinkStatus.MISSING:
                        yield Neighbour(NeighbourKind.LINK, self.focus(FocusKind.ARTICLE, link.target), None)
                for link in self.links_to(key):
                    yield Neighbour(NeighbourKind.BACKLINK, self.focus(FocusKind.ARTICLE, link.source), None)
            case FocusKind.CONCEPT:
                yield from self._groups(self.concept(key))
                for mention in self.articles_of(key):
                    article = self.focus(FocusKind.ARTICLE, mention.article)
                    yield Neighbour(NeighbourKind.MENTION, article, mention.salience)
                for relation in self.relations_of(key):
                    other = self.focus(FocusKind.CONCEPT, relation.other(key))
                    yield Neighbour(NeighbourKind(relation.seen_from(key)), other, relation.npmi)
            case FocusKind.SUBJECT:
                yield from self._members(FocusKind.ARTICLE, self.articles(self.articles_of_subject(key)))
            case FocusKind.COMMUNITY:
                yield from self._members(FocusKind.ARTICLE, self.articles(self.articles_of_community(key)))
                yield from self._members(FocusKind.CONCEPT, self.concepts(self.concepts_of_community(key)))

    def _groups(self, row: ArticleRow | ConceptRow) -> Iterator[Neighbour]:
        if isinstance(row, ArticleRow) and row.subject is not None:
            yield Neighbour(NeighbourKind.SUBJECT, self.focus(FocusKind.SUBJECT, row.subject), None)
        if row.community is not None:
            yield Neighbour(NeighbourKind.COMMUNITY, self.focus(FocusKind.COMMUNITY, row.community), None)

    def _members(self, kind: FocusKind, rows: Mapping[str, ArticleRow | ConceptRow]) -> Iterator[Neighbour]:
        for key, row in rows.items():
            yield Neighbour(NeighbourKind.MEMBER, self.focus(kind, key), row.centrality)

    # Paths

    def best_paths(self, a: Focus, b: Focus, most: int) -> list[tuple[list[Focus], list[float]]]:
        """Return at most `most` paths between two different articles or concepts, the best first.

        `kg.graph.best_paths` defines the steps of a path, its weight, and which path is better.

        Returns:
            For each path a pair: the articles and concepts on the path, from `a` to `b`, and the weight of each step.
        """
        start, goal = (self._node(focus) for focus in (a, b))
        paths = self._path_network.best_paths(start, goal, lambda node: self._of_node(node).iri, most)
        return [([self._of_node(node) for node in path.nodes], [*path.weights]) for path in paths]

    @cached_property
    def _path_network(self) -> PathNetwork:
        """The network of paths, whose nodes are the rows of the articles, followed by the rows of the concepts."""
        first, size = len(self._article_numbers), len(self._article_numbers) + len(self._concept_numbers)
        count = np.array(self._all("concepts", "article_count"), np.int64)
        specific = specificity(np.maximum(count, 1), max(first, 1))
        source, target = (self._refer("links", name).numbered(self._article_numbers) for name in ("source", "target"))
        there = target >= 0  # the others are missing articles
        concept = self._refer("mentions", "concept").numbered(self._concept_numbers)
        one, other = (self._refer("relations", name).numbered(self._concept_numbers) for name in ("source", "target"))
        is_broader = np.array([kind == RelationKind.BROADER for kind in self._all("relations", "kind")], np.bool_)
        edges = Edges.joined(
            [
                link_edges(source[there], target[there]),
                mention_edges(
                    self._refer("mentions", "article").numbered(self._article_numbers),
                    concept + first,
                    self._floats("mentions", "salience"),
                    specific[concept],
                ),
                relation_edges(
                    one + first, other + first, self._floats("relations", "npmi"), is_broader, specific[other]
                ),
            ]
        )
        return PathNetwork(size, edges)

    def _node(self, focus: Focus) -> int:
        if focus.kind is FocusKind.ARTICLE:
            return self._article_numbers[focus.key]
        return len(self._article_numbers) + self._concept_numbers[focus.key]

    def _of_node(self, node: int) -> Focus:
        first = len(self._article_numbers)
        return self._focus(*((FocusKind.ARTICLE, node) if node < first else (FocusKind.CONCEPT, node - first)))

    # Texts and evidence

    def text(self, url: str) -> dict[str, str]:
        """Return the text of each part of an article; the keys are the names of the parts."""
        return self.texts([url])[url]

    def texts(self, urls: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return for each of these articles the texts of its parts, as `text` returns them; the keys are the urls.

        Urls without an article are ignored.
        """
        rows = _sorted_numbers(self._article_numbers, urls)
        keys = self._columns["articles"].values_at("url", rows)
        parts = self._columns["articles"].values_at("parts", rows)
        return {url: {part["name"]: part["text"] for part in own} for url, own in zip(keys, parts, strict=True)}

    def occurrences(self, url: str) -> dict[str, Sequence[Occurrence]]:
        """Return for each concept of an article its occurrences in the text, in the order of the text.

        The keys are the slugs of the concepts.
        """
        return {row.concept: row.occurrences for row in self.mentions_of(url, occurrences=True)}

    def best_sentence(self, url: str, slug: str, shown: int = SHOWN) -> EvidenceSentence | None:
        """Return the sentence of an article that best proves that the article has a concept.

        Return None if the concept does not occur in the text of the article.

        Args:
            url: the url of the article.
            slug: the slug of the concept.
            shown: the approximate maximum length of the sentence, in code points.
        """
        return self.best_sentences([(url, slug)], shown).get((url, slug))

    def best_sentences(
        self, pairs: Iterable[tuple[str, str]], shown: int = SHOWN
    ) -> dict[tuple[str, str], EvidenceSentence]:
        """Return for each pair of an article and a concept what `best_sentence` returns, if it is not None.

        The keys are pairs of the url of the article and the slug of the concept.
        """
        wanted = set(pairs)
        columns = self._columns["mentions"]
        rows = self._refer("mentions", "article").rows_among(url for url, _ in wanted)
        keys = [*zip(columns.values_at("article", rows), columns.values_at("concept", rows), strict=True)]
        here = np.array([key in wanted for key in keys], np.bool_)
        found = zip([key for key in keys if key in wanted], columns.values_at("occurrences", rows[here]), strict=True)
        occurring = {key: occurrences for key, occurrences in found if occurrences}
        texts = self.texts(url for url, _ in occurring)
        return {key: _best_sentence(key[0], texts[key[0]], found, shown) for key, found in occurring.items()}

    # Columns

    def _all(self, table: str, name: str) -> list[Any]:
        if (table, name) not in self._values:
            self._values[table, name] = self._columns[table].column(name).to_pylist()
        return self._values[table, name]

    def _refer(self, table: str, name: str) -> References:
        if (table, name) not in self._references:
            self._references[table, name] = References(self._columns[table].column(name))
        return self._references[table, name]

    def _floats(self, table: str, name: str) -> Floats:
        """Return the values of a column; a null becomes NaN."""
        return np.array(self._columns[table].column(name).to_pylist(), np.float64)

    def _rows(self, table: str, row: type[Row], numbers: Numbers, fields: Sequence[str] | None = None) -> list[Row]:
        columns = self._columns[table]
        values = (columns.values_at(name, numbers) for name in fields or row._fields)
        return [row(*entry) for entry in zip(*values, strict=True)]

    @cached_property
    def _article_numbers(self) -> dict[str, int]:
        return {url: number for number, url in enumerate(self._all("articles", "url"))}

    @cached_property
    def _concept_numbers(self) -> dict[str, int]:
        return {slug: number for number, slug in enumerate(self._all("concepts", "slug"))}


def _by_salience(row: MentionRow) -> tuple[float, str]:
    return -row.salience, row.article


def _by_position(row: LinkRow) -> int:
    return row.position


def _grouped(rows: list[Row], keys: Iterable[str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for key, row in zip(keys, rows, strict=True):
        groups[key].append(row)
    return dict(groups)


def _sorted_numbers(numbers: Mapping[str, int], keys: Iterable[str]) -> Numbers:
    return np.array(sorted({numbers[key] for key in keys if key in numbers}), np.int64)


def _best_sentence(
    url: str, texts: Mapping[str, str], occurrences: Sequence[Occurrence], shown: int
) -> EvidenceSentence:
    best = best_occurrence(texts, occurrences)
    assert best is not None
    part, start, end = best["part"], best["sentence_start"], best["sentence_end"]
    marks = [(place["start"], place["end"]) for place in occurrences if place["part"] == part]
    return EvidenceSentence(url, part, start, end, excerpt(texts[part], start, end, marks, shown))


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun.startswith("a") else f"a {noun}"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
