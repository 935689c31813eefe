"""What the per-article stage found in all articles: what concepts are chosen from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.arrays import Ints
from kg.concepts.terms.duplicates import repeats
from kg.concepts.terms.term_index import Postings, are_among

ReadRows = Callable[[Sequence[str]], Iterable[pa.Table]]
"""Reads these columns of one of `kg.annotate.rows.SCHEMAS`: one table or more, of some whole articles each, since the
rows of all articles need much room.
"""


def in_one_part(table: pa.Table) -> ReadRows:
    """What reads columns of a table that is in memory anyway."""
    return lambda columns: [table.select(columns)]


@dataclass(frozen=True)
class Corpus:
    """The tables of `kg.annotate.rows`, without articles that were left out."""

    articles: pa.Table
    read_candidates: ReadRows
    """Sorted by file."""
    read_forms: ReadRows
    words: pa.Table
    acronyms: pa.Table

    def postings(self) -> Postings:
        """Which terms stand in which articles."""
        rows = pa.concat_tables(self.read_candidates(["file", "term"]))
        terms = rows["term"].combine_chunks().dictionary_encode()
        return Postings(rows["file"].to_numpy(), terms.indices.to_numpy(), terms.dictionary)

    @cached_property
    def repeated(self) -> Ints:
        """The file numbers, sorted, of articles that repeat another one and prove nothing a second time."""
        return repeats(self.articles)

    @cached_property
    def keywords(self) -> pa.Table:
        """`file`, `form` and `label` of every keyword that has a normal form."""
        terms = self.articles["keyword_terms"].combine_chunks()
        files = np.repeat(self.articles["file"].to_numpy(), pc.fill_null(terms.value_lengths(), 0).to_numpy())
        each = terms.flatten()
        return pa.table({"file": files, "form": each.field("form"), "label": each.field("label")})


def rows_of(read: ReadRows, terms: Iterable[str], columns: Sequence[str]) -> pa.Table:
    """These columns, `term` among them, of the rows whose term is one of `terms`."""
    wanted = frozenset(terms)
    return pa.concat_tables(part.filter(pa.array(are_among(part["term"], wanted))) for part in read(columns))


def added_up(words: pa.Table) -> pa.Table:
    """Rows of `kg.annotate.rows.WORDS` with each word and use once."""
    summed = words.group_by(["word", "use"], use_threads=False).aggregate([("count", "sum")])
    return summed.rename_columns({"count_sum": "count"}).cast(words.schema)


def texts(articles: pa.Table, files: Iterable[int]) -> dict[int, list[str]]:
    """The texts of the parts of some of `articles`, which are rows of `kg.annotate.rows.ARTICLES`, by file number."""
    wanted = articles.filter(pc.is_in(articles["file"], pa.array(sorted(set(files)), pa.int32())))
    rows = zip(wanted["file"].to_pylist(), wanted["parts"].to_pylist(), strict=True)
    return {file: [part["text"] for part in parts] for file, parts in rows}
