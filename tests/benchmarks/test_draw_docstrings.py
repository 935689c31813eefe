"""Docstrings are drawn with their places and signatures, and sentences are counted."""

from __future__ import annotations

from pathlib import Path

import draw_docstrings
import pytest


def test_docstrings_of_modules_classes_functions_and_attributes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw_docstrings, "ROOT", tmp_path)
    lines = ['"""A module."""', "X = 1", '"""A value."""', "class A:", '    """A class."""', "    def f(self):"]
    (tmp_path / "a.py").write_text("\n".join([*lines, '        """Do."""', ""]))
    found = list(draw_docstrings.docstrings(tmp_path))
    assert found == [
        ("a.py:1", "A module."),
        ("a.py:3", "A value."),
        ("a.py:5 class A", "A class."),
        ("a.py:7 f(self)", "Do."),
    ]


def test_pages_without_their_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_docstrings, "ROOT", tmp_path)
    (tmp_path / "a.md").write_text("# Head\n\nText.\n\n```\ncode\n```\n\n    more code\n")
    ((place, text),) = draw_docstrings.pages(tmp_path)
    assert place == "a.md"
    assert text.split() == ["#", "Head", "Text."]


@pytest.mark.parametrize(("text", "count"), [("One. Two! Three?", 3), ("Args:\n    one.\n\nTwo", 3), ("", 0)])
def test_sentences(text: str, count: int) -> None:
    assert draw_docstrings.count_sentences(text) == count
