"""Writing of the folder site/, which any web host can serve: an HTML page, a Turtle and a JSON-LD file for each IRI.

The site is written in parts, such as the pages of some of the articles. Each part is written from only those rows of
the tables that its pages need. So several processes can share the work, and each of them needs little memory.
"""

from __future__ import annotations

import dataclasses
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import page_address
from kg.base.model import LinkStatus
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter
from kg.export.rdf.authors import Authors
from kg.export.rdf.core_graph import core_nodes, subject_counts, subject_nodes
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.similarities import similar_pairs
from kg.graph.index import GraphIndex
from kg.render.html import render
from kg.render.site.page_rdf import JsonLd, PageData, turtle
from kg.render.site.places import JSON_LD, PAGE, SITE, STYLE, TURTLE, Places, Unplaced
from kg.render.site.scheme_pages import OtherViews
from kg.render.site.views import ArticleViews, ConceptViews, Names

_DEPTH: Final = "../"


class _Site:
    """A writer of the files of the site; it has the values that all pages share, such as the title of the graph."""

    def __init__(self, report: Report, out: Path, unplaced: Unplaced) -> None:
        self.edition = ExportMetadata.of(report)
        self.minter = self.edition.minter
        self.places = Places(self.minter.base, unplaced.pages)
        self._about = report.title
        self._out = out / SITE
        self._json_ld = JsonLd()
        self._folders: set[str] = set()

    def write(self, template: str, iri: str, data: PageData | None, **values: Any) -> None:
        """Write the HTML page of `iri`, and the page's Turtle and JSON-LD files unless `data` is None.

        `template` is the file name of the HTML template, and `values` has the template values of this page. Nothing is
        written if `iri` cannot have a page.
        """
        folder = self.places.folder(iri)
        if folder is None:
            return
        up = _DEPTH * (folder.count("/") + 1) if folder else ""
        nav = [("Subjects", self.minter.subject_scheme), ("Concepts", self.minter.concept_scheme)]
        html = render(
            template,
            up=up,
            style=STYLE,
            home=PAGE,
            about=self._about,
            nav=[(name, self.places.link(scheme)) for name, scheme in nav],
            iri=iri,
            data=()
            if data is None
            else ((TURTLE, "text/turtle", "Turtle"), (JSON_LD, "application/ld+json", "JSON-LD")),
            **values,
        )
        self._file(folder, PAGE, html.encode("utf-8", "replace"))
        if data is not None:
            nodes = data.nodes(iri)
            self._file(folder, TURTLE, turtle(nodes))
            self._file(folder, JSON_LD, self._json_ld.document(nodes))

    def style(self) -> None:
        """Write the style sheet of the site."""
        self._file("", STYLE, (files("kg.render") / "templates" / STYLE).read_bytes())

    def _file(self, folder: str, name: str, content: bytes) -> None:
        path = self._out / folder
        if folder not in self._folders:
            path.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        (path / name).write_bytes(content)


def write_article_pages(tables: Tables, report: Report, out: Path, unplaced: Unplaced, rows: tuple[int, int]) -> None:
    """Write the site's pages about the articles in a range of rows of the articles table.

    `rows` has the number of the first row, and the number of the row after the last one. `unplaced` tells which IRIs
    cannot have a page.
    """
    site = _Site(report, out, unplaced)
    chunk = tables.articles.slice(rows[0], rows[1] - rows[0])
    part = _about_articles(tables, chunk["url"])
    urls = chunk["url"].to_pylist()
    pages = {site.minter.article(url) for url in urls}
    nodes = core_nodes(part, site.edition)
    authors = Authors(tables.articles, site.edition)
    shared = chain(subject_nodes(tables, site.minter), (author.node() for author in authors))
    data = PageData(nodes, pages.__contains__, shared)
    index = GraphIndex(part, site.minter)
    views = ArticleViews(index, Names(index, site.places), authors, urls, similar_pairs(part.similar))
    for row in chunk.to_pylist():
        address = None if site.edition.site is None else page_address(site.edition.site, row["url"])
        values = {"no_index": row["no_index"], "address": address, **views.of(row)}
        site.write("site_article.html.j2", site.minter.article(row["url"]), data, **values)


def write_concept_pages(tables: Tables, report: Report, out: Path, unplaced: Unplaced, rows: tuple[int, int]) -> None:
    """Write the site's pages about the concepts in a range of rows of the concepts table.

    `rows` has the number of the first row, and the number of the row after the last one. `unplaced` tells which IRIs
    cannot have a page.
    """
    site = _Site(report, out, unplaced)
    chunk = tables.concepts.slice(rows[0], rows[1] - rows[0])
    part = _about_concepts(tables, chunk)
    slugs = chunk["slug"].to_pylist()
    pages = {site.minter.concept(slug) for slug in slugs}
    counts = subject_counts(tables, site.minter)
    data = PageData(core_nodes(part, site.edition, counts), pages.__contains__)
    index = GraphIndex(part, site.minter)
    views = ConceptViews(index, Names(index, site.places), slugs)
    for row in chunk.to_pylist():
        site.write("site_concept.html.j2", site.minter.concept(row["slug"]), data, no_index=False, **views.of(row))


def write_other_pages(tables: Tables, report: Report, out: Path, unplaced: Unplaced) -> None:
    """Write the style sheet of the site, and all pages that are not about an existing article or a concept.

    These are the pages about concept schemes, subjects, communities, missing articles (links lead to them, but they do
    not exist) and other resources. The top-level page is also written, unless an article has the base IRI as its IRI:
    then the page of this article is the top-level page.
    """
    site = _Site(report, out, unplaced)
    minter = site.minter
    written = {minter.article(url) for url in tables.articles["url"].to_pylist()}
    concepts = minter.concept("")
    missing = tables.links.filter(pc.equal(tables.links["status"], LinkStatus.MISSING.value))
    few = dataclasses.replace(tables, mentions=_none(tables.mentions), links=missing)
    nodes = core_nodes(few, site.edition)
    data = PageData(nodes, lambda iri: iri not in written and not iri.startswith(concepts))
    index = GraphIndex(tables, minter)
    views = OtherViews(tables, index, Names(index, site.places), Authors(tables.articles, site.edition), data)
    for iri in data.pages:
        site.write("site_other.html.j2", iri, data, **views.of(iri))
    if minter.base not in written:
        site.write("site_other.html.j2", minter.base, None, **views.home(report.title))
    site.style()


def _about_articles(tables: Tables, urls: pa.ChunkedArray) -> Tables:
    """Return the tables, reduced to the rows that the pages of the articles with these urls need.

    The result has: the articles themselves; all links from or to them, and the articles at the other ends of these
    links; all mentions in them, and the mentioned concepts; all links to missing articles, including links of other
    articles; the similar articles of the articles, and those to which they are similar. There are no relations and no
    communities in the result.
    """
    ours = pc.or_(_among(tables.links["source"], urls), _among(tables.links["target"], urls))
    links = tables.links.filter(pc.or_(ours, pc.equal(tables.links["status"], LinkStatus.MISSING.value)))
    near = tables.links.filter(ours)
    mentions = tables.mentions.filter(_among(tables.mentions["article"], urls))
    similar = tables.similar
    similar = similar.filter(pc.or_(_among(similar["source"], urls), _among(similar["target"], urls)))
    ends = (column for table in (near, similar) for column in (table["source"], table["target"]))
    named = pa.chunked_array([*urls.chunks, *(chunk for column in ends for chunk in column.chunks)])
    return Tables(
        articles=tables.articles.filter(_among(tables.articles["url"], named)),
        links=links,
        concepts=tables.concepts.filter(_among(tables.concepts["slug"], mentions["concept"])),
        mentions=mentions,
        relations=_none(tables.relations),
        communities=_none(tables.communities),
        similar=similar,
    )


def _about_concepts(tables: Tables, chunk: pa.Table) -> Tables:
    """Return the tables, reduced to the rows that the pages of some concepts need.

    `chunk` has the rows of these concepts. The result has: the concepts themselves; their relations, and the concepts
    at the other ends of these relations; their mentions, and the articles that mention or define them; the communities
    of all these concepts, and the leading concepts of these communities. There are no links in the result.
    """
    slugs, relations = chunk["slug"], tables.relations
    relations = relations.filter(pc.or_(_among(relations["source"], slugs), _among(relations["target"], slugs)))
    mentions = tables.mentions.filter(_among(tables.mentions["concept"], slugs))
    near = pa.chunked_array([*slugs.chunks, *relations["source"].chunks, *relations["target"].chunks])
    ours = tables.concepts.filter(_among(tables.concepts["slug"], near))
    communities = tables.communities.filter(_among(tables.communities["slug"], ours["community"]))
    kept = pa.chunked_array([*near.chunks, *pc.list_flatten(communities["leading"]).chunks])
    urls = pa.chunked_array([*mentions["article"].chunks, *chunk["definition_article"].chunks])
    return Tables(
        articles=tables.articles.filter(_among(tables.articles["url"], urls)),
        links=_none(tables.links),
        concepts=tables.concepts.filter(_among(tables.concepts["slug"], kept)),
        mentions=mentions,
        relations=relations,
        communities=communities,
        similar=_none(tables.similar),
    )


def _among(values: pa.ChunkedArray, chosen: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=chosen.combine_chunks(), skip_nulls=True)


def _none(table: pa.Table) -> pa.Table:
    return table.slice(0, 0)


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=f"{SITE}/",
                media_type=None,
                title="The site",
                summary="a page for everything that has an IRI, with its data",
                opens_with="any web server, a browser",
                page_order=140,
            ),
        ),
        enabled=lambda publish: publish.site_pages,
    ),
)
"""The exporter of the site.

It has no function that writes the site. Instead, kg.pipeline calls the functions of this module for each part of the
site, and tells them which IRIs cannot have a page.
"""
