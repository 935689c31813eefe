"""search.sqlite: the full-text index behind `kg search`, in SQLite's FTS5 (https://www.sqlite.org/fts5.html).

The index has no texts. Its FTS5 tables are contentless: they map words to the numbers of articles and concepts, and
tables/articles.parquet has the texts. `kg.query.search` reads the index.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from kg.base.report import Report
from kg.base.tables import Tables, each_row
from kg.export.artifacts import Artifact, Exporter

FILE_NAME: Final = "search.sqlite"
FORMAT: Final = 1
"""The version of the tables in the index; it is SQLite's `user_version`."""
TOKENIZER: Final = "porter unicode61 remove_diacritics 2"
"""The tokenizer of the index: words are folded to lower case, without accents, and stemmed by Porter's algorithm."""
LONGEST_WORD: Final = 40
"""Maximum length of the words in the tables `word` and `stem`, in code points.

Longer words are mostly data, such as keys in hexadecimal notation.
"""

_WORDS: Final = "unicode61 remove_diacritics 0"
_VERSION_OFFSET: Final = 96
"""Position of the version of SQLite in the header of its files. No reader needs the version, so it is set to 0."""
_PENDING: Final = 16 << 20
"""Maximum size of the part of an index that is in memory, in bytes; a larger part becomes a segment in the file."""
_SCHEMA: Final = f"""
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA secure_delete = ON;  -- so that unused bytes of a page are 0, and not what was there before
    PRAGMA user_version = {FORMAT};
    BEGIN;
    -- The number of an article or a concept is its rowid in the FTS5 table.
    CREATE TABLE article (number INTEGER PRIMARY KEY, url TEXT NOT NULL);
    CREATE TABLE concept (number INTEGER PRIMARY KEY, slug TEXT NOT NULL);
    CREATE VIRTUAL TABLE article_text USING fts5(title, text, content='', tokenize='{TOKENIZER}');
    CREATE VIRTUAL TABLE concept_label USING fts5(preferred, other, content='', tokenize='{TOKENIZER}');
    -- Words, unstemmed and sorted, with the number of articles and concepts whose texts or labels have the word. They
    -- have no index: its pages would have unused bytes, whose values depend on the version of SQLite.
    CREATE TABLE word (word TEXT NOT NULL, texts INTEGER NOT NULL);
    -- Stems of words, with the number of articles that have the stem.
    CREATE TABLE stem (stem TEXT NOT NULL, articles INTEGER NOT NULL);
    CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, article_text, row);
"""
_COLUMNS: Final = {"article_text": "title, text", "concept_label": "preferred, other"}
"""The columns of the FTS5 tables, by the names of these tables."""
_VOCABULARY: Final = f"""
    CREATE VIRTUAL TABLE texts USING fts5(text, content='', detail=none, tokenize='{_WORDS}');
    CREATE VIRTUAL TABLE vocabulary USING fts5vocab(texts, row);
    BEGIN;
"""


def write_search_index(tables: Tables, report: Report, out: Path) -> None:
    """Write `out`/search.sqlite. Equal tables give equal bytes.

    Articles are numbered in the order of their urls. Concepts are numbered by the number of their articles, most first.

    Raises:
        OSError: if the file cannot be written.
    """
    path = out / FILE_NAME
    path.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(path, isolation_level=None)) as index,
            closing(sqlite3.connect(":memory:", isolation_level=None)) as words,
        ):
            index.executescript(_SCHEMA)
            words.executescript(_VOCABULARY)
            for name in _COLUMNS:  # segments are merged only if there are very many
                settings = f"INSERT INTO {name} ({name}, rank) VALUES ('hashsize', ?), ('automerge', 0)"
                index.execute(settings, (_PENDING,))
            _write(index, words, "article", "article_text", _articles(tables))
            _write(index, words, "concept", "concept_label", _concepts(tables))
            for table, vocabulary in (("word", words), ("stem", index)):
                statement = "SELECT term, doc FROM vocabulary WHERE length(term) <= ? ORDER BY term"
                counted = vocabulary.execute(statement, (LONGEST_WORD,))
                index.executemany(f"INSERT INTO {table} VALUES (?, ?)", counted)
            index.execute("COMMIT")
    except sqlite3.Error as error:
        is_full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if is_full else errno.EIO, str(error), str(path)) from error
    with path.open("r+b") as file:
        file.seek(_VERSION_OFFSET)
        file.write(bytes(4))


def _write(
    index: sqlite3.Connection, words: sqlite3.Connection, keys: str, texts: str, rows: Iterable[tuple[str, str, str]]
) -> None:
    """Write the keys and the texts of articles or concepts into the tables `keys` and `texts`, and add their words.

    Each of `rows` has the key, the text that weighs more (a title or a preferred label), and the other text.
    """
    for number, (key, first, second) in enumerate(rows, start=1):
        index.execute(f"INSERT INTO {keys} VALUES (?, ?)", (number, key))
        index.execute(f"INSERT INTO {texts} (rowid, {_COLUMNS[texts]}) VALUES (?, ?, ?)", (number, first, second))
        words.execute("INSERT INTO texts (text) VALUES (?)", (f"{first}\n{second}",))


def _articles(tables: Tables) -> Iterator[tuple[str, str, str]]:
    for row in each_row(tables.articles.select(["url", "title", "parts"])):
        yield row["url"], row["title"], "\n".join(part["text"] for part in row["parts"])


def _concepts(tables: Tables) -> Iterator[tuple[str, str, str]]:
    columns = ["slug", "pref_label", "alt_labels", "hidden_labels", "article_count"]
    ordered = tables.concepts.select(columns).sort_by([("article_count", "descending"), ("slug", "ascending")])
    for row in each_row(ordered):
        yield row["slug"], row["pref_label"], "\n".join([*row["alt_labels"], *row["hidden_labels"]])


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=FILE_NAME,
                media_type="application/vnd.sqlite3",
                title="The full-text index",
                summary="the full-text index of `kg search`, without the texts",
                opens_with="`kg search`, SQLite",
                dataset_order=95,
                page_order=115,
            ),
        ),
        write=write_search_index,
    ),
)
