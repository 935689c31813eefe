"""Marks around words vanish, the words stay."""

import pytest

from tests.read.texts import NAMES, published


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("H~2~O and x^2^ and the 1^st^", "H2O and x2 and the 1st"),
        ("~~gone~~ and ~also gone~", "gone and also gone"),
        ("++new words++ and ++ctrl+alt+del++", "new words and ctrl+alt+del"),
        ("a {++new++}{--old--} {~~pear~>plum~~} {==see==}{>>why<<}", "a new plum see"),
        ("{==**bold** and [[N]]==}", "bold and N"),
    ],
)
def test_the_words_stay(source: str, text: str, name: str) -> None:
    if name in {"docusaurus", "hugo", "mdbook"}:  # without wiki links
        text = text.replace(" and N", " and [[N]]")
    assert published(source, name) == text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "source",
    [
        "i++ and ++j, or ++i or i++",
        "C++ or C++20, a++b++c",
        "x ^2 and y^3, a^b^c, 2^10 + 2^11",
        "~5 or ~6, ~/bin:~/lib, (~3, ~4)",
        "a -- b -- c and a --> b",
        "`H~2~O` $x^2^$",
    ],
)
def test_signs_that_are_no_marks_stay(source: str, name: str) -> None:
    assert published(source, name) == source.replace("`", "")
