"""How time, memory and output grow with the number of articles: cold builds of nested samples of a folder.

Usage: python benchmarks/growth.py ARTICLES [--sizes 500 1000 2000 4000 8106] [--jobs N] [--output FILE]

A sample has the first articles by a hash of their paths, so that subjects stay mixed and each holds those before.
Related links out of a sample lead to missing articles. Each is built once, with an empty cache. Prints a table, and
writes it as Markdown, for docs/scale.md. A size beyond the folder's is the whole folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from floor import count_tokens
from measure import MEMORY, CommandError, measure
from parts import WRITER, graph_sizes
from shown import Table, as_markdown, show, terminal
from sources import by_hash, copy_articles, files_of, read_sources, settings

from kg.base.report import read_report
from kg.engine.local import available_cores

SIZES = (500, 1000, 2000, 4000, 8106)
SHOWN = 0.01
"""The share of a build's seconds that a stage must have somewhere to get a column."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a build of so many articles took; seconds, and bytes."""

    articles: int
    tokens: int
    seconds: float
    processor: float
    stages: dict[str, float]
    peak: int
    out: int
    concepts: int
    mentions: int
    triples: int


def build(articles: Path, files: Sequence[str], jobs: int, work: Path) -> Size:
    """Build some files of a folder, in the empty folder `work`."""
    sample, out, config = work / "articles", work / "out", settings(articles)[1]
    copy_articles(articles, files, sample)
    command = [sys.executable, "-m", "kg", "build", str(sample), "--out", str(out), "--jobs", str(jobs)]
    measured = measure(
        [*command, *(["--config", str(config)] if config else [])],
        fine=(0, 1),
        more={"XDG_CACHE_HOME": str(work / "cache")},
    )
    report = read_report(out)
    return Size(
        articles=report.counts["articles"],
        tokens=count_tokens(f"{source.title}\n\n{source.markdown}" for source in read_sources(sample)),
        seconds=measured.seconds,
        processor=measured.processor,
        stages={name: seconds for name, seconds in report.timings.items() if not name.startswith(WRITER)},
        peak=measured.peak,
        out=sum(path.stat().st_size for path in out.rglob("*") if path.is_file()),
        concepts=report.counts["concepts"],
        mentions=report.counts["mentions"],
        triples=sum(graph_sizes(out).values()),
    )


def tables(sizes: Sequence[Size]) -> list[Table]:
    """Time, memory and output by size."""
    stages = {name: None for size in sizes for name, taken in size.stages.items() if taken > SHOWN * size.seconds}
    times = [
        [
            f"{size.articles:,}",
            f"{size.tokens:,}",
            f"{size.seconds:,.1f}",
            f"{size.processor:,.0f}",
            f"{1000 * size.seconds / size.articles:.1f}",
            *(f"{1000 * size.stages.get(name, 0.0) / size.articles:.1f}" for name in stages),
        ]
        for size in sizes
    ]
    memory = []
    for before, size in zip([None, *sizes], sizes, strict=False):
        more = before is not None and size.articles > before.articles
        growth = (size.peak - before.peak) / (size.articles - before.articles) / 1000 if before and more else None
        memory.append([f"{size.articles:,}", f"{size.peak / 1e6:,.0f}", "" if growth is None else f"{growth:,.0f}"])
    output = [
        [
            f"{size.articles:,}",
            f"{size.concepts:,}",
            f"{size.mentions:,}",
            f"{size.triples:,}",
            f"{size.out / 1e6:,.0f}",
            f"{size.out / 1000 / size.articles:,.0f}",
        ]
        for size in sizes
    ]
    peak = f"Peak: the most {MEMORY} that all processes had together. KB an article: what each further one needed."
    ms = "An article's milliseconds of the clock: all, and those of each stage."
    return [
        Table("Time", ["articles", "tokens", "seconds", "CPU s", "ms each", *stages], times, ms, left=0),
        Table("Memory", ["articles", "peak MB", "KB an article more"], memory, peak, left=0),
        Table("Output", ["articles", "concepts", "mentions", "triples", "MB", "KB/article"], output, left=0),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--jobs", type=int, default=available_cores())
    options.add_argument("--output", type=Path, default=Path("exports/growth.md"), help="default: exports/growth.md")
    given = options.parse_args()
    given.output.parent.mkdir(parents=True, exist_ok=True)
    folder = given.articles.resolve()
    order = by_hash(files_of(folder))
    sizes: list[Size] = []
    for count in sorted({min(size, len(order)) for size in given.sizes}):
        try:
            with tempfile.TemporaryDirectory(dir=given.output.parent, prefix=".growth-") as work:
                sizes.append(build(folder, order[:count], given.jobs, Path(work).resolve()))
        except CommandError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{count:,} articles: {sizes[-1].seconds:.1f} s", file=sys.stderr, flush=True)
        given.output.write_text("\n".join(map(as_markdown, tables(sizes))), encoding="utf-8")
    for table in tables(sizes):
        show(table, terminal())
    return 0


if __name__ == "__main__":
    sys.exit(main())
