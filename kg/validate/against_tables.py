"""Comparison of the articles and mentions in the core graph with those in the tables, and checks of the offsets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import Literal

from kg.base.iris import Minter
from kg.base.tables import Tables, each_row
from kg.export.rdf.similarities import similar_pairs
from kg.export.rdf.terms import decimal_literal, integer_literal
from kg.validate.core import (
    ABOUT,
    ANNOTATION,
    ARTICLE,
    MENTIONS,
    SCORE,
    SIMILARITY,
    AnnotationFacts,
    Core,
    text_digest,
)
from kg.validate.rules import Findings
from kg.validate.triples import iri

_ARTICLES: Final = "tables/articles.parquet"
_MENTIONS: Final = "tables/mentions.parquet"
_SIMILAR: Final = "tables/similar.parquet"


class Texts:
    """The texts of the parts of all articles. They stay in the Arrow table; only a few at a time are Python strings.

    A part is given by its IRI in N-Triples syntax.

    Attributes:
        places: maps each part to the index of its text.
        of: function that returns the text of a part, or None if there is no such part. It caches the last eight texts.
    """

    def __init__(self, articles: pa.Table, minter: Minter) -> None:
        parts = articles["parts"].combine_chunks()
        owners = pc.list_parent_indices(parts).to_pylist()
        names = pc.struct_field(parts.flatten(), "name").to_pylist()
        urls = articles["url"].to_pylist()
        self._texts = pc.struct_field(parts.flatten(), "text")
        self._languages = pc.take(articles["language"], pa.array(owners, pa.int32()))
        self.places = {
            f"<{minter.part(urls[owner], name)}>".encode(): at
            for at, (owner, name) in enumerate(zip(owners, names, strict=True))
        }
        self.of = lru_cache(maxsize=8)(self._of)

    def literals(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield each part together with its text, both in N-Triples syntax: an IRI and a literal."""
        for part, at in self.places.items():
            yield part, str(Literal(self._texts[at].as_py(), language=self._languages[at].as_py())).encode()

    def lengths(self) -> npt.NDArray[np.int64]:
        """Return the lengths of all texts in code points, in the order of `places`."""
        return pc.utf8_length(self._texts).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]

    def _of(self, part: bytes) -> str | None:
        """Return the text of a part, or None if there is no such part."""
        at = self.places.get(part)
        return None if at is None else str(self._texts[at].as_py())


class Mentioned:
    """The table of mentions. The occurrences of all mentions are in arrays that have one element for each occurrence.

    Attributes:
        row: maps the IRI of an annotation, in N-Triples syntax, to the number of the annotation's row in the table.
        urls: for each row, the url of the article.
        frequencies: for each row, the frequency.
        offsets: the occurrences of row `i` have the indices from `offsets[i]` up to, but without, `offsets[i + 1]`.
        parts: for each occurrence, the name of its part.
        numbers: maps each of "start", "end", "sentence_start" and "sentence_end" to an array with this number for each
            occurrence, in code points.
    """

    def __init__(self, tables: Tables, minter: Minter, core: Core) -> None:
        mentions = tables.mentions
        self.row: dict[bytes, int] = {}
        same: dict[str, str] = {}
        articles = [same.setdefault(url, url) for url in mentions["article"].to_pylist()]
        slugs: list[str] = mentions["concept"].to_pylist()
        for at, (url, slug) in enumerate(zip(articles, slugs, strict=True)):
            self.row[core.once(f"<{minter.mention(url, slug)}>".encode())] = at
        self.urls = articles
        self.frequencies: npt.NDArray[np.int64] = mentions["frequency"].to_numpy().astype(np.int64)
        column = mentions["occurrences"].combine_chunks()
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        self.offsets: npt.NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        flat = column.flatten()
        self.parts: list[str] = pc.struct_field(flat, "part").to_pylist()
        self.numbers: dict[str, npt.NDArray[np.int64]] = {
            name: pc.struct_field(flat, name).to_numpy(zero_copy_only=False).astype(np.int64)
            for name in ("start", "end", "sentence_start", "sentence_end")
        }

    def has(self, row: int, part: str, start: int, end: int) -> bool:
        """Return whether the mention in row `row` has an occurrence with these offsets in the part called `part`."""
        first, last = self.offsets[row], self.offsets[row + 1]
        starts = self.numbers["start"][first:last]
        at = first + np.flatnonzero((starts == start) & (self.numbers["end"][first:last] == end))
        return any(self.parts[i] == part for i in at)


def check_tables(
    core: Core, tables: Tables, minter: Minter, texts: Texts, mentioned: Mentioned, findings: Findings
) -> None:
    """Compare the articles, texts and mentions of the tables with the graph; check the offsets of each occurrence."""
    for message in _texts_differ(core, texts):
        findings.add("tables", message, file=_ARTICLES)
    articles = {f"<{minter.article(url)}>".encode() for url in tables.articles["url"].to_pylist()}
    for node in sorted(articles ^ {*core.of_class(ARTICLE)}):
        where = "in the table only" if node in articles else "in the graph only"
        findings.add("tables", f"the article {core.short(node)} is {where}", file=_ARTICLES)
    findings.extend("tables", _mentions_differ(core, tables, minter, mentioned), file=_MENTIONS)
    findings.extend("tables", _similarities_differ(core, tables, minter), file=_SIMILAR)
    findings.extend("occurrences", _occurrences(tables, texts, mentioned, minter), file=_MENTIONS)


def _texts_differ(core: Core, texts: Texts) -> Iterator[str]:
    for part, literal in texts.literals():
        if core.texts.get(part) != text_digest(literal):
            yield f"the text of {core.short(part)} differs in the graph or is missing there"


def _mentions_differ(core: Core, tables: Tables, minter: Minter, mentioned: Mentioned) -> Iterator[tuple[str, str]]:
    about = {node: {*concepts} for node, concepts in core.values[ABOUT].items()}
    nothing: set[bytes] = set()
    for row in each_row(tables.mentions.drop_columns(["occurrences"])):
        node = minter.mention(row["article"], row["concept"])
        annotation = core.annotations.get(f"<{node}>".encode())
        if annotation is None:
            yield node, f"{node} is in the table and not in the graph"
            continue
        wrong = _differences(annotation, row, minter)
        article, concept = annotation.article or b"", annotation.concept or b""
        if row["about"] != (concept in about.get(article, nothing)):
            wrong.append("schema:about")
        if wrong:
            yield node, f"{core.short(f'<{node}>'.encode())}: {', '.join(wrong)} differs from the table"
    for key, types in core.types.items():
        if ANNOTATION in types and key not in mentioned.row:
            yield key[1:-1].decode(), f"{core.short(key)} is in the graph and not in the table"
    if not core.values[MENTIONS] and mentioned.row:
        yield "", "the graph has no mentions, and the table has some"


def _similarities_differ(core: Core, tables: Tables, minter: Minter) -> Iterator[tuple[str, str]]:
    expected = {
        f"<{minter.similarity(one, other)}>".encode(): str(decimal_literal(row["score"])).encode()
        for one, other, row in similar_pairs(tables.similar)
    }
    for node in sorted({*core.of_class(SIMILARITY)} | {*expected}):
        found = core.values[SCORE].get(node, [])
        if node not in expected:
            yield iri(node), f"{core.short(node)} is in the graph and not in the table"
        elif found != [expected[node]]:
            yield iri(node), f"the score of {core.short(node)} differs from the table or is missing in the graph"


def _differences(annotation: AnnotationFacts, row: dict[str, Any], minter: Minter) -> list[str]:
    expected = {
        "article": f"<{minter.article(row['article'])}>",
        "concept": f"<{minter.concept(row['concept'])}>",
        "salience": str(decimal_literal(row["salience"])),
        "frequency": str(integer_literal(row["frequency"])),
    }
    return [field for field, value in expected.items() if getattr(annotation, field) != value.encode()]


def _occurrences(tables: Tables, texts: Texts, mentioned: Mentioned, minter: Minter) -> Iterator[tuple[str, str]]:
    counts = np.diff(mentioned.offsets)
    wrong = np.flatnonzero(counts != mentioned.frequencies)
    slugs = tables.mentions["concept"]
    for at in wrong.tolist():
        node = minter.mention(mentioned.urls[at], slugs[at].as_py())
        yield node, f"{node} has the frequency {mentioned.frequencies[at]} and {counts[at]} occurrences"
    lengths = texts.lengths()
    of_mention = np.repeat(np.arange(len(counts)), counts)
    place: dict[tuple[str, str], int] = {}
    length = np.empty(len(of_mention), np.int64)
    for i, (mention, part) in enumerate(zip(of_mention.tolist(), mentioned.parts, strict=True)):
        key = mentioned.urls[mention], part
        if key not in place:
            place[key] = texts.places.get(f"<{minter.part(*key)}>".encode(), -1)
        length[i] = lengths[place[key]] if place[key] >= 0 else -1
    n = mentioned.numbers
    fits = (
        (n["sentence_start"] >= 0)
        & (n["sentence_start"] <= n["start"])
        & (n["start"] < n["end"])
        & (n["end"] <= n["sentence_end"])
        & (n["sentence_end"] <= length)
    )
    for i in np.flatnonzero(~fits).tolist():
        mention = int(of_mention[i])
        node = minter.mention(mentioned.urls[mention], slugs[mention].as_py())
        where = f"{mentioned.parts[i]}[{n['start'][i]}:{n['end'][i]}]"
        yield node, f"{node}: {where} is outside its sentence or the text"
