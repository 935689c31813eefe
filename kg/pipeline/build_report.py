"""The report of a build: counts, problems, versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import pyarrow.compute as pc

from kg.annotate.collect import Rows, read_rows
from kg.base.config import FILE_NAME as CONFIG_NAME
from kg.base.config import Config
from kg.base.digests import digest_of
from kg.base.fingerprint import processor
from kg.base.iris import DEFAULT_BASE
from kg.base.model import LinkStatus, Problem, RelationKind, Severity, in_order
from kg.base.paths import real_path
from kg.base.report import Report, build_digest
from kg.base.tables import Tables
from kg.concepts.linking.mapping_report import linked_vocabularies
from kg.concepts.review.synonyms import Proposals
from kg.pipeline.artifact_registry import published_artifacts
from kg.pipeline.plan import Plan
from kg.read.folder_problems import counts_left_out, with_drafts_said_once


def build_report(plan: Plan, tables: Tables, problems: Sequence[Problem], files: int, rows: Sequence[Rows]) -> Report:
    """Make the report of a build, without timings and without proposals of synonyms, which are added later.

    Args:
        plan: the plan of the build.
        tables: the tables of the graph.
        problems: all problems, in any order.
        files: the number of files that were found, including those that could not be read.
        rows: the results of reading and tagging, one entry for each batch of articles.
    """
    root, settings = plan.root, plan.settings
    vocabularies = linked_vocabularies(plan.lexicon, tables.concepts)
    found = in_order(with_drafts_said_once([*problems, *_base_problem(settings)]))
    sources = [*zip(tables.articles["path"].to_pylist(), tables.articles["sha256"].to_pylist(), strict=True)]
    sources += [(vocabulary.file, vocabulary.sha256) for vocabulary in vocabularies]
    return Report(
        title=settings.title or real_path(root).name.replace("-", " "),
        build=build_digest(sources, settings.digest(), plan.versions),
        ended=plan.ended,
        configuration=msgspec.to_builtins(settings),
        configuration_sha256=settings.digest(),
        versions=plan.versions,
        counts={
            "files": files,
            **counts_left_out(problems, tables.articles["path"].to_pylist(), files),
            **_counts(tables),
        },
        problems=found,
        vocabularies=vocabularies,
        artifacts=published_artifacts(settings.publish),
        timings={},
        digests={"features": _features_digest(rows, tables)},
        processor=processor(),
        acceleration=_acceleration(rows),
    )


def with_proposals(report: Report, proposals: Proposals) -> Report:
    """Return a copy of `report` with the synonyms and ambiguous terms that are proposed for a person to review.

    The counts in the copy include the numbers of these proposals.
    """
    counts = {"near_synonyms": len(proposals.near_synonyms), "ambiguous_terms": len(proposals.ambiguous)}
    return msgspec.structs.replace(
        report,
        counts=report.counts | counts,
        near_synonyms=proposals.near_synonyms,
        ambiguous=proposals.ambiguous,
    )


def _base_problem(settings: Config) -> Iterator[Problem]:
    """Yield a warning if no base IRI is set."""
    if settings.base == DEFAULT_BASE:
        message = (
            f"no base IRI is set, so the graph's names begin with {DEFAULT_BASE}: give --base or base in {CONFIG_NAME}"
        )
        yield Problem(Severity.WARNING, "default-base", ".", None, "base", message)


def _features_digest(rows: Sequence[Rows], tables: Tables) -> str:
    """Return a digest of the features of the candidate terms of all articles.

    It is computed from the digests of the features of each article, in the order of the articles' urls.
    """
    read = read_rows(rows, "articles", ["path", "features_sha256"])
    by_path = dict(zip(read["path"].to_pylist(), read["features_sha256"].to_pylist(), strict=True))
    articles = zip(tables.articles["url"].to_pylist(), tables.articles["path"].to_pylist(), strict=True)
    return digest_of([(url, by_path[path]) for url, path in articles])


def _acceleration(rows: Sequence[Rows]) -> dict[str, str | None]:
    """Map each part of the tagger to the reason why this part is not accelerated, or to None if it is accelerated.

    Each batch of articles may give another reason for a part; the first one is taken.
    """
    read = read_rows(rows, "acceleration")
    result: dict[str, str | None] = {}
    for part, reason in zip(read["part"].to_pylist(), read["reason"].to_pylist(), strict=True):
        result[part] = result.get(part) or reason
    return result


def _counts(tables: Tables) -> dict[str, int]:
    status = Counter(tables.links["status"].to_pylist())
    kinds = Counter(tables.relations["kind"].to_pylist())
    missing = tables.links.filter(pc.equal(tables.links["status"], LinkStatus.MISSING.value))
    return {
        "articles": tables.articles.num_rows,
        "links": tables.links.num_rows,
        "links_by_url": status[LinkStatus.URL],
        "links_by_id": status[LinkStatus.ID],
        "links_by_path": status[LinkStatus.PATH],
        "links_by_name": status[LinkStatus.NAME],
        "links_missing": status[LinkStatus.MISSING],
        "missing_articles": len(set(missing["target"].to_pylist())),
        "concepts": tables.concepts.num_rows,
        "mentions": tables.mentions.num_rows,
        "broader": kinds[RelationKind.BROADER],
        "related": kinds[RelationKind.RELATED],
        "definitions": pc.count(tables.concepts["definition"]).as_py(),
        "communities": tables.communities.num_rows,
    }
