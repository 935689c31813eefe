"""Draw a sample of what a build says, to be read and marked by a person.

Usage: python benchmarks/draw_sample.py OUT --kind KIND [--count N] [--seed N] [--folder docs/quality]

    concepts      concepts at random, each in one of its articles
    top           the concepts of the most articles
    broader       broader edges at random, narrower -> broader, each with a sentence that has both, if there is one
    related       related edges likewise
    definitions   definitions at random

Prints every item with its sentence and writes FOLDER/KIND-NAME.tsv, where NAME is OUT's own name, in the same order and
without the sentences. `benchmarks/marks.py` says how to mark it. A file that has marks is not drawn anew.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from marks import KINDS, Item, read_items, write_items

from kg.base.tables import Tables, read_tables

Row = dict[str, Any]
Place = tuple[str, str, int, int]
"""Of a sentence: an article's url, the name of a part, and code points into that."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item, and the sentence around it, in the part's code points, that its reader sees."""

    item: Item
    sentence: tuple[int, int] | None


def draw(tables: Tables, kind: str, count: int, seed: int) -> list[Drawn]:
    """`count` items of a kind, or all that there are."""
    choice = random.Random(seed)
    if kind == "concepts":
        slugs = _sampled(tables.concepts["slug"].to_pylist(), count, choice)
        found = mentions_of(tables.mentions, slugs)
        chosen = [choice.choice(found[slug]) for slug in slugs]
    elif kind == "top":
        order = [("article_count", "descending"), ("frequency", "descending"), ("slug", "ascending")]
        slugs = tables.concepts.sort_by(order)["slug"].to_pylist()[:count]
        found = mentions_of(tables.mentions, slugs)
        chosen = [min(found[slug], key=lambda row: (row["rank"], row["article"])) for slug in slugs]
    elif kind == "definitions":
        return _definitions(tables, count, choice)
    else:
        return _edges(tables, kind, count, choice)
    return [_place(row, labels(tables)[row["concept"]]) for row in chosen]


def labels(tables: Tables) -> dict[str, str]:
    """The preferred labels by slug."""
    return dict(zip(*(tables.concepts[name].to_pylist() for name in ("slug", "pref_label")), strict=True))


def mentions_of(mentions: pa.Table, slugs: list[str]) -> dict[str, list[Row]]:
    """The rows of `mentions` of some concepts, by slug."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in mentions.filter(pc.is_in(mentions["concept"], pa.array(slugs, pa.string()))).to_pylist():
        found[row["concept"]].append(row)
    return found


def _sampled(values: list[Any], count: int, choice: random.Random) -> list[Any]:
    return choice.sample(values, min(count, len(values)))


def _place(mention: Row, label: str) -> Drawn:
    """A concept where it first stands in an article."""
    first = next(iter(mention["occurrences"]), None)
    origins = " ".join(mention["origins"])
    if first is None:
        return Drawn(Item(mention["article"], "", None, None, label, origins=origins), None)
    item = Item(mention["article"], first["part"], first["start"], first["end"], label, origins=origins)
    return Drawn(item, (first["sentence_start"], first["sentence_end"]))


def _edges(tables: Tables, kind: str, count: int, choice: random.Random) -> list[Drawn]:
    rows = tables.relations.filter(pc.equal(tables.relations["kind"], kind)).to_pylist()
    chosen = _sampled(rows, count, choice)
    found = mentions_of(tables.mentions, sorted({row[end] for row in chosen for end in ("source", "target")}))
    names = labels(tables)
    return [_edge(row, names, shared_sentences(found[row["source"]], found[row["target"]])) for row in chosen]


def _edge(row: Row, names: dict[str, str], sentences: Iterator[Place]) -> Drawn:
    """An edge with the sentence that says it, or else one that has both concepts."""
    said = (row["article"], row["part"], row["start"], row["end"]) if row["article"] else next(sentences, None)
    url, part, start, end = said or ("", "", None, None)
    item = Item(url, part, start, end, names[row["source"]], names[row["target"]], " ".join(row["origins"]))
    return Drawn(item, said and said[2:])


def shared_sentences(left: list[Row], right: list[Row]) -> Iterator[Place]:
    """The sentences in which two concepts both occur, of the articles to which they matter most first."""
    rows = {row["article"]: row for row in right}
    both = [(row["rank"] + rows[row["article"]]["rank"], row["article"], row) for row in left if row["article"] in rows]
    for _, url, row in sorted(both, key=lambda entry: entry[:2]):
        others = set(map(_sentence, rows[url]["occurrences"]))
        yield from ((url, *place) for place in map(_sentence, row["occurrences"]) if place in others)


def _sentence(occurrence: Row) -> tuple[str, int, int]:
    return occurrence["part"], occurrence["sentence_start"], occurrence["sentence_end"]


def _definitions(tables: Tables, count: int, choice: random.Random) -> list[Drawn]:
    defined = tables.concepts.filter(pc.is_valid(tables.concepts["definition"])).to_pylist()
    chosen = _sampled(defined, count, choice)
    parts = texts(tables, {row["definition_article"] for row in chosen})
    return [_definition(row, parts) for row in chosen]


def _definition(concept: Row, parts: dict[tuple[str, str], str]) -> Drawn:
    url = concept["definition_article"]
    words = re.compile(r"\s+".join(map(re.escape, concept["definition"].split())))  # the table has it in one line
    for (article, part), text in parts.items():
        if article == url and (found := words.search(text)):
            return Drawn(Item(url, part, *found.span(), concept["pref_label"]), found.span())
    raise ValueError(f"{url}: the definition of {concept['pref_label']} does not stand in it")


def texts(tables: Tables, urls: set[str]) -> dict[tuple[str, str], str]:
    """The published texts of some articles, by url and name of the part."""
    table = tables.articles.select(["url", "parts"])
    wanted = table.filter(pc.is_in(table["url"], pa.array(sorted(urls), pa.string()))).to_pylist()
    return {(row["url"], part["name"]): part["text"] for row in wanted for part in row["parts"]}


def shown(drawn: Drawn, parts: dict[tuple[str, str], str]) -> str:
    """An item as its reader sees it, the words of a concept between >> and <<."""
    item = drawn.item
    lines = [f"{item.label} -> {item.other}" if item.other else item.label]
    if item.url:
        lines.append(f"    {item.url} {item.part}".rstrip())
    if drawn.sentence and item.start is not None and item.end is not None:
        text = parts[item.url, item.part]
        start, end = drawn.sentence
        before, words, after = text[start : item.start], text[item.start : item.end], text[item.end : end]
        sentence = before + words + after if drawn.sentence == (item.start, item.end) else f"{before}>>{words}<<{after}"
        lines.append("    " + " ".join(sentence.split()))
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("out", type=Path, metavar="OUT")
    options.add_argument("--kind", choices=KINDS, required=True)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--folder", type=Path, default=Path("docs/quality"))
    args = options.parse_args()
    path = args.folder / f"{args.kind}-{args.out.resolve().name}.tsv"
    if path.exists() and any(item.mark for item in read_items(path)):
        print(f"{path}: has marks; move it away to draw another sample", file=sys.stderr)
        return 1
    tables = read_tables(args.out / "tables")
    drawn = draw(tables, args.kind, args.count, args.seed)
    args.folder.mkdir(parents=True, exist_ok=True)
    write_items(path, (found.item for found in drawn))
    parts = texts(tables, {found.item.url for found in drawn})
    for number, found in enumerate(drawn, 1):
        print(f"{number}. {shown(found, parts)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
