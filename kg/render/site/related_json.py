"""Writing of a JSON file for each article, with the articles to which its web page could link ("read next")."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter
from kg.read.markdown import plain_line
from kg.render.site.places import RELATED, Unplaced, related_file

_MOST: Final = 5
"""Maximum number of articles to which one page could link."""


def write_related_json(tables: Tables, report: Report, out: Path, unplaced: Unplaced, rows: tuple[int, int]) -> None:
    """Write a JSON file below `out`/related for each article in a range of rows of the articles table.

    The file has the most similar articles, without those to which the article links already and those that are hidden
    from search engines. For the path of the file, see `kg.render.site.places.related_file`. The articles in
    `unplaced.related` get no file. `rows` has the number of the first row, and the number of the row after the last
    one.
    """
    urls = tables.articles["url"].slice(rows[0], rows[1] - rows[0]).combine_chunks()
    found = _similar(tables, urls)
    for url in urls.to_pylist():
        if url not in unplaced.related:
            path = out / RELATED / related_file(url)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(orjson.dumps({"url": url, "related": found.get(url, [])}) + b"\n")


def _similar(tables: Tables, urls: pa.Array) -> dict[str, list[dict[str, Any]]]:
    """Return the entries of each of these articles; the keys are the urls of the articles that have entries."""
    similar = tables.similar.filter(pc.is_in(tables.similar["source"], urls))
    linked = tables.links.filter(pc.is_in(tables.links["source"], urls)).select(["source", "target"])
    known = set(zip(linked["source"].to_pylist(), linked["target"].to_pylist(), strict=True))
    shown = tables.articles.filter(pc.invert(tables.articles["no_index"]))
    titles = dict(zip(shown["url"].to_pylist(), shown["title"].to_pylist(), strict=True))
    labels = dict(zip(tables.concepts["slug"].to_pylist(), tables.concepts["pref_label"].to_pylist(), strict=True))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in similar.select(["source", "target", "concepts"]).to_pylist():
        entries = found.setdefault(row["source"], [])
        if row["target"] in titles and (row["source"], row["target"]) not in known and len(entries) < _MOST:
            title = plain_line(titles[row["target"]])
            concepts = [labels[slug] for slug in row["concepts"]]
            entries.append({"url": row["target"], "title": title, "concepts": concepts})
    return found


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=f"{RELATED}/",
                media_type=None,
                title="Related articles for the articles' pages",
                summary="JSON for a site: what to read next, for each article",
                opens_with="a site generator",
                page_order=155,
            ),
        ),
        enabled=lambda publish: publish.related_json,
    ),
)
"""The exporter of the JSON files; kg.pipeline calls `write_related_json` for each range of articles."""
