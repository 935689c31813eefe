"""The rows of a batch: collected article by article, written where the parent finds them, and read there."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate import rows
from kg.annotate.acronyms import Acronym
from kg.annotate.normal_form import normal_form
from kg.annotate.statements import Definition, KindOf
from kg.annotate.token_model import FEATURES as TOKEN_FEATURES
from kg.annotate.token_model import Floats, Spans
from kg.model import Article, Problem

if TYPE_CHECKING:
    from kg.annotate.candidates import Found  # loads spaCy

_VECTORS: Final = "vectors.npz"
_COMPRESSED: Final = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(slots=True)
class Collected:
    """The rows of a batch, a column a list; see `rows.SCHEMAS`."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    candidates: dict[str, list[Any]] = field(
        default_factory=lambda: {name: [] for name in rows.CANDIDATES.names if name != "occurrences"}
    )
    offsets: list[int] = field(default_factory=lambda: [0])
    occurrences: dict[str, list[int]] = field(
        default_factory=lambda: {rows.OCCURRENCE.field(i).name: [] for i in range(rows.OCCURRENCE.num_fields)}
    )
    forms: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    acronyms: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[dict[str, Any]] = field(default_factory=list)
    definitions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    vectors: list[tuple[Floats, Sequence[Spans]]] = field(default_factory=list)

    def add(self, file: int, article: Article, found: Found, acronyms: Sequence[Acronym]) -> None:
        """Everything of one article but what the token model says of its candidates."""
        self._add_article(file, article, found.tokens)
        title = f" {normal_form(article.title)} "
        length = max(found.tokens, 1)
        columns, places = self.candidates, self.occurrences
        for candidate in found.candidates.values():
            columns["file"].append(file)
            columns["term"].append(candidate.term)
            columns["shape"].append(candidate.shape)
            columns["words"].append(candidate.words)
            columns["frequency"].append(len(candidate.occurrences))
            columns["first"].append(candidate.first / length)
            columns["last"].append(candidate.last / length)
            columns["alone"].append(candidate.alone)
            columns["proper"].append(candidate.proper)
            columns["bold"].append(candidate.bold)
            columns["heading"].append(candidate.heading)
            columns["item_start"].append(candidate.item_start)
            columns["in_title"].append(f" {candidate.term} " in title)
            for occurrence in candidate.occurrences:
                places["part"].append(occurrence.part)
                places["start"].append(occurrence.start)
                places["end"].append(occurrence.end)
                places["sentence_start"].append(occurrence.sentence_start)
                places["sentence_end"].append(occurrence.sentence_end)
            self.offsets.append(len(places["part"]))
        self.forms.update(found.forms)
        self.words.update(found.words)
        for acronym in acronyms:
            short, long = acronym.terms
            forms = {"short_form": acronym.short, "long_form": acronym.long}
            self.acronyms.append({"file": file, "short": short, "long": long, **forms})

    def add_patterns(self, file: int, found: tuple[list[KindOf], list[Definition]]) -> None:
        """What an article's sentences say outright."""
        self.kinds += ({"file": file, **asdict(kind)} for kind in found[0])
        self.definitions += ({"file": file, **asdict(definition)} for definition in found[1])

    def add_token_features(self, values: Floats) -> None:
        """What the token model says of the candidates of one article, in their order."""
        for name, column in zip(TOKEN_FEATURES, values.T, strict=True):
            self.candidates[name] += column.tolist()

    def add_vectors(self, vectors: Floats, spans: Sequence[Spans]) -> None:
        """Keep the tagger's vectors of an article, for a token model that is to be trained."""
        self.vectors.append((vectors.astype(np.float16), spans))
        self.add_token_features(np.zeros((len(spans), len(TOKEN_FEATURES)), np.float32))

    def _add_article(self, file: int, article: Article, tokens: int) -> None:
        plain = {name: getattr(article, name) for name in rows.ARTICLES.names if name in Article.__slots__}
        parts = [{"name": part.name.value, "text": part.text} for part in article.parts]
        self.articles.append({**plain, "file": file, "parts": parts, "tokens": tokens})
        for position, link in enumerate(article.links, start=1):
            self.links.append({"file": file, "position": position, **asdict(link)})

    def to_bytes(self) -> bytes:
        """The tables as a ZIP archive of Arrow streams, NAME.arrow each, which holds a checksum of each of them."""
        places = pa.StructArray.from_arrays(
            [pa.array(values, rows.OCCURRENCE.field(name).type) for name, values in self.occurrences.items()],
            fields=list(rows.OCCURRENCE),
        )
        columns = [pa.array(values, rows.CANDIDATES.field(name).type) for name, values in self.candidates.items()]
        occurrences = pa.ListArray.from_arrays(pa.array(self.offsets, pa.int32()), places)
        tables = {
            "articles": pa.Table.from_pylist(self.articles, schema=rows.ARTICLES),
            "links": pa.Table.from_pylist(self.links, schema=rows.LINKS),
            "candidates": pa.Table.from_arrays([*columns, occurrences], schema=rows.CANDIDATES),
            "forms": _counts(((*key, count) for key, count in self.forms.items()), rows.FORMS),
            "words": _counts(((*key, count) for key, count in self.words.items()), rows.WORDS),
            "acronyms": pa.Table.from_pylist(self.acronyms, schema=rows.ACRONYMS),
            "kinds": pa.Table.from_pylist(self.kinds, schema=rows.KINDS),
            "definitions": pa.Table.from_pylist(self.definitions, schema=rows.DEFINITIONS),
            "problems": pa.Table.from_pylist([asdict(problem) for problem in self.problems], schema=rows.PROBLEMS),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, table in tables.items():
                sink = pa.BufferOutputStream()
                with pa.ipc.new_stream(sink, table.schema, options=_COMPRESSED) as out:
                    out.write_table(table)
                archive.writestr(zipfile.ZipInfo(f"{name}.arrow"), memoryview(sink.getvalue()))
            if self.vectors:
                archive.writestr(_VECTORS, _vectors(self.vectors))
        return buffer.getvalue()


def _vectors(articles: Sequence[tuple[Floats, Sequence[Spans]]]) -> bytes:
    spans = [candidate for _, found in articles for candidate in found]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        allow_pickle=False,
        vectors=np.concatenate([vectors for vectors, _ in articles]),
        lengths=np.array([len(vectors) for vectors, _ in articles], np.int64),
        candidates=np.array([len(found) for _, found in articles], np.int64),
        occurrences=np.array([len(candidate) for candidate in spans], np.int64),
        spans=np.array([span for candidate in spans for span in candidate], np.int32).reshape(-1, 2),
    )
    return buffer.getvalue()


def read_vectors(path: Path) -> Iterator[tuple[npt.NDArray[np.float16], list[Spans]]]:
    """Of each article of a batch that had no token model, in order: the tagger's vectors, (tokens, width), and of each
    of its candidates, of each occurrence, the first token and the one after the last.
    """
    with zipfile.ZipFile(path) as archive:
        if _VECTORS not in archive.namelist():
            return
        stored = io.BytesIO(archive.read(_VECTORS))
    with np.load(stored, allow_pickle=False) as arrays:
        places: list[tuple[int, int]] = [(begin, end) for begin, end in arrays["spans"].tolist()]
        ends = np.cumsum(arrays["occurrences"])
        spans: list[Spans] = [places[end - count : end] for end, count in zip(ends, arrays["occurrences"], strict=True)]
        last = np.cumsum(arrays["candidates"])
        vectors = np.split(arrays["vectors"], np.cumsum(arrays["lengths"])[:-1])
        for found, end, count in zip(vectors, last, arrays["candidates"], strict=True):
            yield found, spans[end - count : end]


def _counts(items: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    values = list(items)
    columns = [pa.array([item[i] for item in values], column.type) for i, column in enumerate(schema)]
    return pa.Table.from_arrays(columns, schema=schema)


def is_whole(path: Path) -> bool:
    """Whether `path` holds what `Collected.to_bytes` gave, with every byte as it was."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile, EOFError):
        return False


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a batch lie; `first` is the index of its first file in the sorted list of all."""

    path: Path
    first: int


def read_rows(parts: Sequence[Rows], name: str) -> pa.Table:
    """All rows of one of `rows.SCHEMAS`, in the order of the batches, with `file` counted over all of them."""
    tables = []
    for part in parts:
        with zipfile.ZipFile(part.path) as archive, pa.ipc.open_stream(archive.read(f"{name}.arrow")) as stream:
            table = stream.read_all()
        if rows.SCHEMAS[name].names[0] == "file":
            numbers = pc.add(table["file"], pa.scalar(part.first, pa.int32()))
            table = table.set_column(0, table.schema.field("file"), numbers)
        tables.append(table)
    return pa.concat_tables(tables) if tables else rows.SCHEMAS[name].empty_table()
