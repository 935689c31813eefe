"""The cache of rows: what it finds again, what it forgets, and that nothing wrong with it harms a build."""

import importlib.metadata
import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.annotate import stage
from kg.annotate.collect import is_whole
from kg.base.errors import UsageError
from kg.base.fingerprint import code_digest
from kg.base.report import Report
from kg.pipeline.build import build
from kg.storage import cache as module
from kg.storage.cache import Cache, cache_folder, cache_limit
from tests.pipeline.test_build import ARTICLES
from tests.published import assert_same, published

KEYS = ["aa" + "0" * 62, "aa" + "1" * 62, "bb" + "0" * 62]


def always(_: Path) -> bool:
    return True


def kept(folder: Path, file: Path, *keys: str, limit: int = 10**9) -> Cache:
    cache = Cache(folder, limit, always)
    for key in keys:
        file.write_text(key * 10)
        cache.keep(key, file)
        file.unlink()
    return cache


# The cache by itself


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "kg"
    monkeypatch.setenv("HOME", str(tmp_path))
    for nothing in ("", "relative"):  # which the specification says to ignore
        monkeypatch.setenv("XDG_CACHE_HOME", nothing)
        assert cache_folder() == tmp_path / ".cache" / "kg"


def test_how_large_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_CACHE_LIMIT", "25")
    assert cache_limit() == 25_000_000
    monkeypatch.setenv("KG_CACHE_LIMIT", "much")
    with pytest.raises(UsageError, match='KG_CACHE_LIMIT is "much", which is not a number of megabytes'):
        cache_limit()
    monkeypatch.delenv("KG_CACHE_LIMIT")
    assert cache_limit() == module.LIMIT


def test_what_was_kept_is_fetched(tmp_path: Path) -> None:
    cache = kept(tmp_path / "kg", tmp_path / "file", *KEYS)
    for key in KEYS:
        assert cache.fetch(key, tmp_path / key)
        assert (tmp_path / key).read_text() == key * 10
    assert not cache.fetch("cc" + "0" * 62, tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert (tmp_path / "kg" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_copy_outlives_its_entry(tmp_path: Path) -> None:
    cache = kept(tmp_path / "kg", tmp_path / "file", KEYS[0])
    assert cache.fetch(KEYS[0], tmp_path / "copy")
    shutil.rmtree(tmp_path / "kg")
    assert (tmp_path / "copy").read_text() == KEYS[0] * 10


def test_what_was_not_used_for_the_longest_time_goes_first(tmp_path: Path) -> None:
    for age, key in enumerate(KEYS):
        kept(tmp_path / "kg", tmp_path / "file", key)
        entry = tmp_path / "kg" / key[:2] / key[2:]
        os.utime(entry, (1000 + age, 1000 + age))
    cache = Cache(tmp_path / "kg", 1500, always)
    assert cache.fetch(KEYS[0], tmp_path / "copy")  # which makes it the one that was used last
    cache.trim()
    assert [cache.fetch(key, tmp_path / key) for key in KEYS] == [True, False, True]


def test_of_a_build_over_the_limit_the_same_part_stays(tmp_path: Path) -> None:
    for _ in range(2):
        cache = kept(tmp_path / "kg", tmp_path / "file", *KEYS, limit=1500)
        cache.trim()
        assert [cache.fetch(key, tmp_path / f"{key}-{_}") for key in KEYS] == [False, True, True]


def test_a_damaged_entry_is_none_and_goes(tmp_path: Path) -> None:
    cache = kept(tmp_path / "kg", tmp_path / "file", KEYS[0])
    cache.is_whole = lambda path: False
    assert not cache.fetch(KEYS[0], tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "kg" / KEYS[0][:2] / KEYS[0][2:]).exists()


def test_where_nothing_can_be_kept_it_is_tried_once(tmp_path: Path) -> None:
    (tmp_path / "kg").write_text("a file")
    cache = kept(tmp_path / "kg", tmp_path / "file", *KEYS)
    assert isinstance(cache.failure, OSError)
    assert not cache.fetch(KEYS[0], tmp_path / "copy")
    cache.trim()
    assert (tmp_path / "kg").read_text() == "a file"


def test_another_file_system_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("cross-device link")

    monkeypatch.setattr(module.os, "link", refuse)
    cache = kept(tmp_path / "kg", tmp_path / "file", KEYS[0])
    assert cache.fetch(KEYS[0], tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == KEYS[0] * 10


# A build with it


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some articles in small batches, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("kg.annotate.batch.BATCH_BYTES", 9_000)
    shutil.copytree(ARTICLES / "training", tmp_path / "articles")
    return tmp_path / "articles"


@pytest.fixture
def tagged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read and tagged, as they come."""
    files: list[str] = []
    annotate = stage.annotate_batch

    def noted(recipe, batch):
        files.extend(batch)
        return annotate(recipe, batch)

    monkeypatch.setattr(stage, "annotate_batch", noted)
    return files


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "cache" / "kg").glob("*/*"))


def rebuilt(articles: Path, out: Path, **options: object) -> Report:
    shutil.rmtree(out, ignore_errors=True)
    return build(articles, out, jobs=1, **options)


def test_only_what_changed_is_tagged_again(articles: Path, tmp_path: Path, tagged: list[str]) -> None:
    rebuilt(articles, tmp_path / "out")
    files = sorted(path.name for path in articles.iterdir())
    assert sorted(tagged) == files
    tagged.clear()
    first = published(tmp_path / "out")
    rebuilt(articles, tmp_path / "out")
    assert tagged == []
    assert published(tmp_path / "out") == first
    with (articles / files[3]).open("a") as article:
        article.write("\nData drift and concept drift are seen in production.\n")
    rebuilt(articles, tmp_path / "out")
    assert files[3] in tagged
    assert len(tagged) < len(files) / 2
    rebuilt(articles, tmp_path / "clean", cache=False)
    assert_same(tmp_path / "out", tmp_path / "clean")


def test_a_folder_somewhere_else_is_known_by_its_content(articles: Path, tmp_path: Path, tagged: list[str]) -> None:
    rebuilt(articles, tmp_path / "out")
    tagged.clear()
    articles.rename(tmp_path / "elsewhere")
    rebuilt(tmp_path / "elsewhere", tmp_path / "out")
    assert tagged == []


@pytest.mark.parametrize(
    "configuration",
    [
        "[concepts]\nkeywords = false\n",
        '[concepts]\naccept = ["loss curve"]\n',
        '[fields]\ntitle = ["article_title"]\n',
    ],
)
def test_what_changes_rows_is_not_taken_from_the_cache(
    articles: Path, tmp_path: Path, tagged: list[str], configuration: str
) -> None:
    rebuilt(articles, tmp_path / "out")
    tagged.clear()
    (tmp_path / "kg.toml").write_text(configuration)
    rebuilt(articles, tmp_path / "out")
    assert len(tagged) == len(list(articles.iterdir()))


def test_what_does_not_change_rows_is(articles: Path, tmp_path: Path, tagged: list[str]) -> None:
    rebuilt(articles, tmp_path / "out")
    tagged.clear()
    (tmp_path / "kg.toml").write_text('title = "T"\n[concepts]\nper_article = 3\n[publish]\nevidence = "all"\n')
    rebuilt(articles, tmp_path / "out")
    assert tagged == []


def test_without_the_cache_nothing_is_taken_and_nothing_kept(articles: Path, tmp_path: Path, tagged: list[str]) -> None:
    rebuilt(articles, tmp_path / "out", cache=False)
    assert entries(tmp_path) == []
    rebuilt(articles, tmp_path / "out")
    tagged.clear()
    rebuilt(articles, tmp_path / "out", cache=False)
    assert len(tagged) == len(list(articles.iterdir()))


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other", "folder"])
def test_a_damaged_cache_costs_time_and_no_byte(articles: Path, tmp_path: Path, tagged: list[str], damage: str) -> None:
    rebuilt(articles, tmp_path / "clean", cache=False)
    rebuilt(articles, tmp_path / "out")
    tagged.clear()
    hurt = entries(tmp_path)[::2]
    for entry in hurt:
        raw = entry.read_bytes()
        entry.unlink()
        match damage:
            case "cut":
                entry.write_bytes(raw[: len(raw) * 2 // 3])
            case "flipped":
                entry.write_bytes(raw[:3000] + bytes([raw[3000] ^ 1]) + raw[3001:])
            case "empty":
                entry.touch()
            case "other":
                entry.write_text("PK\x03\x04 something else")
            case "folder":
                entry.mkdir()
    rebuilt(articles, tmp_path / "out")
    assert tagged
    assert_same(tmp_path / "out", tmp_path / "clean")
    if damage != "folder":
        assert all(is_whole(entry) for entry in entries(tmp_path))


def test_a_cache_that_cannot_be_written_is_a_warning(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    report = rebuilt(articles, tmp_path / "out")
    assert report.cache_failure
    assert report.cache_failure.startswith(f"{tmp_path / 'cache' / 'kg'}")
    assert report.cache_failure.endswith(": Not a directory")
    rebuilt(articles, tmp_path / "clean", cache=False)
    assert_same(tmp_path / "out", tmp_path / "clean")


def test_an_article_that_changes_while_it_is_read_is_kept_as_it_was_read(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tagged: list[str]
) -> None:
    changing = sorted(articles.iterdir())[0]
    before = changing.read_text()

    with monkeypatch.context() as patch:

        def then_changed(root: Path, files: list[str]) -> dict[str, str]:
            found = stage.digests_of(root, files)
            changing.write_text(before + "\nAnother sentence about data drift.\n")
            return found

        patch.setattr("kg.pipeline.build.digests_of", then_changed)
        rebuilt(articles, tmp_path / "out")
    tagged.clear()
    rebuilt(articles, tmp_path / "again")
    assert tagged == []
    assert_same(tmp_path / "out", tmp_path / "again")
    changing.write_text(before)
    rebuilt(articles, tmp_path / "out")
    assert changing.name in tagged


def damaged(content: bytes, kind: str) -> bytes:
    """An entry with something wrong in its directory, or without a table, or no archive at all."""
    if kind in {"no table", "nothing"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, io.BytesIO() as out:
            with zipfile.ZipFile(out, "w") as copy:
                for name in archive.namelist() if kind == "no table" else ():
                    if name != "acceleration.arrow":
                        copy.writestr(name, archive.read(name))
            return out.getvalue()
    start = content.index(b"PK\x01\x02")
    offset, bit = {"version": (6, 7), "encrypted": (8, 0), "method": (10, 3), "name length": (33, 3)}[kind]
    changed = bytearray(content)
    changed[start + offset] ^= 1 << bit
    return bytes(changed)


@pytest.mark.parametrize("kind", ["version", "encrypted", "method", "name length", "no table", "nothing"])
def test_a_damaged_entry_costs_time_only(articles: Path, tmp_path: Path, kind: str, tagged: list[str]) -> None:
    build(articles, tmp_path / "first", jobs=1)
    for entry in entries(tmp_path):
        entry.write_bytes(damaged(entry.read_bytes(), kind) if is_whole(entry) else b"")
    tagged.clear()
    build(articles, tmp_path / "second", jobs=1)
    assert len(tagged) == len(list(articles.iterdir()))
    assert_same(tmp_path / "second", tmp_path / "first")


# An unchanged corpus


@pytest.fixture
def done(articles: Path, tmp_path: Path) -> Path:
    build(articles, tmp_path / "out", jobs=1)
    return tmp_path / "out"


def test_an_unchanged_corpus_is_not_built_again(articles: Path, done: Path) -> None:
    inode, report = done.stat().st_ino, (done / "report.json").read_bytes()
    again = build(articles, done, jobs=1)
    assert again.unchanged
    assert again.counts["articles"] == len(list(articles.iterdir()))
    assert (done.stat().st_ino, (done / "report.json").read_bytes()) == (inode, report)
    assert not build(articles, done, jobs=1, cache=False).unchanged


@pytest.mark.parametrize(
    "change",
    [
        lambda articles, out: (articles / "new.md").write_text("# New\n\nData drift.\n"),
        lambda articles, out: sorted(articles.iterdir())[0].unlink(),
        lambda articles, out: sorted(articles.iterdir())[0].rename(articles / "other.md"),
        lambda articles, out: (articles / "picture.png").touch(),
        lambda articles, out: (articles / "broken.md").write_bytes(b"\xff"),
        lambda articles, out: (articles.parent / "kg.toml").write_text('title = "Another"\n'),
        lambda articles, out: (out / "graph.ttl").unlink(),
        lambda articles, out: (out / "index.html").write_text("cut"),
        lambda articles, out: shutil.rmtree(out / "store"),
        lambda articles, out: max((out / "store").glob("*.sst")).write_bytes(b"cut"),
    ],
    ids="added removed renamed picture broken configuration missing cut store table".split(),
)
def test_whatever_changes_is_built_again(articles: Path, done: Path, change) -> None:
    change(articles, done)
    report = build(articles, done, jobs=1)
    assert not report.unchanged
    assert build(articles, done, jobs=1).unchanged


def test_another_time_of_build_is_a_change(articles: Path, done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert not build(articles, done, jobs=1).unchanged
    assert build(articles, done, jobs=1).unchanged


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package, whose files stand for those that run."""
    copy = tmp_path / "kg"
    shutil.copytree(Path(kg.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("kg.base.fingerprint._PACKAGE", copy)
    code_digest.cache_clear()
    yield copy
    code_digest.cache_clear()


@pytest.mark.parametrize(
    ("file", "is_read_again"),
    [
        ("render/templates/start.html.j2", False),
        ("render/templates/graph.css", False),
        ("export/rdf/core_graph.py", False),
        ("ontologies/kg.ttl", False),
        ("concepts/selection/select.py", False),
        ("annotate/extract/view.py", True),
        ("read/markdown.py", True),
        ("base/iris.py", True),
    ],
)
def test_a_change_of_the_code_is_a_change(
    articles: Path, package: Path, tmp_path: Path, tagged: list[str], file: str, is_read_again: bool
) -> None:
    build(articles, tmp_path / "out", jobs=1)
    tagged.clear()
    with (package / file).open("a") as changing:
        changing.write("\n")
    code_digest.cache_clear()
    assert not build(articles, tmp_path / "out", jobs=1).unchanged
    assert len(tagged) == (len(list(articles.iterdir())) if is_read_again else 0)
    assert build(articles, tmp_path / "out", jobs=1).unchanged


def test_another_version_of_a_library_is_a_change(
    articles: Path, done: Path, tagged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tagged.clear()
    version = importlib.metadata.version
    for library, is_read_again in [("jinja2", False), ("networkx", False), ("markdown-it-py", True), ("thinc", True)]:
        monkeypatch.setattr(
            importlib.metadata, "version", lambda name, other=library: "9.9" if name.lower() == other else version(name)
        )
        assert not build(articles, done, jobs=1).unchanged
        assert len(tagged) == (len(list(articles.iterdir())) if is_read_again else 0), library
        tagged.clear()
