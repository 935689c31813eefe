"""The corpus: tables with the annotations of all articles, from which concepts are selected."""

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
"""A function that reads the given columns of the table of one of `kg.annotate.rows.SCHEMAS`.

It yields one or more tables, since the rows of a whole corpus would need much memory. All rows of an article are in
the same table.
"""


def in_one_part(table: pa.Table) -> ReadRows:
    """Return a reader for a table in memory. The reader yields the whole table at once, not in batches."""
    return lambda columns: [table.select(columns)]


@dataclass(frozen=True)
class Corpus:
    """The tables of `kg.annotate.rows` for all articles that were not skipped."""

    articles: pa.Table
    read_candidates: ReadRows
    """Reads `kg.annotate.rows.CANDIDATES`, sorted by file."""
    read_forms: ReadRows
    """Reads `kg.annotate.rows.FORMS`."""
    words: pa.Table
    acronyms: pa.Table

    def postings(self) -> Postings:
        """Read the candidates, and return which terms occur in which articles."""
        rows = pa.concat_tables(self.read_candidates(["file", "term"]))
        terms = rows["term"].combine_chunks().dictionary_encode()
        return Postings(rows["file"].to_numpy(), terms.indices.to_numpy(), terms.dictionary)

    @cached_property
    def repeated(self) -> Ints:
        """Sorted file numbers of the articles that repeat another article, and therefore do not count in statistics."""
        return repeats(self.articles)

    @cached_property
    def keywords(self) -> pa.Table:
        """The keywords of all articles, one row per article and keyword: columns `file`, `form` and `label`.

        `form` is the normal form. Keywords that are code or mathematics have none, and are left out.
        """
        terms = self.articles["keyword_terms"].combine_chunks()
        files = np.repeat(self.articles["file"].to_numpy(), pc.fill_null(terms.value_lengths(), 0).to_numpy())
        each = terms.flatten()
        return pa.table({"file": files, "form": each.field("form"), "label": each.field("label")})


def rows_of(read: ReadRows, terms: Iterable[str], columns: Sequence[str]) -> pa.Table:
    """Call `read`, and return the rows whose term is one of `terms`; `columns` must include `term`."""
    wanted = frozenset(terms)
    return pa.concat_tables(part.filter(pa.array(are_among(part["term"], wanted))) for part in read(columns))


def added_up(words: pa.Table) -> pa.Table:
    """Return one row of `kg.annotate.rows.WORDS` per word and use (such as "noun"), with the sum of its counts."""
    summed = words.group_by(["word", "use"], use_threads=False).aggregate([("count", "sum")])
    return summed.rename_columns({"count_sum": "count"}).cast(words.schema)


def texts(articles: pa.Table, files: Iterable[int]) -> dict[int, list[str]]:
    """Return the texts of some articles: for each file number, a list with the text of each part of the article.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`.
        files: file numbers of the articles to return.
    """
    wanted = articles.filter(pc.is_in(articles["file"], pa.array(sorted(set(files)), pa.int32())))
    rows = zip(wanted["file"].to_pylist(), wanted["parts"].to_pylist(), strict=True)
    return {file: [part["text"] for part in parts] for file, parts in rows}
