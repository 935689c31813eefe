"""Links that Markdown does not have, and what is written like a link but is none."""

import pytest

from tests.read.texts import NAMES, published, targets


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("[x](My note.md)", "My note.md"),
        ("[x](My note.md#Part two)", "My note.md#Part two"),
        ('[x]( a b/My note.markdown "A title" )', "a b/My note.markdown"),
        ("[x](Article (Part 2).md)", "Article (Part 2).md"),
        ("[x](<My note.md>)", "My note.md"),
        ("[x](note(1).md)", "note(1).md"),
    ],
)
def test_links_to_files_with_spaces(source: str, address: str, name: str) -> None:
    assert targets(source, name) == [(address, "path", "x", 0)]
    assert published(source, name) == "x"


@pytest.mark.parametrize(
    "source", ["[x](see this)", "[x](My picture.png)", "`[x](My note.md)`", "[x] (My note.md)", "f[x](a b, c.md d)"]
)
def test_what_is_no_link_to_a_file(source: str) -> None:
    assert targets(source) == []


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("See {doc}`the oven <../oven>`.", "See the oven.", [("../oven", "path", "the oven", 0)]),
        ("See {doc}`bread/oven`.", "See oven.", [("bread/oven", "path", "oven", 0)]),
        ("{ref}`the oven <oven>` and {term}`rye`", "the oven and rye", [("oven", "label", "the oven", 0)]),
        ("{py:class}`a.B` and {kbd}`Ctrl`", "a.B and Ctrl", []),
        ("{class}`~a.b.Pear`, {func}`~pear` and {func}`!a.b`", "Pear, pear and a.b", []),
        ("{func}`@graft <orchard.graft>` and {class}`a<b>`", "@graft and a", []),
        ("{py:obj}`the tree <orchard.Tree>` x", "the tree x", []),
        ("{octicon}`pear;1em` x{cite}`rye2020`", " x", []),
        ("{math}`x^2`", "x^2", []),
    ],
)
def test_roles(source: str, text: str, found: list[tuple[str, str, str, int]]) -> None:
    assert (published(source, "plain"), targets(source)) == (text, found)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a [!INCLUDE [x](y.md)] b", "a  b"),
        ("[!INCLUDE[x](~/y.md)]", ""),
        ("[!code-csharp[Main](~/x.cs?range=1)]", ""),
        ("[!VIDEO https://example.org/v]", ""),
        ('[!div class="wide"]', ""),
        ("Press [!UICONTROL Save].", "Press Save."),
    ],
)
def test_tags_of_microsoft_learn_are_no_text_and_no_links(source: str, text: str) -> None:
    assert (published(source, "plain"), targets(source)) == (text, [])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("the [`build` setting][config.build] here", "the build setting here"),
        ("a [pear tree][orchard] here", "a pear tree here"),
        ("the [`build`]\n[config.build] here", "the build\n here"),
        ("a [pear]\n[plum] b", "a [pear]\n[plum] b"),
        ("fixed in [#12][] and [Pears\nand plums][04]", "fixed in #12 and Pears\nand plums"),
        ("[options][file] and a[i][j] and [string][]", "[options][file] and a[i][j] and [string][]"),
        ("%[flags][width][.precision][size]type", "%[flags][width][.precision][size]type"),
    ],
)
def test_references_without_a_target_are_their_text(source: str, text: str) -> None:
    assert published(source, "plain") == text


def test_references_with_a_target_are_links() -> None:
    source = "[pear][a.b] and [Plum Tree][]\n\n[a.b]: pear.md\n[plum  tree]: plum.md"
    assert [target[:3] for target in targets(source)] == [
        ("pear.md", "path", "pear"),
        ("plum.md", "path", "Plum Tree"),
    ]


def test_a_placeholder_for_the_title_of_a_page_is_no_text() -> None:
    source = "For more, see [AUTOTITLE](/pears/plums). AUTOTITLE stays."
    assert published(source, "plain") == "For more, see …. AUTOTITLE stays."
    assert targets(source) == [("/pears/plums", "path", None, 0)]
