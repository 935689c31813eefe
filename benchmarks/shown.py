"""Tables, for a terminal of 80 columns and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the names of the columns, and rows of text; the first `left` columns are words, the others numbers."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    left: int = 1


def show(table: Table, console: Console) -> None:
    """Print a table; long words are folded rather than numbers."""
    console.print(table.title, style="bold", markup=False, highlight=False)
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(table.columns):
        is_word = number < table.left
        numbers = 0 if is_word else max(map(len, [*name.split(), *(row[number] for row in table.rows)]))
        grid.add_column(name, justify="left" if is_word else "right", overflow="fold", min_width=numbers)
    for row in table.rows:
        grid.add_row(*map(Text, row))
    console.print(grid)
    if table.note:
        console.print(table.note + "\n", style="dim", markup=False, highlight=False)


def as_markdown(table: Table) -> str:
    """The same as Markdown."""
    ruler = ["---" if number < table.left else "---:" for number in range(len(table.columns))]
    cells = ([cell.replace("|", "\\|") for cell in row] for row in (table.columns, ruler, *table.rows))
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    note = ["", table.note] if table.note else []
    return "\n".join([f"## {table.title}", "", *lines, *note]) + "\n"


def terminal() -> Console:
    """A console of 80 columns, or fewer where the terminal has fewer."""
    return Console(width=min(WIDTH, Console().width))


def middle(values: Iterable[float]) -> str:
    """The median of some seconds, and the least and the most where there are several."""
    found = sorted(values)
    if len(found) == 1:
        return f"{found[0]:,.1f}"
    return f"{median(found):,.1f} ({found[0]:,.1f}-{found[-1]:,.1f})"


def megabytes(values: Iterable[float]) -> str:
    """The median of some bytes."""
    return f"{median(values) / 1e6:,.0f}"
