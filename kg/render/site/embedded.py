"""Writing of JSON-LD files for search engines, one for each article, to embed in the article's own web page.

The content of a file is meant for a `<script type="application/ld+json">`. Unlike graph.jsonld, it uses only terms of
schema.org, and each property only on the types for which schema.org defines the property. Titles, subjects and keywords
have no marks of Markdown, since search engines show them as they are. Articles that are hidden from
search engines (by a field of their front matter) get no file.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import Minter, page_address
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter
from kg.export.rdf.authors import Author, Authors
from kg.export.rdf.metadata import ExportMetadata
from kg.read.markdown import plain_line
from kg.render.site.places import EMBEDDED, INDEX, Unplaced, embedded_file

CONTEXT: Final = "https://schema.org"

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")

Thing = dict[str, Any]


def write_site_jsonld(tables: Tables, report: Report, out: Path, unplaced: Unplaced, rows: tuple[int, int]) -> None:
    """Write a JSON-LD file below `out`/site-jsonld for each article in a range of rows of the articles table.

    For the path of the file, see `kg.render.site.places.embedded_file`. Articles that are hidden from search engines,
    and the articles in `unplaced.embedded`, get no file. `rows` has the number of the first row, and the number of the
    row after the last one.
    """
    articles = tables.articles.slice(rows[0], rows[1] - rows[0])
    writer = _EmbeddedWriter(tables, report, articles["url"])
    for row in articles.filter(pc.invert(articles["no_index"])).to_pylist():
        if row["url"] not in unplaced.embedded:
            path = out / EMBEDDED / embedded_file(row["url"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(embeddable(writer.document(row)))


def write_site_index(tables: Tables, report: Report, out: Path, unplaced: Unplaced) -> None:
    """Write `out`/site-jsonld/index.json, which maps the url of each article to the path of its JSON-LD file.

    Articles without such a file are left out. The paths are relative to `out`/site-jsonld.
    """
    articles = zip(tables.articles["url"].to_pylist(), tables.articles["no_index"].to_pylist(), strict=True)
    listed = {url: embedded_file(url) for url, hidden in articles if not hidden and url not in unplaced.embedded}
    (out / EMBEDDED).mkdir(exist_ok=True)
    (out / EMBEDDED / INDEX).write_bytes(orjson.dumps(listed, option=orjson.OPT_INDENT_2) + b"\n")


def embeddable(document: Thing) -> bytes:
    """Return `document` as JSON that is safe in a `<script>`: it can neither end the element nor begin a comment."""
    return orjson.dumps(document).replace(b"<", b"\\u003c") + b"\n"


def answer_html(text: str) -> str:
    """Return plain text as HTML for search engines; the only tags in the result are `<p>` and `<br>`.

    >>> answer_html("If a < b,\\nstop.\\n\\nElse go on.")
    '<p>If a &lt; b,<br>stop.</p><p>Else go on.</p>'
    """
    paragraphs = (html.escape(paragraph, quote=False) for paragraph in _PARAGRAPHS.split(text.strip()))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


class _EmbeddedWriter:
    """A maker of the JSON-LD documents that are to be embedded in the web pages of some articles."""

    def __init__(self, tables: Tables, report: Report, urls: pa.ChunkedArray) -> None:
        self._minter = Minter(report.configuration["base"])
        self._site: str | None = report.site
        self._authors = Authors(tables.articles, ExportMetadata.of(report))
        self._faq: bool = report.configuration["publish"]["site_faq"]
        mentions = tables.mentions.filter(pc.is_in(tables.mentions["article"], urls.combine_chunks()))
        named = tables.concepts.filter(pc.is_in(tables.concepts["slug"], mentions["concept"].combine_chunks()))
        labels = dict(zip(named["slug"].to_pylist(), named["pref_label"].to_pylist(), strict=True))
        self._about: dict[str, list[Thing]] = {}
        self._mentions: dict[str, list[Thing]] = {}
        for row in mentions.select(["article", "concept", "about"]).to_pylist():
            terms = self._about if row["about"] else self._mentions
            terms.setdefault(row["article"], []).append(self._term(row["concept"], labels[row["concept"]]))
        shown = tables.articles.filter(pc.invert(tables.articles["no_index"]))["url"].combine_chunks()
        ours = pc.and_(pc.is_in(tables.links["source"], urls.combine_chunks()), pc.is_in(tables.links["target"], shown))
        links = tables.links.filter(ours)
        self._related: dict[str, dict[str, str]] = {}
        for row in links.select(["source", "target", "target_title"]).to_pylist():
            self._related.setdefault(row["source"], {})[row["target"]] = row["target_title"]

    def document(self, row: Thing) -> Thing:
        """Return the JSON-LD document of an article; `row` is the article's row of the articles table.

        If kg.toml asks for FAQ pages, and the article has a question and an answer, the document also has a
        schema:FAQPage.
        """
        article, page = self._article(row), self._page(row)
        parts = {part["name"]: part["text"] for part in row["parts"]}
        if self._faq and {"question", "answer"} <= parts.keys():
            faq = page | {"@type": "FAQPage", "inLanguage": row["language"]}
            faq["mainEntity"] = [self._question(row["url"], parts["question"], parts["answer"])]
            if self._site is not None:
                article["mainEntityOfPage"] = {"@id": page["@id"]}
            return {"@context": CONTEXT, "@graph": [article, faq]}
        if self._site is not None:
            article["mainEntityOfPage"] = page
        return {"@context": CONTEXT} | article

    def _article(self, row: Thing) -> Thing:
        url = row["url"]
        article: Thing = {"@type": "Article", "@id": self._minter.article(url), "headline": plain_line(row["title"])}
        if self._site is not None:
            article["url"] = page_address(self._site, url)
        article["isBasedOn"] = row["based_on"]
        if row["date"] is not None:
            article["datePublished"] = row["date"].isoformat()
        article["author"] = [_author(author) for author in self._authors.of(row["authors"])]
        article["inLanguage"] = row["language"]
        article["wordCount"] = row["word_count"]
        article["articleSection"] = row["subject"] and plain_line(row["subject"])
        article["keywords"] = list(dict.fromkeys(filter(None, map(plain_line, row["keywords"]))))
        article["about"] = self._about.get(url)
        article["mentions"] = self._mentions.get(url)
        article["citation"] = [self._reference(*target) for target in self._related.get(url, {}).items()]
        return {name: value for name, value in article.items() if value}

    def _page(self, row: Thing) -> Thing:
        """Return the web page of the article in `row` as a schema:WebPage.

        The related links of the article are listed there, since schema.org defines them only for web pages.
        """
        page: Thing = {"@type": "WebPage"}
        if self._site is not None:
            page["@id"] = page_address(self._site, row["url"])
            if related := self._related.get(row["url"]):
                page["relatedLink"] = [page_address(self._site, url) for url in related]
        return page

    def _question(self, url: str, question: str, answer: str) -> Thing:
        return {
            "@type": "Question",
            "@id": self._minter.part(url, "question"),
            "name": " ".join(question.split()),
            "acceptedAnswer": {
                "@type": "Answer",
                "@id": self._minter.part(url, "answer"),
                "text": answer_html(answer),
            },
        }

    def _term(self, concept: str, label: str) -> Thing:
        iri = self._minter.concept(concept)
        return {
            "@type": "DefinedTerm",
            "@id": iri,
            "name": label,
            "url": iri,
            "inDefinedTermSet": self._minter.concept_scheme,
        }

    def _reference(self, url: str, title: str) -> Thing:
        reference = {"@type": "Article", "@id": self._minter.article(url), "headline": plain_line(title)}
        return reference if self._site is None else reference | {"url": page_address(self._site, url)}


def _author(author: Author) -> Thing:
    thing: Thing = {"@type": str(author.kind), "@id": author.iri, "name": author.name}
    return thing | {"url": list(author.urls)} if author.urls else thing


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=f"{EMBEDDED}/",
                media_type=None,
                title="JSON-LD for the articles' pages",
                summary="schema.org to embed in the articles' pages, and an index",
                opens_with="a site generator",
                page_order=150,
            ),
        ),
        enabled=lambda publish: publish.site_jsonld or publish.site_faq,
    ),
)
"""The exporter of the JSON-LD files to embed in the articles' own web pages.

It has no function that writes the files. Instead, kg.pipeline calls `write_site_jsonld` for each range of articles, and
tells it which articles cannot have a file.
"""
