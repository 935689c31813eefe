"""A few articles, and the two builds of them that replace each other."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.published import published
from tests.safety.builds import ROOT, Nursery, files

SOME = "training/*.md"


@dataclass(frozen=True)
class Variant:
    """A way to build the articles, and what comes of it."""

    options: tuple[str, ...]
    out: Path
    graph: dict[str, bytes]


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("some") / "articles"
    folder.mkdir()
    for path in sorted((ROOT / "examples" / "articles").glob(SOME)):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path_factory.mktemp("nursery") / "logs")
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def variants(articles: Path, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> tuple[Variant, Variant]:
    """Two ways to build the articles that differ in every file of the graph."""
    found = []
    for number in ("3", "9"):
        out = tmp_path_factory.mktemp("variant") / "out"
        options = ("--jobs", "1", "--concepts-per-article", number)
        assert nursery.run("build", articles, "--out", out, *options) == 0, nursery.said()
        found.append(Variant(options, out, published(out)))
    assert found[0].graph["graph.nt"] != found[1].graph["graph.nt"]
    return found[0], found[1]


@pytest.fixture
def out(variants: tuple[Variant, Variant], tmp_path: Path) -> Path:
    """A build of the first variant, with nothing beside it."""
    return shutil.copytree(variants[0].out, tmp_path / "exports" / "out")


@pytest.fixture
def old(out: Path) -> dict[str, str]:
    """What `out` is before a test."""
    return files(out)
