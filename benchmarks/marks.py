"""Files in which a person marks what is right and what is wrong, and what they add up to.

Usage: python benchmarks/marks.py FOLDER

`benchmarks/draw_sample.py` writes such files, KIND-NAME.tsv, without marks. They hold no text of the articles: a place
is an article's url, the name of its part and code points into what is published of that. Whoever reads an item writes
`right` or `wrong` in the column `mark` and, where it is wrong, one of the reasons below in the column `reason`.

The table says of each file how many items were marked, how many are right, their share with its 95 % interval (Wilson
1927, https://doi.org/10.1080/01621459.1927.10502953), and the reasons of the others; and the same for each origin.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

KINDS = ("concepts", "top", "broader", "related", "definitions", "links")
MARKS = ("", "right", "wrong")
REASONS = {
    "fragment": "a part of a term, cut in the wrong place",
    "verb-phrase": "an action or a clause",
    "phrase": "words that stand together and are no term",
    "generic": "a word that says nothing by itself",
    "wrong-case": "a term, but with the wrong capitals",
    "wrong-form": "a term, but misspelt or in the wrong number",
    "two-meanings": "things that differ are one concept",
    "no-concept": "one end of the edge is no concept",
    "wrong-direction": "the broader concept is the narrower one",
    "not-narrower": "the two belong together, but neither is the broader one",
    "same": "two names of one concept",
    "unrelated": "a reader of one gains nothing from the other",
    "no-definition": "the sentence does not say what it is",
    "wrong-term": "the sentence defines something else",
    "incomplete": "the sentence cannot be understood by itself, or is cut short",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a file: a concept or two and where they stand, or no place where their words stand nowhere.

    `start` and `end` enclose the words of a concept, or else the sentence that is the evidence.
    """

    url: str
    part: str
    start: int | None
    end: int | None
    label: str
    other: str = ""
    """The label of the broader or the related concept; for a suggested link, the url of the other article."""
    origins: str = ""
    """Who or what says so, as the tables name it; a build's definitions do not tell."""
    mark: str = ""
    reason: str = ""


COLUMNS = [field.name for field in fields(Item)]


def write_items(path: Path, items: Iterable[Item]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(COLUMNS)
        writer.writerows(["" if value is None else value for value in astuple(item)] for item in items)


def read_items(path: Path) -> list[Item]:
    """Read a file of items; a ValueError names the line that is not one."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    if header != COLUMNS:
        raise ValueError(f"{path}:1: the columns must be {', '.join(COLUMNS)}")
    return [_item(f"{path}:{line}", row) for line, row in enumerate(rows, 2)]


def _item(where: str, row: list[str]) -> Item:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{where}: {len(row)} columns instead of {len(COLUMNS)}")
    url, part, start, end, label, other, origins, mark, reason = row
    if mark not in MARKS:
        raise ValueError(f'{where}: the mark "{mark}" is neither right nor wrong')
    if (reason not in REASONS) if mark == "wrong" else reason:
        raise ValueError(f'{where}: "{reason}" is no reason for the mark "{mark}"')
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) if part else start == end == ""):
        raise ValueError(f'{where}: "{start}" to "{end}" is no place')
    place = (int(start), int(end)) if part else (None, None)
    return Item(url, part, *place, label, other, origins, mark, reason)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the marks of one file add up to."""

    items: int
    right: int
    wrong: int
    reasons: dict[str, int]
    """The commonest first."""

    @property
    def marked(self) -> int:
        return self.right + self.wrong


def count(items: Sequence[Item]) -> Counts:
    marks = Counter(item.mark for item in items)
    reasons = Counter(item.reason for item in items if item.mark == "wrong")
    ordered = dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))
    return Counts(len(items), marks["right"], marks["wrong"], ordered)


def by_origins(name: str, items: Sequence[Item]) -> dict[str, Counts]:
    """The counts of a file and, where its items are of more than one origin, of each."""
    found = sorted({item.origins for item in items})
    parts = {f"  {origins or '-'}": count([item for item in items if item.origins == origins]) for origins in found}
    return {name: count(items)} | (parts if len(parts) > 1 else {})


def interval(right: int, marked: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.959964
    middle = (right + z * z / 2) / (marked + z * z)
    half = z * math.sqrt(right * (marked - right) / marked + z * z / 4) / (marked + z * z)
    return middle - half, middle + half


def table(files: Mapping[str, Sequence[Item]]) -> Iterator[str]:
    """The lines of the table, of files by their names."""
    yield f"{'file':34} {'items':>6} {'marked':>6} {'right':>6} {'wrong':>6} {'share':>6}  {'95 %':11}  reasons"
    for file, items in files.items():
        for name, found in by_origins(file, items).items():
            yield _line(name, found)


def _line(name: str, found: Counts) -> str:
    share = between = ""
    if found.marked:
        share = f"{found.right / found.marked:.2f}"
        between = "{:.2f}-{:.2f}".format(*interval(found.right, found.marked))
    reasons = ", ".join(f"{reason} {number}" for reason, number in found.reasons.items())
    numbers = f"{found.items:6} {found.marked:6} {found.right:6} {found.wrong:6}"
    return f"{name:34} {numbers} {share:>6}  {between:11}  {reasons}".rstrip()


def main() -> int:
    known = "\n".join(f"  {reason:16} {meaning}" for reason, meaning in REASONS.items())
    options = argparse.ArgumentParser(
        description=f"{__doc__}\nReasons:\n{known}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    try:
        files = {path.stem: read_items(path) for path in sorted(options.parse_args().folder.glob("*.tsv"))}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(*table(files), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
