"""Wiki links leave their words, and lead to notes."""

import pytest

from kg.read.syntax.wiki_links import wiki_names, wiki_targets, without_brackets
from tests.read.texts import published, targets


@pytest.mark.parametrize(
    ("source", "text", "target"),
    [
        ("[[Note]]", "Note", ("Note", "Note")),
        ("[[Note|the label]]", "the label", ("Note", "Note")),
        ("[[folder/Note]]", "folder/Note", ("folder/Note", "Note")),
        ("[[Note#A heading]]", "Note > A heading", ("Note", "Note")),
        ("[[Note#A#B]]", "Note > A > B", ("Note", "Note")),
        ("[[Note#^block]]", "Note", ("Note", "Note")),
        ("[[Note#A|label]]", "label", ("Note", "Note")),
        ("[[#Own heading]]", "Own heading", None),
        ("[[#^block|x]]", "x", None),
        ("[[Café au lait]]", "Café au lait", ("Café au lait", "Café au lait")),
        ("[[Note.md]]", "Note.md", ("Note.md", "Note.md")),
        ("[[Node.js]]", "Node.js", ("Node.js", "Node.js")),
        ("[[paper.pdf]]", "paper.pdf", None),
        ("![[Note]]", "", ("Note", "Note")),
        ("![[Note#A|300]]", "", ("Note", "Note")),
        ("![[image.png|300x200]]", "", None),
        ("![[a/Sound.MP3]]", "", None),
        ("|a|\n|-|\n|[[b\\|c]]|", "a\n\nc", ("b", "b")),
        ("**[[Note]]**", "Note", ("Note", "Note")),
        ("# [[Note]]", "Note", ("Note", "Note")),
    ],
)
@pytest.mark.parametrize("tool", ["jekyll", "mkdocs", "obsidian", "plain"])
def test_wiki_links_leave_their_words(source: str, text: str, target: tuple[str, str] | None, tool: str) -> None:
    assert published(source, tool) == text
    assert [(address, title) for address, kind, title, _ in targets(source, tool)] == ([target] if target else [])


@pytest.mark.parametrize(
    "source",
    [
        "[[1, 2]] [[3]]",
        "[[ -f file ]]",
        "\\[[Note]]",
        "`[[Note]]`",
        "```\n[[Note]]\n```",
        "    [[Note]]",
        "$[[A]]$",
        "$$\n[[A]]\n$$",
        "<!-- [[Note]] -->",
        "[[a\nb]]",
        "[[]]",
        "[[docs]](https://example.org)",
    ],
)
def test_what_is_no_wiki_link(source: str) -> None:
    assert [target for target in targets(source, "plain") if target[1] == "name"] == []


@pytest.mark.parametrize(
    ("source", "text", "target"),
    [
        ("[[ Rye ]]", "Rye", "Rye"),
        ("[[Flour |white flour]]", "white flour", "Flour"),
        ("[[2024]]", "2024", "2024"),
        ("[[2024-03-08]]", "2024-03-08", "2024-03-08"),
    ],
)
def test_in_a_vault_spaces_may_be_around_a_name_and_it_may_be_a_number(source: str, text: str, target: str) -> None:
    assert published(source, "obsidian") == text
    assert [found[0] for found in targets(source, "obsidian")] == [target]


def test_a_date_is_a_name_in_every_folder() -> None:
    assert [found[0] for found in targets("[[2024-03-08]] [[2024]]", "plain")] == ["2024-03-08"]


@pytest.mark.parametrize("source", ["[[toc]]", "[[_TOC_]]", "[[TOC]]"])
def test_a_table_of_contents_is_no_link(source: str) -> None:
    assert (published(source, "plain"), targets(source, "plain")) == ("", [])


def test_a_wiki_link_to_the_web_keeps_its_words() -> None:
    source = "[[https://example.org/bread]] and [[https://example.org/oven|this page]]"
    assert published(source, "obsidian") == "https://example.org/bread and this page"
    assert targets(source, "obsidian") == []


def test_hugo_has_no_wiki_links() -> None:
    assert (published("[[Note]]", "hugo"), targets("[[Note]]", "hugo")) == ("[[Note]]", [])


def test_wiki_links_in_a_markdown_files_body_are_found_outside_code() -> None:
    assert list(wiki_names("text [[Note]]")) == ["Note"]
    assert list(wiki_names("---\na: b\n---\n![[a/Note#b]] [[#own]] [[x.png]]")) == ["a/Note"]
    assert list(wiki_names("---\na: '[[Note]]'\n---\ntext `[[Note]]`\n\n```\n[[Note]]\n```\n[[1, 2]]")) == []
    targets = wiki_targets("[[a/Note|x]], ![[b.png]], [[#own]], [[1, 2]] and [[B#c]]")
    assert [(target.address, target.title) for target in targets] == [("a/Note", "Note"), ("B", "B")]
    assert without_brackets("[[a/Note|x]] and [[B#c]], [[1, 2]]") == "x and B > c, [[1, 2]]"
