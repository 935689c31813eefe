"""search.sqlite: the same bytes from the same tables, and what its tables hold."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kg.base.report import read_report
from kg.base.tables import read_tables
from kg.export import search_index
from kg.export.search_index import FILE_NAME, LONGEST_WORD, write_search_index
from tests.export.sample_tables import article, report, sample_tables, tables

WRITE = """
import sys
from pathlib import Path
from kg.base.tables import read_tables
from kg.export import search_index
from kg.export.search_index import write_search_index
write_search_index(read_tables(Path(sys.argv[1])), None, Path(sys.argv[2]))
"""
COUNTERS = {"file change counter": 24, "schema cookie": 40, "version valid for": 92}
"""Where the header of a SQLite file has numbers that count changes."""


def rows(out: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(out / FILE_NAME)) as index:
        return index.execute(statement).fetchall()


def test_equal_tables_give_equal_bytes(built: Path, tmp_path: Path) -> None:
    """In this process and in another one, whose memory is filled with other bytes; over an older file, too."""
    first, second = (tmp_path / name for name in ("first", "second"))
    for folder in (first, second):
        folder.mkdir()
    (first / FILE_NAME).write_bytes(b"an older file")
    write_search_index(read_tables(built / "tables"), read_report(built), first)
    environment = os.environ | {"PYTHONHASHSEED": "7", "MALLOC_PERTURB_": "165"}
    subprocess.run([sys.executable, "-c", WRITE, built / "tables", second], check=True, env=environment)
    written = [(folder / FILE_NAME).read_bytes() for folder in (built, first, second)]
    assert written[0] == written[1] == written[2]
    header = written[0][:100]
    counters = {name: int.from_bytes(header[start : start + 4], "big") for name, start in COUNTERS.items()}
    assert header[96:100] == bytes(4)  # the version of SQLite
    assert counters["file change counter"] == counters["version valid for"] == 2  # the first is of user_version


def test_order_of_rows_and_chunks_makes_no_difference(tmp_path: Path) -> None:
    content = sample_tables()
    concepts = content.concepts.sort_by([("pref_label", "descending")])
    other = replace(content, concepts=concepts)
    written = []
    for name, own in (("one", content), ("other", other)):
        (tmp_path / name).mkdir()
        write_search_index(own, report(), tmp_path / name)
        written.append((tmp_path / name / FILE_NAME).read_bytes())
    assert written[0] == written[1]


def test_keys_are_those_of_the_tables(built: Path) -> None:
    content = read_tables(built / "tables")
    assert rows(built, "SELECT url FROM article ORDER BY number") == [
        (url,) for url in content.articles["url"].to_pylist()
    ]
    ordered = content.concepts.sort_by([("article_count", "descending"), ("slug", "ascending")])["slug"].to_pylist()
    assert rows(built, "SELECT slug FROM concept ORDER BY number") == [(slug,) for slug in ordered]


def test_texts_are_not_in_the_file(built: Path) -> None:
    content = (built / FILE_NAME).read_bytes()
    for row in read_tables(built / "tables").articles.to_pylist():
        for part in row["parts"]:
            assert part["text"][:40].encode() not in content


def test_all_kinds_of_labels_are_found(tmp_path: Path) -> None:
    write_search_index(sample_tables(), report(), tmp_path)
    for word in ("data", "Drift", "drifts", "onerror"):
        found = rows(tmp_path, f"SELECT rowid FROM concept_label WHERE concept_label MATCH '{word}'")
        assert found[:1] == [(1,)]  # the concept of the most articles: data drift


def test_words_have_their_accents_and_no_stems(tmp_path: Path) -> None:
    long = "x" * (LONGEST_WORD + 1)
    text = f"Die Wörter: naïve, naïve, running {long[:-1]} {long} \x00after."
    write_search_index(tables([article("a", "One", parts=[{"name": "body", "text": text}])]), report(), tmp_path)
    found = {word for (word,) in rows(tmp_path, "SELECT word FROM word")}
    assert found == {"one", "die", "wörter", "naïve", "running", long[:-1], "after"}
    assert ("naiv", 1) in rows(tmp_path, "SELECT * FROM stem")


@pytest.mark.parametrize("articles", [[], [article("a", "", parts=[])]])
def test_a_build_without_words(tmp_path: Path, articles: list[dict]) -> None:
    write_search_index(tables(articles), report(), tmp_path)
    assert rows(tmp_path, "SELECT * FROM word") == []
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_segments_that_do_not_fit_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many segments are found in full."""
    monkeypatch.setattr(search_index, "_PENDING", 2000)
    own = tables(
        [article(f"a{n:04}", f"Title {n}", parts=[{"name": "body", "text": f"word{n} same " * 20}]) for n in range(200)]
    )
    write_search_index(own, report(), tmp_path)
    assert rows(tmp_path, "SELECT count(*) FROM article_text WHERE article_text MATCH 'same'") == [(200,)]
    assert rows(tmp_path, "SELECT rowid FROM article_text WHERE article_text MATCH 'word77'") == [(78,)]


def test_a_full_disk_is_an_error_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = search_index._SCHEMA.replace("BEGIN;", "BEGIN; PRAGMA max_page_count = 8;")
    monkeypatch.setattr(search_index, "_SCHEMA", schema)
    with pytest.raises(OSError, match="full") as raised:
        write_search_index(sample_tables(), report(), tmp_path)
    assert (raised.value.errno, raised.value.filename) == (errno.ENOSPC, str(tmp_path / FILE_NAME))


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unable to open") as raised:
        write_search_index(sample_tables(), report(), tmp_path / "nowhere")
    assert raised.value.filename == str(tmp_path / "nowhere" / FILE_NAME)
