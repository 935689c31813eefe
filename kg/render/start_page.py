"""Writing of the start page index.html: an overview of a build that can be opened from disk, without a network."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np

from kg.base.iris import page_address
from kg.base.model import LinkStatus, Problem, in_order
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.artifacts import Artifact, Exporter, listed
from kg.graph.distinctive import Distinctive
from kg.render.communities_page import by_size
from kg.render.html import render
from kg.render.subject_pages import COMMUNITIES, FOLDER, page_file

FILE_NAME: Final = "index.html"
_LEADING: Final = 6
_COMMUNITIES: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a bar chart, with a label and a count.

    `percent` is the length of the bar, in per cent of the longest bar; it is 0 if only label and count are shown.
    """

    label: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A subject or a community, as an entry of a list on the start page.

    `articles` is its number of articles, and `concepts` has the labels of some concepts that describe it best. `page`
    is the address of its own page, relative to the output folder of the build.
    """

    label: str
    articles: int
    concepts: tuple[str, ...]
    page: str


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """An article, with its web address (None if it is not known) and its numbers of links.

    `outgoing` is the number of links from the article to existing articles; `incoming` is the number of links to the
    article.
    """

    title: str
    address: str | None
    outgoing: int
    incoming: int


def write_start_page(tables: Tables, report: Report, out: Path, artifacts: Iterable[Artifact]) -> None:
    """Write `out`/index.html. The page has no times and no file sizes, so the same graph always gives the same page.

    Args:
        tables: the tables of the graph.
        report: the report of the build, with all problems.
        out: the output folder of the build.
        artifacts: descriptions of the files of the build.
    """
    page = render(
        "start.html.j2",
        title=report.title,
        counts=_counts(tables),
        subjects=_subjects(tables),
        communities=_communities(tables),
        communities_page=f"{FOLDER}/{COMMUNITIES}",
        concepts=_top_concepts(tables),
        linked=_most_linked(tables, report.site),
        missing=_top_missing(tables),
        errors=report.errors,
        warnings=report.warnings,
        notes=report.notes,
        problems=[_sentence(problem) for problem in in_order(report.problems)[:5]],
        files=[artifact for artifact in listed(artifacts) if artifact.name != FILE_NAME],
    )
    (out / FILE_NAME).write_text(page, encoding="utf-8", newline="\n")


def _sentence(problem: Problem) -> str:
    where = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
    return f"{where}: {problem.message}"


def _counts(tables: Tables) -> dict[str, int]:
    statuses = Counter(tables.links["status"].to_pylist())
    return {
        "articles": tables.articles.num_rows,
        "concepts": tables.concepts.num_rows,
        "mentions": tables.mentions.num_rows,
        "links": tables.links.num_rows,
        "communities": tables.communities.num_rows,
        "missing": statuses[LinkStatus.MISSING],
    }


def _best(counted: Counter[str], most: int) -> list[tuple[str, int]]:
    """Return the `most` names with the largest counts, as pairs of name and count.

    Names with equal counts are sorted by name. Counter.most_common would leave them in the order of the input.
    """
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]


def _subjects(tables: Tables) -> list[Summary]:
    """Return all subjects, the one with the most articles first.

    Each subject has its six most distinctive concepts, which are frequent in it and rare in other articles.
    """
    of: list[str | None] = tables.articles["subject"].to_pylist()
    labels: list[str] = tables.concepts["pref_label"].to_pylist()
    articles: dict[str, list[int]] = defaultdict(list)
    for number, subject in enumerate(of):
        if subject is not None:
            articles[subject].append(number)
    distinctive = Distinctive(tables)
    summaries = []
    for subject in sorted(articles, key=lambda subject: (-len(articles[subject]), subject)):
        leading = distinctive.of(np.array(articles[subject]))[:_LEADING].tolist()
        concepts = tuple(labels[concept] for concept in leading)
        page = f"{FOLDER}/{quote(page_file(subject))}"
        summaries.append(Summary(subject, len(articles[subject]), concepts, page))
    return summaries


def _communities(tables: Tables) -> list[Summary]:
    """Return the communities with the most articles, each with some of the concepts that describe it best.

    A concept is left out if its label is already part of the label of the community.
    """
    labels = _labels(tables)
    summaries = []
    for number, row in enumerate(by_size(tables.communities)[:_COMMUNITIES]):
        concepts = tuple(labels[slug] for slug in row["leading"] if labels[slug] not in row["label"])[:_LEADING]
        summaries.append(Summary(row["label"], row["article_count"], concepts, f"{FOLDER}/{COMMUNITIES}#{number}"))
    return summaries


def _labels(tables: Tables) -> dict[str, str]:
    return dict(zip(tables.concepts["slug"].to_pylist(), tables.concepts["pref_label"].to_pylist(), strict=True))


def _top_concepts(tables: Tables) -> list[Bar]:
    labels = _labels(tables)
    counts = Counter(
        dict(zip(tables.concepts["slug"].to_pylist(), tables.concepts["article_count"].to_pylist(), strict=True))
    )
    best = _best(counts, 30)
    longest = max((count for _, count in best), default=1)
    return [Bar(labels[concept], count, round(100 * count / longest, 1)) for concept, count in best]


def _most_linked(tables: Tables, site: str | None) -> list[LinkedArticle]:
    outgoing: Counter[str] = Counter()
    incoming: Counter[str] = Counter()
    for link in _link_rows(tables):
        if link["status"] != LinkStatus.MISSING:
            outgoing[link["source"]] += 1
            incoming[link["target"]] += 1
    titles = dict(zip(tables.articles["url"].to_pylist(), tables.articles["title"].to_pylist(), strict=True))
    return [
        LinkedArticle(titles[url], None if site is None else page_address(site, url), outgoing[url], incoming[url])
        for url, _ in _best(outgoing + incoming, 10)
    ]


def _top_missing(tables: Tables) -> list[Bar]:
    missing: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for link in _link_rows(tables):
        if link["status"] == LinkStatus.MISSING:
            missing[link["target"]] += 1
            titles[link["target"]] = link["target_title"] or link["target"]
    return [Bar(titles[url], count, 0.0) for url, count in _best(missing, 10)]


def _link_rows(tables: Tables) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tables.links.to_pylist()
    return rows


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=FILE_NAME,
                media_type="text/html",
                title="The start page",
                summary="a start page: subjects, communities, concepts, links, problems, files",
                opens_with="a browser, with no network",
                page_order=0,
            ),
        )
    ),
)
"""The exporter of the start page. It has no function that writes: the build calls `write_start_page` itself."""
