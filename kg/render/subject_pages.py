"""Writing of the folder pages/, which has a page for each subject and one page for all communities."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from kg.base.iris import Minter, slug
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter, Write
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import Whole
from kg.graph.rows import Focus, FocusKind
from kg.render.communities_page import communities_page
from kg.render.graph_page import render_page
from kg.render.subgraph_page import subgraph_page

FOLDER: Final = "pages"
COMMUNITIES: Final = "communities.html"
_HOME: Final = "../index.html"
_SUBJECTS_A_TASK: Final = 4
"""Number of subjects whose pages one task writes.

A task builds the network of the whole graph once, and uses it for all its pages.
"""
_LONGEST: Final = 100
"""Maximum length of the file name of a page, without its suffix, in bytes. File systems allow 255 bytes."""


def subjects(tables: Tables) -> list[str]:
    """Return the labels of all subjects, sorted."""
    return sorted(set(tables.articles["subject"].drop_null().to_pylist()))


def page_file(label: str) -> str:
    """Return the file name of the page of a subject, given the label of the subject.

    The name is the slug of the label, followed by ".html". If the slug is too long, it is cut, and a hash is appended.
    A hash is also appended if the name would otherwise be communities.html, the page of all communities.

    >>> page_file("Data Engineering"), page_file("Communities")
    ('data-engineering.html', 'communities-6f2e8a14.html')
    """
    name = slug(label)
    if len(name.encode()) <= _LONGEST and f"{name}.html" != COMMUNITIES:
        return f"{name}.html"
    cut = name.encode()[: _LONGEST - 9].decode(errors="ignore")
    return f"{cut}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.html"


def write_subject_pages(tables: Tables, report: Report, out: Path, labels: Iterable[str]) -> None:
    """Write `out`/pages/NAME.html for each subject in `labels`. `page_file` gives the file name NAME.html."""
    minter, site = Minter(report.configuration["base"]), report.site
    whole, index = Whole(tables, minter), GraphIndex(tables, minter)
    for label in labels:
        part = whole.part(Focus(FocusKind.SUBJECT, label, label, minter.subject(label)))
        html = render_page(subgraph_page(index, part, site), about=report.title, home=_HOME)
        _write(out, page_file(label), html)


def write_communities_page(tables: Tables, report: Report, out: Path) -> None:
    """Write `out`/pages/communities.html, the page of all communities."""
    index = GraphIndex(tables, Minter(report.configuration["base"]))
    graph = communities_page(tables, index, report.site)
    _write(out, COMMUNITIES, render_page(graph, about=report.title, home=_HOME))


def _write(out: Path, name: str, html: str) -> None:
    (out / FOLDER).mkdir(exist_ok=True)
    (out / FOLDER / name).write_text(html, encoding="utf-8", newline="\n")


def _parts(tables: Tables) -> Iterator[Write]:
    labels = subjects(tables)
    for at in range(0, len(labels), _SUBJECTS_A_TASK):
        yield partial(write_subject_pages, labels=labels[at : at + _SUBJECTS_A_TASK])


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=f"{FOLDER}/{COMMUNITIES}",
                media_type="text/html",
                title="The map of the communities",
                opens_with="a browser, with no network",
            ),
        ),
        write=write_communities_page,
    ),
    Exporter(
        artifacts=(
            Artifact(
                name=f"{FOLDER}/",
                media_type=None,
                title="The maps of the subjects and of the communities",
                summary="a map of each subject, and one of the communities",
                opens_with="a browser, with no network",
                page_order=10,
            ),
        ),
        parts=_parts,
    ),
)
