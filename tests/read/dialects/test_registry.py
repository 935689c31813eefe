"""Every module of the package that exports a dialect is registered, and nothing else is needed for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.base.config import load_config
from kg.inspect.check import check
from kg.inspect.init import write_guess
from kg.read import dialects as package
from kg.read.article import read_article
from kg.read.dialects import registry
from kg.read.dialects.plain import DIALECT as PLAIN
from kg.read.dialects.registry import dialects, get_dialect
from kg.read.dialects.resolve import resolve_config
from tests.read.dialects.folders import folder

MODULES = {path.stem for path in Path(package.__path__[0]).glob("*.py")}
SHARED = {"__init__", "dialect", "javascript", "other_tools", "paths", "project", "registry", "resolve", "sphinx"}

DIARY = '''
"""A dialect that no other module knows."""

from kg.read.dialects.dialect import Dialect, Place
from kg.read.syntax.extension import Extension


def _recognise(folder):
    return "it has a diary.ini" if (folder / "diary.ini").is_file() else None


def _place(page, settings):
    return Place(f"/day/{page.file.stem}", f"Day {page.file.stem}", None)


DIALECT = Dialect(
    name="diary",
    title="a diary",
    precedence=50,
    recognise=_recognise,
    place=_place,
    extensions=(Extension("secret", "~", "~~.*?~~"),),
    generated=("printed",),
)
'''


def test_each_module_exports_one_dialect_of_its_name() -> None:
    assert sorted(dialect.name for dialect in dialects()) == sorted(MODULES - SHARED)


def test_dialects_are_tried_in_the_order_of_their_precedence() -> None:
    precedences = [dialect.precedence for dialect in dialects()]
    assert precedences == sorted(set(precedences))
    assert dialects()[-1] is PLAIN


def test_a_dialect_is_found_by_its_name_and_no_name_is_a_plain_folder() -> None:
    assert [get_dialect(dialect.name) for dialect in dialects()] == list(dialects())
    assert get_dialect(None) is PLAIN


@pytest.fixture
def with_diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add a module to the package, and nothing else."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "diary_of_a_test.py").write_text(DIARY, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / "more")])
    _forget()
    yield
    _forget()


def _forget() -> None:
    registry.dialects.cache_clear()
    registry._by_name.cache_clear()


@pytest.mark.usefixtures("with_diary")
def test_a_dialect_needs_a_module_and_no_other_change(tmp_path: Path) -> None:
    root = folder(tmp_path / "notes", "1.md", "diary.ini", "printed/1.md", text="Rain, ~~gold below the oak~~ all day.")
    guess, path = write_guess(root)
    assert (guess.dialect.title, guess.reason, guess.files) == ("a diary", "it has a diary.ini", 1)
    names = ", ".join(dialect.name for dialect in dialects())
    assert f'tool = "diary"    # one of {names}; it has a diary.ini' in path.read_text("utf-8")
    config = resolve_config(root, load_config(path), path)
    article, problems = read_article(root, "1.md", config)
    assert (problems, check(root, jobs=1)) == ([], [])
    assert article is not None
    assert (article.url, article.title, article.parts[0].text) == ("/day/1", "Day 1", "Rain,  all day.")
