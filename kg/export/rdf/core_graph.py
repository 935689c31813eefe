"""Conversion of the tables into the nodes of the core graph, with their properties.

The core graph has all triples of the export except the evidence and the description of the dataset. Its files, in all
formats, are written from these nodes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import Literal, NamedNode

from kg.base.iris import Minter, page_address
from kg.base.languages import bare_language, commonest_language
from kg.base.model import LinkStatus, MatchKind, PartName, RelationKind
from kg.base.tables import Tables, each_row, map_unique
from kg.export.rdf.annotations import Annotation
from kg.export.rdf.authors import Authors
from kg.export.rdf.metadata import ExportMetadata, language_iris
from kg.export.rdf.similarities import similarities
from kg.export.rdf.terms import (
    ABOUT,
    ACCEPTED_ANSWER,
    ALT_LABEL,
    ARTICLE,
    ARTICLE_COUNT,
    ASSOCIATED,
    ASSOCIATION,
    AUTHOR,
    BROADER,
    CLOSE_MATCH,
    COLLECTION,
    CONCEPT,
    CONCEPT_SCHEME,
    DATE_PUBLISHED,
    DEFINITION,
    DESCRIPTION,
    ENCODING_FORMAT,
    ENTITY,
    EXACT_MATCH,
    HAS_PART,
    HAS_TOP_CONCEPT,
    HEADLINE,
    HIDDEN_LABEL,
    IDENTIFIER,
    IN_LANGUAGE,
    IN_SCHEME,
    IN_SUBJECT,
    IS_BASED_ON,
    KEYWORDS,
    LANGUAGE,
    LICENSE,
    MAIN_ENTITY,
    MEDIA_OBJECT,
    MEMBER,
    MENTIONS,
    MISSING_ARTICLE,
    NAME,
    NARROWER,
    NPMI,
    PARTICIPATION,
    PREF_LABEL,
    RANK,
    RELATED,
    RELATION,
    SHA256,
    SUBJECT,
    SUBJECT_COUNT,
    TEXT,
    TITLE,
    TOP_CONCEPT_OF,
    TYPE,
    URL,
    WAS_DERIVED_FROM,
    WAS_GENERATED_BY,
    WORD_COUNT,
    XSD_DATE,
    Property,
    RdfNode,
    decimal_literal,
    decimal_text,
    integer_literal,
    term,
)

Row = dict[str, Any]
_MATCHES: Final = {MatchKind.EXACT.value: EXACT_MATCH, MatchKind.CLOSE.value: CLOSE_MATCH}
_PART_TYPES: Final = {
    PartName.QUESTION: term("schema:Question"),
    PartName.ANSWER: term("schema:Answer"),
    PartName.BODY: term("schema:WebPageElement"),
}


def core_nodes(tables: Tables, edition: ExportMetadata, counts: pa.Table | None = None) -> Iterator[RdfNode]:
    """Yield the nodes of the core graph, one for each IRI, in the order of `core_parts`, which has the arguments."""
    for part in core_parts(tables, edition, counts):
        yield part.node() if isinstance(part, Annotation) else part


def core_parts(
    tables: Tables, edition: ExportMetadata, counts: pa.Table | None = None
) -> Iterator[RdfNode | Annotation]:
    """Yield the nodes of the core graph in a fixed order.

    The order is: the build and its software; the concept schemes; the subjects; the authors; the articles, sorted by
    url, each followed by the parts of its text, its source file and its annotations; the missing articles; the
    concepts, each followed by the numbers of its articles in each subject; the associations, which are pairs of related
    concepts; the communities; the similarities, which are pairs of similar articles.

    Args:
        tables: the tables of the graph, or some rows of them.
        edition: the metadata of the export.
        counts: the result of `subject_counts` for the whole graph. Without it, only the articles in `tables` are
            counted.
    """
    minter = edition.minter
    relations = _Relations(tables, minter)
    yield from edition.provenance()
    yield _concept_scheme(tables, edition, relations)
    subjects = list(_subjects(tables, minter))
    scheme = _scheme(minter.subject_scheme, "Subjects", "What the articles are filed under.", edition, tables.articles)
    scheme.properties.extend((HAS_TOP_CONCEPT, subject.iri) for subject in subjects)
    yield scheme
    yield from subjects
    yield from (author.node() for author in Authors(tables.articles, edition))
    articles = _Articles(minter, edition.site)
    links = Follower(each_row(tables.links), "source")
    mentions = Follower(each_row(tables.mentions.drop_columns(["occurrences"])), "article")
    for row in each_row(tables.articles):
        yield from articles.parts(row, links.rows_of(row["url"]), mentions.rows_of(row["url"]))
    yield from _missing_articles(tables, minter)
    by_subject = Follower(each_row(subject_counts(tables, minter) if counts is None else counts), "concept")
    for slug, concept in _concepts(tables, minter, relations):
        yield concept
        for row in by_subject.rows_of(slug):
            yield _subject_count(concept.iri, row, minter)
    yield from relations.associations()
    yield from _communities(tables, minter)
    yield from similarities(tables, minter)


def concept_nodes(tables: Tables, edition: ExportMetadata) -> Iterator[RdfNode]:
    """Yield the nodes of the core graph that make up the concept scheme.

    They are the build and its software, the scheme, its concepts, and the communities, which are skos:Collections.
    """
    relations = _Relations(tables, edition.minter)
    yield from edition.provenance()
    yield _concept_scheme(tables, edition, relations)
    yield from (concept for _, concept in _concepts(tables, edition.minter, relations))
    yield from _communities(tables, edition.minter)


def subject_nodes(tables: Tables, minter: Minter) -> Iterator[RdfNode]:
    """Yield the nodes of the subjects, with the same properties as in the core graph."""
    return _subjects(tables, minter)


class Follower:
    """A look-up of the rows that belong to each article, for example its links, in one pass over them (a merge join).

    Both the articles and the rows must be sorted by the url of the article. Rows that belong to concepts can be looked
    up by slug in the same way.

    Args:
        ordered: the rows, sorted by the column `key`.
        key: the name of the column that has the url of the article.
    """

    def __init__(self, ordered: Iterator[Row], key: str) -> None:
        self._groups = groupby(ordered, key=itemgetter(key))
        self._next: tuple[str, list[Row]] | None = None
        self._last = ""
        self._advance()

    def _advance(self) -> None:
        self._next = next(((key, list(group)) for key, group in self._groups), None)

    def rows_of(self, url: str) -> list[Row]:
        """Return the rows that belong to the article `url`. Calls must be made in ascending order of urls.

        Raises:
            ValueError: if `url` sorts before the url of the last call, since the rows of `url` have then been skipped.
        """
        if url < self._last:
            raise ValueError(f"{url} comes after {self._last}: the urls are not in ascending order")
        self._last = url
        while self._next is not None and self._next[0] < url:
            self._advance()
        return self._next[1] if self._next is not None and self._next[0] == url else []


def _concept_scheme(tables: Tables, edition: ExportMetadata, relations: _Relations) -> RdfNode:
    scheme = _scheme(
        edition.minter.concept_scheme, "Concepts", "What the articles are about.", edition, tables.concepts
    )
    scheme.properties.extend((HAS_TOP_CONCEPT, top) for top in relations.tops)
    return scheme


def _scheme(iri: str, name: str, description: str, edition: ExportMetadata, table: pa.Table) -> RdfNode:
    """Return a concept scheme with its metadata; the scheme has the languages in the column `language` of `table`."""
    title = Literal(f"{name} of {edition.title}", language=edition.language)
    properties: list[Property] = [
        (TYPE, CONCEPT_SCHEME),
        (TITLE, title),
        (PREF_LABEL, title),
        (DESCRIPTION, Literal(description, language="en")),
    ]
    properties += [(LANGUAGE, language) for language in language_iris(table["language"].unique().to_pylist())]
    if (license := edition.license_iri()) is not None:
        properties.append((LICENSE, license))
    return RdfNode(NamedNode(iri), [*properties, (WAS_GENERATED_BY, edition.activity)])


def _subjects(tables: Tables, minter: Minter) -> Iterator[RdfNode]:
    languages: dict[str, Counter[str]] = {}
    labels: dict[str, str] = {}
    for batch in tables.articles.select(["subject", "language"]).to_batches():
        for row in batch.to_pylist():
            if row["subject"] is not None:
                iri = minter.subject(row["subject"])
                labels[iri] = min(labels.get(iri, row["subject"]), row["subject"])
                languages.setdefault(iri, Counter())[bare_language(row["language"])] += 1
    scheme = NamedNode(minter.subject_scheme)
    for iri, label in sorted(labels.items()):
        language = commonest_language(languages[iri])
        properties: list[Property] = [(TYPE, CONCEPT), (PREF_LABEL, Literal(label, language=language))]
        yield RdfNode(NamedNode(iri), [*properties, (IN_SCHEME, scheme), (TOP_CONCEPT_OF, scheme)])


def _missing_articles(tables: Tables, minter: Minter) -> Iterator[RdfNode]:
    known: dict[str, tuple[str, str | None]] = {}
    for row in each_row(tables.links.select(["target", "status", "target_title"])):
        if row["status"] == LinkStatus.MISSING:
            known.setdefault(minter.article(row["target"]), (row["target"], row["target_title"]))
    for iri, (url, title) in sorted(known.items()):
        properties: list[Property] = [(TYPE, MISSING_ARTICLE), (IDENTIFIER, Literal(url))]
        if title:
            properties.append((TITLE, Literal(title)))
        yield RdfNode(NamedNode(iri), properties)


def _concepts(tables: Tables, minter: Minter, relations: _Relations) -> Iterator[tuple[str, RdfNode]]:
    """Yield the slug and the node of each concept."""
    scheme = NamedNode(minter.concept_scheme)
    for row in each_row(tables.concepts):
        language = row["language"]
        properties: list[Property] = [(TYPE, CONCEPT), (PREF_LABEL, Literal(row["pref_label"], language=language))]
        properties += [(ALT_LABEL, Literal(label, language=language)) for label in row["alt_labels"]]
        properties += [(HIDDEN_LABEL, Literal(label, language=language)) for label in row["hidden_labels"]]
        if row["definition"] is not None:
            properties.append((DEFINITION, Literal(row["definition"], language=language)))
        properties += [(_MATCHES[match["kind"]], NamedNode(match["iri"])) for match in row["matches"]]
        properties += [(IN_SCHEME, scheme), (ARTICLE_COUNT, integer_literal(row["article_count"]))]
        concept = NamedNode(minter.concept(row["slug"]))
        yield row["slug"], RdfNode(concept, [*properties, *relations.of(concept, scheme)])


def subject_counts(tables: Tables, minter: Minter) -> pa.Table:
    """Count the articles by concept and subject.

    Returns:
        A table with the columns concept (a slug), subject (an IRI), label (of the subject), count and rank, sorted by
        the first two. It has a row for each concept and subject that have at least one article in common. The rank is
        1 for the concept that the most articles of the subject have; concepts with equal counts are ranked by slug.
    """
    labels = tables.articles["subject"].combine_chunks()
    subjects = map_unique(labels, minter.subject)
    articles = pa.table({"article": tables.articles["url"], "subject": subjects, "label": labels}).drop_null()
    joined = tables.mentions.select(["article", "concept"]).join(articles, "article", join_type="inner")
    counted = joined.group_by(["concept", "subject"]).aggregate([("label", "min"), ([], "count_all")])
    best_first = counted.sort_by([("subject", "ascending"), ("count_all", "descending"), ("concept", "ascending")])
    first = pc.index_in(best_first["subject"], best_first["subject"].unique())
    starts = np.flatnonzero(np.diff(first.to_numpy(), prepend=-1))
    rank = np.arange(best_first.num_rows) - starts[first.to_numpy()] + 1
    ranked = best_first.append_column("rank", pa.array(rank))
    ordered = ranked.sort_by([("concept", "ascending"), ("subject", "ascending")])
    return ordered.rename_columns({"label_min": "label", "count_all": "count"})


def _subject_count(concept: NamedNode, row: Row, minter: Minter) -> RdfNode:
    properties: list[Property] = [(TYPE, SUBJECT_COUNT), (ASSOCIATED, concept), (IN_SUBJECT, NamedNode(row["subject"]))]
    iri = NamedNode(minter.subject_count(row["concept"], row["label"]))
    numbers = [(ARTICLE_COUNT, integer_literal(row["count"])), (RANK, integer_literal(row["rank"]))]
    return RdfNode(iri, [*properties, *numbers])


class _Relations:
    """Relations of concepts, in both directions.

    `tops` are the top concepts: those that have a narrower concept but no broader one.
    """

    def __init__(self, tables: Tables, minter: Minter) -> None:
        self._minter = minter
        self._related = tables.relations.filter(pc.equal(tables.relations["kind"], RelationKind.RELATED.value))
        self._of: dict[NamedNode, list[Property]] = defaultdict(list)
        for row in each_row(tables.relations.select(["source", "target", "kind"])):
            source, target = (NamedNode(minter.concept(row[name])) for name in ("source", "target"))
            is_broader = row["kind"] == RelationKind.BROADER
            self._of[source].append((BROADER if is_broader else RELATED, target))
            self._of[target].append((NARROWER if is_broader else RELATED, source))
        self.tops = dict.fromkeys(sorted((concept for concept in self._of if self._is_top(concept)), key=str))

    def _is_top(self, concept: NamedNode) -> bool:
        predicates = {predicate for predicate, _ in self._of[concept]}
        return NARROWER in predicates and BROADER not in predicates

    def of(self, concept: NamedNode, scheme: NamedNode) -> list[Property]:
        """Return the properties that relate a concept to other concepts and, if it is a top concept, to the scheme."""
        properties = sorted(self._of.get(concept, ()), key=str)
        return [(TOP_CONCEPT_OF, scheme), *properties] if concept in self.tops else properties

    def associations(self) -> Iterator[RdfNode]:
        """Yield a node for each pair of related concepts. The node tells how many articles have both concepts."""
        for row in each_row(self._related.select(["source", "target", "article_count", "npmi"])):
            properties: list[Property] = [(TYPE, ASSOCIATION)]
            properties += [(ASSOCIATED, NamedNode(self._minter.concept(row[name]))) for name in ("source", "target")]
            properties += [(ARTICLE_COUNT, integer_literal(row["article_count"])), (NPMI, decimal_literal(row["npmi"]))]
            yield RdfNode(NamedNode(self._minter.association(row["source"], row["target"])), properties)


def _communities(tables: Tables, minter: Minter) -> Iterator[RdfNode]:
    members: dict[str, list[str]] = {}
    languages: dict[str, str] = {}
    for row in each_row(tables.concepts.select(["slug", "community", "language"])):
        members.setdefault(row["community"], []).append(row["slug"])
        languages[row["slug"]] = row["language"]
    for row in each_row(tables.communities):
        language = commonest_language(languages[slug] for slug in row["leading"])
        properties: list[Property] = [(TYPE, COLLECTION), (PREF_LABEL, Literal(row["label"], language=language))]
        properties += [(MEMBER, NamedNode(minter.concept(slug))) for slug in members[row["slug"]]]
        yield RdfNode(NamedNode(minter.community(row["slug"])), properties)


class _IriCache(dict[str, NamedNode]):
    """A cache of IRIs that many nodes refer to. An IRI that is not in the cache yet is made from its key by `mint`."""

    def __init__(self, mint: Callable[[str], str]) -> None:
        super().__init__()
        self._mint = mint

    def __missing__(self, key: str) -> NamedNode:
        self[key] = NamedNode(self._mint(key))
        return self[key]


@dataclass(frozen=True, slots=True)
class _Articles:
    """A factory of nodes: articles, parts of their texts, their source files, and annotations."""

    minter: Minter
    site: str | None
    subjects: _IriCache = field(init=False)
    authors: _IriCache = field(init=False)
    concepts: _IriCache = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "subjects", _IriCache(self.minter.subject))
        object.__setattr__(self, "authors", _IriCache(self.minter.author))
        object.__setattr__(self, "concepts", _IriCache(self.minter.concept))

    def parts(self, row: Row, links: list[Row], mentions: list[Row]) -> Iterator[RdfNode | Annotation]:
        """Yield the article of `row`, then the parts of its text, its source file, and one annotation per mention."""
        article = NamedNode(self.minter.article(row["url"]))
        parts = self._parts(row)
        source = self._source(row)
        properties = [*self._metadata(row), *self._outline(parts), *self._edges(links, mentions)]
        yield RdfNode(article, [*properties, (WAS_DERIVED_FROM, source.iri)])
        yield from parts.values()
        yield source
        for mention in mentions:
            yield self._annotation(row["url"], article, mention)

    def _metadata(self, row: Row) -> list[Property]:
        language = row["language"]
        title = Literal(row["title"], language=language)
        properties: list[Property] = [(TYPE, ARTICLE), (TITLE, title), (HEADLINE, title)]
        properties.append((IDENTIFIER, Literal(row["url"])))
        if self.site is not None:
            properties.append((URL, NamedNode(page_address(self.site, row["url"]))))
        if row["based_on"] is not None:
            properties.append((IS_BASED_ON, NamedNode(row["based_on"])))
        if row["date"] is not None:
            properties.append((DATE_PUBLISHED, Literal(row["date"].isoformat(), datatype=XSD_DATE)))
        properties += [(AUTHOR, author) for author in dict.fromkeys(self.authors[name] for name in row["authors"])]
        properties += [(IN_LANGUAGE, Literal(language)), (WORD_COUNT, integer_literal(row["word_count"]))]
        if row["subject"] is not None:
            properties.append((SUBJECT, self.subjects[row["subject"]]))
        properties += [(KEYWORDS, Literal(keyword, language=language)) for keyword in dict.fromkeys(row["keywords"])]
        if row["participation"] is not None:
            properties.append((PARTICIPATION, decimal_literal(row["participation"])))
        return properties

    def _parts(self, row: Row) -> dict[PartName, RdfNode]:
        texts = {PartName(part["name"]): part["text"] for part in row["parts"]}
        iris = {name: NamedNode(self.minter.part(row["url"], name)) for name in texts}
        parts: dict[PartName, RdfNode] = {}
        for name, text in texts.items():
            properties: list[Property] = [(TYPE, _PART_TYPES[name])]
            if name is PartName.QUESTION:
                properties.append((NAME, Literal(" ".join(text.split()), language=row["language"])))
            properties.append((TEXT, Literal(text, language=row["language"])))
            if name is PartName.QUESTION and PartName.ANSWER in iris:
                properties.append((ACCEPTED_ANSWER, iris[PartName.ANSWER]))
            parts[name] = RdfNode(iris[name], properties)
        return parts

    def _source(self, row: Row) -> RdfNode:
        properties: list[Property] = [
            (TYPE, ENTITY),
            (TYPE, MEDIA_OBJECT),
            (NAME, Literal(row["path"])),
            (ENCODING_FORMAT, Literal("text/markdown")),
            (SHA256, Literal(row["sha256"])),
        ]
        return RdfNode(NamedNode(self.minter.source(row["url"])), properties)

    @staticmethod
    def _outline(parts: dict[PartName, RdfNode]) -> Iterator[Property]:
        """Yield the properties that link an article to the parts of its text.

        If an article has a question, the article is not linked to its answer; only the question is.
        """
        for name, part in parts.items():
            if name is PartName.QUESTION:
                yield MAIN_ENTITY, part.iri
            elif not (name is PartName.ANSWER and PartName.QUESTION in parts):
                yield HAS_PART, part.iri

    def _edges(self, links: list[Row], mentions: list[Row]) -> Iterator[Property]:
        targets = dict.fromkeys(self.minter.article(link["target"]) for link in links)
        about = ((ABOUT, self.concepts[mention["concept"]]) for mention in mentions if mention["about"])
        mentioned = ((MENTIONS, self.concepts[mention["concept"]]) for mention in mentions)
        return chain(((RELATION, NamedNode(target)) for target in targets), about, mentioned)

    def _annotation(self, url: str, article: NamedNode, mention: Row) -> Annotation:
        concept = mention["concept"]
        return Annotation(
            (mention["frequency"] > 0, tuple(mention["origins"])),
            {
                "iri": self.minter.mention(url, concept),
                "article": article.value,
                "concept": self.concepts[concept].value,
                "salience": decimal_text(mention["salience"]),
                "frequency": str(mention["frequency"]),
            },
        )
