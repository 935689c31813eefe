"""After any edits of a folder, a build that uses the cache writes the bytes of one that does not."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.export.store.block_index import read_loaded
from kg.pipeline.build import build
from tests.pipeline.test_build import ARTICLES
from tests.published import assert_same, assert_store_is_whole

SCRIPTS = 10
EDITS = 4
BATCH_BYTES = 12_000
"""So few that a change leaves most batches as they are."""
WORDS = "data model drift loss feature store pipeline latency registry monitor label batch cost test".split()


def sentence(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=chance.randint(4, 12))
    return " ".join(["The", *words]) + "."


def article(chance: random.Random, number: int) -> str:
    head = f"---\nid: new-{number}\ntitle: On {' '.join(chance.sample(WORDS, 3))}\n"
    links = "related_article_1:\n  url: /learn/training/questions/no-such-page\n  title: None\n"
    return head + links * chance.randint(0, 1) + f"---\n{' '.join(sentence(chance) for _ in range(20))}\n"


def write(folder: Path, chance: random.Random, number: int) -> None:
    place = folder / chance.choice([".", "monitoring", "new folder", "training/below"])
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{chance.choice('abmz')}-{number}.md").write_text(article(chance, number), "utf-8")


def change(folder: Path, chance: random.Random, number: int) -> None:
    file = some_file(folder, chance)
    lines = file.read_text("utf-8").splitlines()
    where = chance.randrange(len(lines))
    match number % 4:
        case 0:
            lines.insert(len(lines), "\n" + sentence(chance))
        case 1:
            lines = lines[: max(where, 5)]  # its front matter may lose its end
        case 2:
            lines[where] = lines[where][::-1]
        case 3:
            lines = [line for line in lines if not line.startswith("title")]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def remove(folder: Path, chance: random.Random, number: int) -> None:
    some_file(folder, chance).unlink()


def rename(folder: Path, chance: random.Random, number: int) -> None:
    file = some_file(folder, chance)
    file.rename(file.with_name(f"{chance.choice('abmz')}{number}.md"))


def copy(folder: Path, chance: random.Random, number: int) -> None:
    file = some_file(folder, chance)
    shutil.copy(file, file.with_name(f"copy-{number}.md"))


def move_folder(folder: Path, chance: random.Random, number: int) -> None:
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    moved = chance.choice(folders)
    moved.rename(moved.with_name(f"moved-{number}"))


def swap(folder: Path, chance: random.Random, number: int) -> None:
    """Two files exchange their contents."""
    one, other = some_file(folder, chance), some_file(folder, chance)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def damage(folder: Path, chance: random.Random, number: int) -> None:
    some_file(folder, chance).write_bytes(b"\xff\xfe broken")


def some_file(folder: Path, chance: random.Random) -> Path:
    return chance.choice(sorted(folder.rglob("*.md")))


KINDS: list[Callable[[Path, random.Random, int], None]] = [
    *[write, change, remove, rename, copy] * 3,
    move_folder,
    swap,
    damage,
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all scripts, as a user has one for all folders."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def variations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two variations of each of the examples, with some of their paragraphs."""
    folder = tmp_path_factory.mktemp("variations")
    chance = random.Random(0)
    for path in sorted(ARTICLES.rglob("*.md")):
        before, _, rest = path.read_text("utf-8").partition("\nanswer: >-\n")
        answer, _, after = rest.partition("\nsubject:")
        for number in range(2):
            copied = folder / path.relative_to(ARTICLES).with_name(f"{path.stem}-{number}.md")
            copied.parent.mkdir(parents=True, exist_ok=True)
            paragraphs = answer.split(r"\n\n")
            kept = [paragraphs[0], *chance.sample(paragraphs[1:], len(paragraphs) // 3)]
            text = "\nanswer: >-\n".join([before, r"\n\n".join(kept) + "\nsubject:" + after])
            copied.write_text(text.replace("\nurl: ", f"\nurl: /{number}"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def first(variations: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build before all edits."""
    out = tmp_path_factory.mktemp("first") / "out"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(cache))
        patched.setattr("kg.annotate.batch.BATCH_BYTES", BATCH_BYTES)
        build(variations, out, jobs=1)
    return out


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SCRIPTS))
def test_edits(
    variations: Path, cache: Path, first: Path, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr("kg.annotate.batch.BATCH_BYTES", BATCH_BYTES)
    folder = tmp_path / "articles"
    shutil.copytree(variations, folder)
    chance = random.Random(seed)
    for number in range(EDITS):
        chance.choice(KINDS)(folder, chance, EDITS * seed + number)
    shutil.copytree(first, tmp_path / "out")
    build(folder, tmp_path / "out", jobs=1)
    build(folder, tmp_path / "clean", jobs=1, cache=False)
    assert_same(tmp_path / "out", tmp_path / "clean")
    assert_store_is_whole(tmp_path / "out")


def test_one_sentence_more_is_exchanged_in_the_old_store(
    variations: Path, cache: Path, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr("kg.annotate.batch.BATCH_BYTES", BATCH_BYTES)
    shutil.copytree(variations, tmp_path / "articles")
    shutil.copytree(first, tmp_path / "out")
    with sorted((tmp_path / "articles").rglob("*.md"))[0].open("a", encoding="utf-8") as file:
        file.write("\nOne sentence more.\n")
    build(tmp_path / "articles", tmp_path / "out", jobs=1)
    loaded = read_loaded(tmp_path / "out" / "store")
    assert loaded is not None
    assert 0 < loaded.drift < sum(graph.lines for graph in loaded.graphs.values()) / 20
    assert_store_is_whole(tmp_path / "out")
