"""The corpus: the tables of annotations of all articles, from which concepts are selected."""

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
"""A function that takes names of columns, and reads these columns of a table with a schema in `kg.annotate.rows`.

The function yields the rows in one or more tables, since the rows of all articles would need much memory at once. All
rows of an article are in the same yielded table.
"""


def in_one_part(table: pa.Table) -> ReadRows:
    """Return a function that takes names of columns, and yields these columns of `table` as a single table."""
    return lambda columns: [table.select(columns)]


@dataclass(frozen=True)
class Corpus:
    """The annotations of all articles, as tables with schemas in `kg.annotate.rows`."""

    articles: pa.Table
    read_candidates: ReadRows
    """Function that reads columns of the table `kg.annotate.rows.CANDIDATES`. The rows are sorted by file."""
    read_forms: ReadRows
    """Function that reads columns of the table `kg.annotate.rows.FORMS`."""
    words: pa.Table
    acronyms: pa.Table

    def postings(self) -> Postings:
        """Read all candidate terms, and return which terms occur in which articles."""
        rows = pa.concat_tables(self.read_candidates(["file", "term"]))
        terms = rows["term"].combine_chunks().dictionary_encode()
        return Postings(rows["file"].to_numpy(), terms.indices.to_numpy(), terms.dictionary)

    @cached_property
    def repeated(self) -> Ints:
        """Sorted file numbers of the articles that repeat another article, and therefore do not count in statistics."""
        return repeats(self.articles)

    @cached_property
    def keywords(self) -> pa.Table:
        """The authors' keywords of all articles, in a table with the columns `file`, `form` and `label`.

        Each row is a keyword of an article: `form` is its normal form, and `label` is the keyword without markup.
        Keywords that are code or mathematics are left out.
        """
        terms = self.articles["keyword_terms"].combine_chunks()
        files = np.repeat(self.articles["file"].to_numpy(), pc.fill_null(terms.value_lengths(), 0).to_numpy())
        each = terms.flatten()
        return pa.table({"file": files, "form": each.field("form"), "label": each.field("label")})


def rows_of(read: ReadRows, terms: Iterable[str], columns: Sequence[str]) -> pa.Table:
    """Read `columns` of a table, and return the rows whose term is one of `terms`. `columns` must include "term"."""
    wanted = frozenset(terms)
    return pa.concat_tables(part.filter(pa.array(are_among(part["term"], wanted))) for part in read(columns))


def added_up(words: pa.Table) -> pa.Table:
    """Merge the rows that have the same word and use (such as "noun") into one row, with the sum of their counts.

    Args:
        words: rows of `kg.annotate.rows.WORDS`.
    """
    summed = words.group_by(["word", "use"], use_threads=False).aggregate([("count", "sum")])
    return summed.rename_columns({"count_sum": "count"}).cast(words.schema)


def texts(articles: pa.Table, files: Iterable[int]) -> dict[int, list[str]]:
    """Return, for each file number in `files`, the list of the texts of the article's parts (such as the answer).

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`.
        files: file numbers of the articles whose texts are returned.
    """
    wanted = articles.filter(pc.is_in(articles["file"], pa.array(sorted(set(files)), pa.int32())))
    rows = zip(wanted["file"].to_pylist(), wanted["parts"].to_pylist(), strict=True)
    return {file: [part["text"] for part in parts] for file, parts in rows}
