"""An Obsidian vault: known by its folder or its links; tags, comments and block ids."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import Config, Read
from kg.read.article import parse_article
from kg.read.dialects.dialect import Place
from kg.read.dialects.obsidian import DIALECT
from tests.read.dialects.folders import folder
from tests.read.texts import read


def test_a_folder_with_the_tools_own_folder_is_a_vault(tmp_path: Path) -> None:
    assert DIALECT.recognise(folder(tmp_path, "a.md")) is None
    assert DIALECT.recognise(folder(tmp_path, ".obsidian/")) == "it has a folder .obsidian"


def test_a_folder_with_wiki_links_is_a_vault(tmp_path: Path) -> None:
    folder(tmp_path, "a.md", text="`[[b]]`, [[1, 2]] and `kg` [[options]]")
    assert DIALECT.recognise_text(tmp_path, ["a.md"]) is None
    folder(tmp_path, "sub/b.md", text="see [[x/A#heading|this]]")
    reason = "sub/b.md has a wiki link to another file"
    assert DIALECT.recognise_text(tmp_path, ["a.md", "gone.md", "sub/b.md"]) == reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "My folder/Data-Drift v1.2.md",
            Place("article/my-folder/data-drift-v12-3519bfad", "Data-Drift v1.2", "My folder"),
        ),
        ("index.md", Place("article/index", "index", None)),
    ],
)
def test_the_place_of_a_file(path: str, expected: Place) -> None:
    assert DIALECT.place(PurePosixPath(path), None, ()) == expected


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#bread and #bread/rye, #a-b_c #été", ["bread", "bread/rye", "a-b_c", "été"]),
        ("- #item\n> #quote\n# Head #head", ["item", "quote", "head"]),
        ("#123 #2024-01 #1a c#d (#e) a\\#f \\#g # h ##i", ["2024-01", "1a"]),
        ("`#a` $#b$ [x](#c) <a href='#d'> https://e.org/#f", []),
        ("```\n#a\n```\n\n    #b", []),
        ("%% #a %% #b/", ["b"]),
    ],
)
def test_tags_of_a_vault(source: str, tags: list[str]) -> None:
    assert list(read(source, "obsidian").tags) == tags


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a %%hidden%% b", "a  b"),
        ("a\n%%\nhidden `x` [[y]]\n%%\nb", "a\n\n\n\nb"),
        ("100%% sure", "100%% sure"),
        ("a paragraph. ^abc-1\n\nb", "a paragraph.\n\nb"),
        ("- item ^id\n- two", "- item\n- two"),
        ("|a|\n|-|\n\n^table", "a\n\n\n"),
        ("2 ^ 3 and x^2", "2 ^ 3 and x^2"),
    ],
)
def test_comments_and_block_ids_of_a_vault_are_not_published(source: str, text: str) -> None:
    found = read(source, "obsidian")
    assert (found.part.text, found.targets) == (text, ())


def test_a_keyword_that_is_only_the_mark_of_a_tag_is_none() -> None:
    raw = b'---\ntags: ["#", "# ", "#drift", "##"]\n---\nText.\n'
    article, _ = parse_article("a.md", raw, Config(read=Read(tool="obsidian", content="")))
    assert article is not None
    assert article.keywords == ("drift", "#")
