"""The command `kg build`: build a graph."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kg.base.paths import real_path
from kg.base.plural import counted
from kg.base.terminal_text import printable
from kg.cli.console import ProgressBar, echo, echo_json, echo_problems, problem_counts, program_name

if TYPE_CHECKING:
    from kg.base.report import Report

_SHOWN = {"error": 200, "warning": 5, "note": 5}
"""Key: a severity. Value: the maximum number of problems of this severity that are printed."""
_LINKS = {
    "links_by_url": "by url",
    "links_by_id": "by id and title",
    "links_by_path": "by path",
    "links_by_name": "by name",
    "links_missing": "to missing articles",
}
_RELATIONS = {"broader": "broader", "related": "related"}
_LEFT_OUT = {
    "drafts": "draft{s}",
    "without_text": "without text",
    "same_address": "with the address of another",
    "not_meant": "not meant as articles",
    "unreadable": "unreadable",
}
"""Key: a count of a report. Value: the words that are printed after the number. Numbers that are 0 are not printed."""


class _AutoOrNumber(click.ParamType[int | str]):
    name = "auto|N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        if value == "auto":
            return "auto"
        if str(value).isdigit() and int(str(value)) > 0:
            return int(str(value))
        self.fail(f'"{value}" is neither "auto" nor a number from 1', param, ctx)


@click.command(
    epilog="Exit status: 0 all was read, 1 an article or vocabulary was not, 2 wrong use, 3 the machine failed."
)
@click.argument("articles", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where to write. [default: exports/NAME of ARTICLES]")
@click.option("--config", type=click.Path(path_type=Path), help="A kg.toml. [default: in ARTICLES or beside it]")
@click.option("--base", metavar="IRI", help="The beginning of every IRI of the graph, like https://example.org/.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: one a core]")
@click.option(
    "--engine",
    metavar="local|dask://HOST:PORT",
    default="local",
    help="Read and tag on this machine, or on a Dask cluster that sees the same files. [default: local]",
)
@click.option(
    "--concepts-per-article",
    type=_AutoOrNumber(),
    help="Keep all probable concepts (auto), or the N best of every article. [default: auto]",
)
@click.option(
    "--vocabulary",
    "vocabularies",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A SKOS file whose concepts are found and matched; may be given several times.",
)
@click.option(
    "--evidence",
    type=click.Choice(["top", "all", "none"]),
    help="Publish the best occurrence of each concept in an article, all, or none. [default: top]",
)
@click.option(
    "--no-cache",
    is_flag=True,
    help="Build everything anew without the results of earlier builds, and keep none for the next.",
)
@click.option("--site-jsonld/--no-site-jsonld", default=None, help="Write JSON-LD to embed in each article's page.")
@click.option("--site-faq/--no-site-faq", default=None, help="The same, with questions and answers as a FAQPage.")
@click.option("--site-pages/--no-site-pages", default=None, help="Write a page for every IRI, for a plain web host.")
@click.option("--related-json/--no-related-json", default=None, help="Write related articles of each article as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def build(
    ctx: click.Context,
    articles: Path,
    out: Path | None,
    config: Path | None,
    base: str | None,
    jobs: int | None,
    engine: str,
    concepts_per_article: int | Literal["auto"] | None,
    evidence: Literal["top", "all", "none"] | None,
    no_cache: bool,
    site_jsonld: bool | None,
    site_faq: bool | None,
    site_pages: bool | None,
    related_json: bool | None,
    vocabularies: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Build the knowledge graph of a folder of articles.

    Reads every Markdown file below ARTICLES, finds the concepts in each, and writes RDF, JSON-LD, tables, a SPARQL
    store and HTML pages. The output folder is replaced as a whole when everything is written.

    \b
    Examples:
      kg build my-articles
      kg build my-articles --out graph --base https://example.org/
      kg build my-articles --vocabulary thesaurus.rdf
      kg build my-articles --concepts-per-article 10 --json
    """
    from kg.pipeline.build import build as build_graph

    start = time.monotonic()
    target = out if out is not None else Path("exports") / real_path(articles).name
    bar = ProgressBar()
    try:
        report = build_graph(
            articles,
            out,
            config=config,
            base=base,
            concepts_per_article=concepts_per_article,
            evidence=evidence,
            vocabularies=vocabularies,
            jobs=jobs,
            engine=engine,
            cache=not no_cache,
            site_jsonld=site_jsonld,
            site_faq=site_faq,
            site_pages=site_pages,
            related_json=related_json,
            progress=bar,
        )
    finally:
        bar.close()
    if as_json:
        echo_json(report)
    else:
        _say(report, articles, target, time.monotonic() - start)
    ctx.exit(1 if report.errors else 0)


def _say(report: Report, articles: Path, target: Path, seconds: float) -> None:
    for severity, most in _SHOWN.items():
        echo_problems([problem for problem in report.problems if problem.severity == severity], articles, most=most)
    if report.problems:
        echo(f"{problem_counts(report.problems)}; all of them: {target / 'report.json'}", "", err=True)
    if slow := {part: reason for part, reason in report.acceleration.items() if reason}:
        parts = "; ".join(f"{part}: {' '.join(reason.split())[:200]}" for part, reason in slow.items())
        echo(f"kg: tagging is slow, since parts of the spaCy pipeline could not be accelerated ({parts})", "", err=True)
    if report.cache_failure:
        why = f"the cache cannot be written: {report.cache_failure}"
        echo(f"kg: nothing is kept for the next build, since {why}", "", err=True)
    count = report.counts
    left_out = _counts(count, _LEFT_OUT)
    lines = [(count["articles"], "article{s}", f"of {counted(count['files'], 'file')}")]
    if left_out:
        lines.append((count["files"] - count["articles"], "file{s} left out", left_out))
    lines += [
        (count["links"], "related link{s}", _counts(count, _LINKS)),
        (count["concepts"], "concept{s}", f"in {counted(count['mentions'], 'pair')} of article and concept"),
        (count["broader"] + count["related"], "relation{s}", _counts(count, _RELATIONS)),
    ]
    lines += [
        (
            one.exact + one.close,
            "match{es}",
            f"{one.exact:,} exact, {one.close:,} close, {len(one.ambiguous):,} ambiguous, with {one.title}",
        )
        for one in report.vocabularies
    ]
    if report.unchanged:
        echo(f"{target} is up to date, since nothing that it is made from has changed:", "")
    else:
        echo(f"{target} was built in {seconds:.1f} s:", "")
    for number, words, more in lines:
        echo(f"{number:>9,} {_in_number(words, number):14} {more}".rstrip())
    program = program_name()
    echo("", "Next:", f"  open {target / 'index.html'}", f"  {program} query {target} --name top-concepts")
    if focus := _commonest_concept(target):
        echo(f"  {program} view {target} --focus {shlex.quote(printable(focus))}")


def _counts(count: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Return the numbers that are not 0, each with its words, as in "2 by path, 49 by name"."""
    shown = ((count[key], word) for key, word in words.items() if count.get(key))
    return ", ".join(f"{number:,} {_in_number(words, number)}" for number, words in shown)


def _in_number(words: str, number: int) -> str:
    """Return words in the singular or plural; "{s}" and "{es}" mark the plural endings."""
    return words.format(s="" if number == 1 else "s", es="" if number == 1 else "es")


def _commonest_concept(target: Path) -> str | None:
    from kg.base.tables import read_tables

    concepts = read_tables(target / "tables").concepts.select(["pref_label", "article_count"]).to_pylist()
    best = min(concepts, key=lambda row: (-row["article_count"], row["pref_label"]), default=None)
    return best["pref_label"] if best is not None else None
