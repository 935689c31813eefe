"""Collect the table rows of a batch of articles in a worker, serialise them, and read them in the parent process."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate import rows
from kg.annotate.extract.acronyms import Acronym, is_written_short
from kg.annotate.extract.spans import Spans
from kg.annotate.extract.statement_types import Definition, HypernymPair
from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.annotate.text.normal_form import keyword_terms, normal_form
from kg.base.arrays import Floats32, Ints
from kg.base.model import Link, ParsedArticle, Problem

if TYPE_CHECKING:
    from kg.annotate.extract.columns import Found  # imports spaCy

_LINK_FIELDS: Final = [field.name for field in fields(Link)]
_VECTORS: Final = "vectors.npz"
_COMPRESSED: Final = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(slots=True)
class Collected:
    """The data that a worker collects from a batch of articles. Most attributes hold the rows of one table.

    `kg.annotate.rows.SCHEMAS` has the schemas of the tables.
    """

    articles: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    """For each article, the columns of its candidate terms. Key: name of the column. Value: one value per candidate.

    The columns of occurrences and of features from the token model are not here, but in `occurrences` and
    `token_features`.
    """
    token_features: list[Floats32] = field(default_factory=list)
    occurrences: list[Mapping[str, Ints]] = field(default_factory=list)
    forms: list[tuple[str, str, bool]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)
    acronyms: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[dict[str, Any]] = field(default_factory=list)
    definitions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    acceleration: Mapping[str, str | None] = field(default_factory=dict)
    """Key: a part of the tagger, such as "tokenizer". Value: why no faster part is used instead; None if one is used.

    This mapping is returned by the function `kg.annotate.nlp.accelerate.accelerate`.
    """
    vectors: list[tuple[Floats32, Spans]] = field(default_factory=list)

    def add(
        self,
        file: int,
        article: ParsedArticle,
        found: Found,
        acronyms: Sequence[Acronym],
        stop_words: Collection[str] = (),
    ) -> None:
        """Add the rows of one article, of its links, of its candidate terms, and of the acronyms that it defines.

        `file` is the index of the article's file in the batch. The candidates' features from the token model are not
        added here, but by `add_token_features`. A keyword in `stop_words`, such as "or", counts as a term only if it
        was found in the text or is written like an acronym.
        """
        self._add_article(file, article, found, stop_words)
        title = f" {normal_form(article.title)} "
        length = max(found.tokens, 1)
        columns = {
            **found.columns,
            "file": np.full(len(found.terms), file),
            "term": found.terms,
            "shape": found.shapes,
            "first": found.columns["first"] / length,
            "last": found.columns["last"] / length,
            "in_title": [f" {term} " in title for term in found.terms],
        }
        self.candidates.append(columns)
        self.occurrences.append(found.places)
        self.forms += found.forms
        self.words += found.words
        for acronym in acronyms:
            short, long = acronym.terms
            forms = {"short_form": acronym.short, "long_form": acronym.long}
            self.acronyms.append(
                {"file": file, "short": short, "long": long, **forms, "is_stop_word": short in stop_words}
            )

    def add_patterns(self, file: int, found: tuple[list[HypernymPair], list[Definition]]) -> None:
        """Add the hypernym pairs and the definitions that an article states.

        `file` is the index of the article's file in the batch.
        """
        self.kinds += ({"file": file, **asdict(kind)} for kind in found[0])
        self.definitions += ({"file": file, **asdict(definition)} for definition in found[1])

    def add_token_features(self, values: Floats32) -> None:
        """Add the features that the token model computed for the candidate terms of one article.

        Args:
            values: an array of shape (candidates, features). The candidates are in the same order as in the call of
                `add` for this article.
        """
        self.token_features.append(values)

    def add_vectors(self, vectors: Floats32, spans: Spans) -> None:
        """Add the vectors that the tagger computed for the tokens of an article, to train a token model on them later.

        As there is no token model yet, the features that it would compute for the article's candidates are set to zero.

        Args:
            vectors: an array of shape (tokens, width).
            spans: the occurrences of the article's candidate terms.
        """
        self.vectors.append((vectors.astype(np.float16), spans))
        self.add_token_features(np.zeros((len(spans.counts), len(TOKEN_FEATURES)), np.float32))

    def _add_article(self, file: int, article: ParsedArticle, found: Found, stop_words: Collection[str]) -> None:
        plain = {name: getattr(article, name) for name in rows.ARTICLES.names if name in ParsedArticle.__slots__}
        keywords = [
            {"form": form, "label": label}
            for form, label in keyword_terms(article.keywords)
            if form not in stop_words or is_written_short(label) or form in found.terms
        ]
        self.articles.append(
            {
                **plain,
                "file": file,
                "author_profiles": [asdict(profile) for profile in article.author_profiles],
                "keyword_terms": keywords,
                "parts": [{"name": part.name.value, "text": part.text} for part in article.parts],
                "word_count": sum(len(part.text.split()) for part in article.parts),
                "tokens": found.tokens,
            }
        )
        for position, link in enumerate(article.links, start=1):
            self.links.append(
                {"file": file, "position": position, **{name: getattr(link, name) for name in _LINK_FIELDS}}
            )

    def to_bytes(self) -> bytes:
        """Return the tables as a ZIP archive, which has one file NAME.arrow (an Arrow IPC stream) for each table.

        If `add_vectors` was called, the archive also has a file with the vectors.
        """
        candidates = self._candidates()
        features = self._feature_digests(candidates)
        articles = [
            article | {"features_sha256": found} for article, found in zip(self.articles, features, strict=True)
        ]
        tables = {
            "articles": pa.Table.from_pylist(articles, schema=rows.ARTICLES),
            "links": pa.Table.from_pylist(self.links, schema=rows.LINKS),
            "candidates": candidates,
            "forms": _counts(self.forms, rows.FORMS),
            "words": _counts(self.words, rows.WORDS),
            "acronyms": pa.Table.from_pylist(self.acronyms, schema=rows.ACRONYMS),
            "kinds": pa.Table.from_pylist(self.kinds, schema=rows.KINDS),
            "definitions": pa.Table.from_pylist(self.definitions, schema=rows.DEFINITIONS),
            "problems": pa.Table.from_pylist([asdict(problem) for problem in self.problems], schema=rows.PROBLEMS),
            "acceleration": pa.Table.from_pydict(
                {"part": [*self.acceleration], "reason": [*self.acceleration.values()]}, schema=rows.ACCELERATION
            ),
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

    def _candidates(self) -> pa.Table:
        if not self.candidates:
            return rows.CANDIDATES.empty_table()
        features = dict(zip(TOKEN_FEATURES, np.concatenate(self.token_features).T, strict=True))
        columns = []
        for name, kind in zip(rows.CANDIDATES.names[:-1], rows.CANDIDATES.types, strict=False):
            if name in features:
                values = features[name]
            elif isinstance(self.candidates[0][name], np.ndarray):
                values = np.concatenate([found[name] for found in self.candidates])
            else:
                values = [*chain.from_iterable(found[name] for found in self.candidates)]
            columns.append(pa.array(values, kind))
        places = pa.StructArray.from_arrays(
            [
                pa.array(np.concatenate([found[place.name] for found in self.occurrences]), place.type)
                for place in rows.OCCURRENCE
            ],
            fields=list(rows.OCCURRENCE),
        )
        counts = np.concatenate([found["frequency"] for found in self.candidates])
        offsets = pa.array(np.append(0, np.cumsum(counts)), pa.int32())
        return pa.Table.from_arrays([*columns, pa.ListArray.from_arrays(offsets, places)], schema=rows.CANDIDATES)

    def _feature_digests(self, candidates: pa.Table) -> Iterator[str]:
        """Yield, for each article, the SHA-256 of all columns of its candidate terms except the column `file`.

        All digits of the numbers in the columns count, since the numbers are not rounded for the digest.
        """
        fixed = [
            name for name, kind in zip(candidates.column_names, candidates.schema.types, strict=True) if _is_fixed(kind)
        ]
        numbers = [candidates[name].to_numpy() for name in fixed if name != "file"]
        occurrences = candidates["occurrences"].combine_chunks()
        places, offsets = [place.to_numpy() for place in occurrences.values.flatten()], occurrences.offsets.to_numpy()
        start = 0
        for found in self.candidates:
            end = start + len(found["term"])
            digest = hashlib.sha256("\0".join([*found["term"], *found["shape"]]).encode())
            for column in numbers:
                digest.update(column[start:end])
            for column in [
                offsets[start : end + 1] - offsets[start],
                *(p[offsets[start] : offsets[end]] for p in places),
            ]:
                digest.update(column)
            yield digest.hexdigest()
            start = end


def _is_fixed(kind: pa.DataType) -> bool:
    return not (pa.types.is_string(kind) or pa.types.is_list(kind))


def _vectors(articles: Sequence[tuple[Floats32, Spans]]) -> bytes:
    spans = [found for _, found in articles]
    buffer = io.BytesIO()
    np.savez(
        buffer,
        allow_pickle=False,
        vectors=np.concatenate([vectors for vectors, _ in articles]),
        lengths=np.array([len(vectors) for vectors, _ in articles], np.int64),
        candidates=np.array([len(found.counts) for found in spans], np.int64),
        occurrences=np.concatenate([found.counts for found in spans]),
        begin=np.concatenate([found.begin for found in spans]).astype(np.int32),
        end=np.concatenate([found.end for found in spans]).astype(np.int32),
    )
    return buffer.getvalue()


def read_vectors(path: Path) -> Iterator[tuple[npt.NDArray[np.float16], Spans]]:
    """Yield two values for each article of the batch whose ZIP archive is at `path`, in the order of the articles.

    The first value is the tagger's vectors of the article's tokens, an array of shape (tokens, width). The second value
    is the occurrences of the article's candidate terms, as spans of tokens.

    Yield nothing if the archive has no vectors. It has vectors only if there was no token model when it was made.
    """
    with zipfile.ZipFile(path) as archive:
        if _VECTORS not in archive.namelist():
            return
        stored = io.BytesIO(archive.read(_VECTORS))
    with np.load(stored, allow_pickle=False) as arrays:
        vectors = np.split(arrays["vectors"], np.cumsum(arrays["lengths"])[:-1])
        last = np.cumsum(arrays["candidates"])
        counts = np.split(arrays["occurrences"], last[:-1])
        ends = np.cumsum([found.sum() for found in counts])[:-1]
        begin, end = (np.split(arrays[name].astype(np.int64), ends) for name in ("begin", "end"))
        yield from zip(vectors, map(Spans, begin, end, counts), strict=True)


def _counts(keys: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Return a table with one row for each distinct tuple in `keys`.

    The columns are the elements of the tuple, followed by the number of times that the tuple is in `keys`.
    """
    counts = Counter(keys)
    columns = [[key[place] for key in counts] for place in range(len(schema) - 1)]
    return pa.Table.from_arrays(
        [pa.array(values, field.type) for values, field in zip([*columns, counts.values()], schema, strict=True)],
        schema=schema,
    )


def is_whole(path: Path) -> bool:
    """Return whether the file `path` is an undamaged ZIP archive, such as an archive that `Collected.to_bytes` made."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except Exception:  # zipfile raises half a dozen kinds of error for damaged bytes
        return False


def holds_rows(path: Path) -> bool:
    """Return whether the ZIP archive `path` contains a table for each schema in `kg.annotate.rows.SCHEMAS`."""
    with zipfile.ZipFile(path) as archive:
        return {f"{name}.arrow" for name in rows.SCHEMAS} <= set(archive.namelist())


@dataclass(frozen=True, slots=True)
class Rows:
    """Reference to the archive with the rows of one batch of files."""

    path: Path
    """Path of a ZIP archive. Its bytes, which `Collected.to_bytes` returned, contain the rows."""
    first: int
    """Index of the batch's first file in the sorted list of all files."""


def read_rows(parts: Sequence[Rows], name: str, columns: Collection[str] = ()) -> pa.Table:
    """Read the table `name` of every batch, and return the rows of all batches as one table.

    In the archive of a batch, the column `file` is the index of a file among the files of the batch. In the returned
    table, it is the index of the file in the sorted list of all files.

    Args:
        parts: the archives of the batches. The returned rows are in this order.
        name: name of a table, which is a key of `kg.annotate.rows.SCHEMAS`.
        columns: the columns to read; if empty, all columns. They are returned in the order of the schema. The other
            columns are not decompressed.
    """
    nothing = rows.SCHEMAS[name].empty_table()
    fields = [place for place, field in enumerate(nothing.schema.names) if field in columns or not columns]
    options = pa.ipc.IpcReadOptions(included_fields=fields)
    tables = []
    for part in parts:
        with zipfile.ZipFile(part.path) as archive:
            stored = archive.read(f"{name}.arrow")
        with pa.ipc.open_stream(stored, options=options) as stream:
            table = stream.read_all()
        if table.schema.names[0] == "file":
            numbers = pc.add(table["file"], pa.scalar(part.first, pa.int32()))
            table = table.set_column(0, table.schema.field("file"), numbers)
        tables.append(table)
    return pa.concat_tables(tables) if tables else nothing.select(fields)
