"""`kg stats`: compute statistics of a build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.model import LinkStatus
from kg.base.report import read_report
from kg.base.tables import read_tables

_TOP: Final = 15
"""Maximum number of entries in each ranking of the statistics."""
_Number = TypeVar("_Number", int, float)


class Row(msgspec.Struct, frozen=True):
    """An entry of a ranking: a label, such as that of a subject, and a count."""

    label: str
    count: int


class Central(msgspec.Struct, frozen=True):
    """An article or a concept with its centrality.

    The centrality is the PageRank, scaled so that its mean over all articles and concepts is 1.
    """

    label: str
    centrality: float


class BuildStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """Statistics of a build: counts and rankings. Each ranking has at most 15 entries, the highest number first.

    Attributes:
        title: title of the graph.
        counts: maps the name of each count, such as "articles", to the number, as in the report of the build.
        subjects: subjects, ranked by their number of articles.
        communities: communities, ranked by their number of articles.
        top_concepts: concepts, ranked by their number of articles.
        central_articles: articles, ranked by their centrality.
        central_concepts: concepts, ranked by their centrality.
        missing_articles: missing articles, ranked by the number of links to them.
        problems: kinds of problem, ranked by how often they occur.
    """

    title: str
    counts: dict[str, int]
    subjects: list[Row]
    communities: list[Row]
    top_concepts: list[Row]
    central_articles: list[Central]
    central_concepts: list[Central]
    missing_articles: list[Row]
    problems: list[Row]


def statistics(out: Path) -> BuildStatistics:
    """Return the statistics of the build in the folder `out`.

    Raises:
        DataError: if `out` is not a kg build, or its report or tables cannot be read.
    """
    report = read_report(out)
    tables = read_tables(out / "tables")
    concepts = tables.concepts.select(["pref_label", "article_count"]).to_pylist()
    missing = tables.links.filter(pc.equal(tables.links["status"], LinkStatus.MISSING.value))
    return BuildStatistics(
        title=report.title,
        counts=report.counts,
        subjects=_most(Counter(s or "(none)" for s in tables.articles["subject"].to_pylist()).items()),
        communities=_most((row["label"], row["article_count"]) for row in tables.communities.to_pylist()),
        top_concepts=_most((row["pref_label"], row["article_count"]) for row in concepts),
        central_articles=_most_central(tables.articles, "title"),
        central_concepts=_most_central(tables.concepts, "pref_label"),
        missing_articles=_most(Counter(missing["target"].to_pylist()).items()),
        problems=_most(Counter(f"{problem.severity}: {problem.code}" for problem in report.problems).items()),
    )


def _most(counted: Iterable[tuple[str, int]]) -> list[Row]:
    return [Row(label, count) for label, count in _highest(counted)]


def _most_central(table: pa.Table, label: str) -> list[Central]:
    rated = zip(table[label].to_pylist(), table["centrality"].to_pylist(), strict=True)
    return [Central(name, centrality) for name, centrality in _highest(rated)]


def _highest(rated: Iterable[tuple[str, _Number]]) -> list[tuple[str, _Number]]:
    return sorted(rated, key=lambda row: (-row[1], row[0]))[:_TOP]
