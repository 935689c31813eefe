"""How long kg takes, how much memory, and what the same takes with other libraries: one table for a folder of articles.

Usage: python benchmarks/run.py ARTICLES [--runs 3] [--jobs N] [--output FILE]

In turn, as often as asked: the floor (`floor.py`), kg with an empty cache, with a full one, over an output that is up
to date, after one article has changed, and the job of `textrank_job.py`. All run on a copy of the folder, which is
itself only read, and what they write is thrown away. benchmarks/README.md says how to read the table.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import parts
from measure import MEMORY, CommandError, Measured, measure
from shown import Table, as_markdown, megabytes, middle, show, terminal
from sources import copy_articles, files_of, settings

from kg.engine.local import available_cores

HERE = Path(__file__).parent
BUILT = (0, 1)
"""Exit statuses of a build that was made; with 1 some article could not be read."""

FLOOR = "floor: tokenizer and tagger alone"
COLD = "kg build, empty cache"
WARM = "kg build, full cache"
UNCHANGED = "kg build, nothing has changed"
CHANGED = "kg build, one article has changed"
RIVAL = "spaCy, pytextrank, networkx, rdflib"
SENTENCE = " This sentence is new in the text. "


@dataclass(slots=True)
class Results:
    """What was measured, by the name of its row, turn by turn."""

    measured: dict[str, list[Measured]] = field(default_factory=lambda: defaultdict(list))
    cold: list[parts.Built] = field(default_factory=list)
    queries: Table | None = None
    articles: int = 0
    tokens: int = 0


def turn(articles: Path, work: Path, jobs: int) -> Iterator[tuple[str, Measured, Path | None]]:
    """Run everything once on a fresh copy in `work`; yields what was run, what it took, and the build if it is one."""
    copy, cache = work / "articles", {"XDG_CACHE_HOME": str(work / "cache")}
    files = files_of(articles)
    copy_articles(articles, files, copy)
    config = settings(articles)[1]
    share = ["--jobs", str(jobs)]

    def build(out: Path) -> Measured:
        command = [sys.executable, "-m", "kg", "build", str(copy), "--out", str(out), *share]
        return measure([*command, *(["--config", str(config)] if config else [])], fine=BUILT, more=cache)

    yield FLOOR, measure([sys.executable, str(HERE / "floor.py"), str(copy), *share]), None
    yield COLD, build(work / "cold"), work / "cold"
    yield WARM, build(work / "warm"), work / "warm"
    yield UNCHANGED, build(work / "warm"), work / "warm"
    change(copy / files[len(files) // 2])
    yield CHANGED, build(work / "warm"), work / "warm"
    if importlib.util.find_spec("pytextrank"):
        try:
            yield RIVAL, measure([sys.executable, str(HERE / "textrank_job.py"), str(copy), *share]), None
        except CommandError as error:  # it reads fewer kinds of folders than kg
            print(error, file=sys.stderr)


def change(file: Path) -> None:
    """Put one more sentence into the longest line of a file, which in an article is text."""
    lines = file.read_text(encoding="utf-8").split("\n")
    longest = max(range(len(lines)), key=lambda number: (". " in lines[number], len(lines[number])))
    before, full_stop, after = lines[longest].partition(". ")
    lines[longest] = before + ("." if full_stop else "") + SENTENCE + after
    file.write_text("\n".join(lines), encoding="utf-8")


def run(articles: Path, runs: int, jobs: int, work: Path) -> Results:
    """Take the turns, and put the named queries to the last cold build."""
    results = Results()
    for number in range(runs):
        with tempfile.TemporaryDirectory(dir=work, prefix=f"turn-{number + 1}-") as name:
            for what, measured, out in turn(articles, Path(name), jobs):
                results.measured[what].append(measured)
                print(f"turn {number + 1} of {runs}: {what}: {measured.seconds:.1f} s", file=sys.stderr, flush=True)
                if what == FLOOR:
                    told = json.loads(measured.output)
                    results.articles, results.tokens = told["articles"], told["tokens"]
                if what == COLD and out is not None:
                    results.cold.append(parts.read(out))
            if number + 1 == runs:
                print("the named queries", file=sys.stderr, flush=True)
                results.queries = parts.query_table(Path(name) / "cold", runs)
    return results


def floor_seconds(results: Results) -> list[float]:
    """What the floor says of itself, without reading the files, as the ratio has been defined."""
    return [json.loads(measured.output)["seconds"] for measured in results.measured[FLOOR]]


def overview(results: Results) -> Table:
    """Seconds, their ratio to the floor of the same turn, processor seconds and memory of everything that was run."""
    floors = floor_seconds(results)
    rows = []
    for what in (FLOOR, COLD, WARM, UNCHANGED, CHANGED, RIVAL):
        if not (found := results.measured.get(what)):
            rows.append([what, "did not run", "", "", ""])
            continue
        seconds = floors if what == FLOOR else [one.seconds for one in found]
        ratio = median(mine / floor for mine, floor in zip(seconds, floors, strict=True))
        processor = median(one.processor for one in found)
        rows.append([what, middle(seconds), f"{ratio:.2f}", f"{processor:,.0f}", megabytes(one.peak for one in found)])
    failed = sum(one.status == 1 for one in results.measured[COLD][:1])
    note = f"Peak: the most {MEMORY} that all processes of a command had together, in MB."
    if failed:
        note += " Some articles could not be read: kg check says which."
    title = f"{results.articles:,} articles, {results.tokens:,} tokens"
    return Table(title, ["", "seconds", "floors", "CPU s", "peak"], rows, note)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--jobs", type=int, default=available_cores())
    options.add_argument("--output", type=Path, default=Path("exports/bench.md"), help="default: exports/bench.md")
    given = options.parse_args()
    given.output.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=given.output.parent, prefix=".bench-") as work:
            results = run(given.articles.resolve(), given.runs, given.jobs, Path(work).resolve())
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    cold = [measured.seconds for measured in results.measured[COLD]]
    tables = [overview(results), parts.stage_table(results.cold, cold), parts.writer_table(results.cold)]
    tables += [results.queries] if results.queries else []
    console = terminal()
    for table in tables:
        show(table, console)
    head = f"# {given.articles.resolve().name}: {given.runs} runs in turn, {given.jobs} processes\n\n"
    given.output.write_text(head + "\n".join(map(as_markdown, tables)), encoding="utf-8")
    console.print(f"The same as Markdown: {given.output}", markup=False, highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
