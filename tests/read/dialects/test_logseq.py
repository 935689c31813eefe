"""A Logseq graph: names of pages, journals, properties, tags and links, on a graph with all of them."""

import datetime as dt
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ContentRoot, ToolSettings
from kg.base.model import Link, LinkKind
from kg.read.dialects.dialect import Page
from kg.read.dialects.logseq import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.reading import TREES, Reading, read_folder
from tests.read.texts import published, read, targets


@pytest.fixture(scope="module")
def graph() -> Reading:
    return read_folder(TREES / "logseq")


def test_a_graph_is_recognised_by_its_configuration(tmp_path: Path) -> None:
    assert DIALECT.recognise(folder(tmp_path, "pages/a.md", "journals/plan.md")) is None
    folder(tmp_path, "logseq/config.edn", text="{}")
    assert DIALECT.recognise(tmp_path) == "logseq/config.edn lies in it"
    assert DIALECT.recognise(tmp_path / "pages") == "logseq/config.edn lies beside it"


def test_a_graph_without_its_configuration_is_recognised_by_its_folders(tmp_path: Path) -> None:
    assert DIALECT.recognise(folder(tmp_path, "pages/a.md", "journals/2025_01_01.md")) is not None
    assert read_folder(tmp_path).titles() == {"journals/2025_01_01.md": "Jan 1st, 2025", "pages/a.md": "a"}


def test_pages_and_journals_are_articles_with_their_names_as_titles(graph: Reading) -> None:
    assert graph.config.read.tool == "logseq"
    assert graph.titles() == {
        "journals/2025-02-01.md": "Saturday, 01.02.2025",
        "journals/2025_02_02.md": "Sunday, 02.02.2025",
        "journals/undated.md": "undated",
        "pages/Café.md": "Café",
        "pages/Class.md": "Class",
        "pages/Tides.md": "Tides",
        "pages/What is slack water%3F.md": "What is slack water?",
        "pages/contents.md": "contents",
        "pages/harbour___ferry.md": "harbour/ferry",
        "pages/moon.md": "moon",
        "pages/old-name.md": "Lighthouse keeper",
    }


def test_the_address_of_a_page_is_made_from_its_name(graph: Reading) -> None:
    urls = graph.urls()
    assert urls["pages/harbour___ferry.md"] == "article/harbour/ferry"
    assert urls["pages/old-name.md"] == "article/old-name"
    assert urls["journals/2025_02_02.md"] == "article/journals/2025-02-02"


def test_every_link_between_pages_is_an_edge(graph: Reading) -> None:
    tides, ferry, keeper = "pages/Tides.md", "pages/harbour___ferry.md", "pages/old-name.md"
    water, contents, first = "pages/What is slack water%3F.md", "pages/contents.md", "journals/2025-02-01.md"
    assert graph.edges == {
        *((contents, ferry), (contents, tides), (contents, water), (contents, first)),
        *((tides, "pages/Class.md"), (tides, ferry), (tides, water), (tides, keeper), (tides, "pages/moon.md")),
        *(
            (ferry, tides),
            (ferry, first),
            (water, tides),
            (keeper, "pages/Café.md"),
            ("pages/moon.md", "pages/Class.md"),
        ),
        *((first, ferry), (first, tides)),
    }


def test_a_page_without_a_file_is_a_missing_article_and_one_note_tells_of_all(graph: Reading) -> None:
    assert graph.missing == {
        ("pages/harbour___ferry.md", "/article/ann-lee"),
        ("pages/harbour___ferry.md", "/article/journals/2025-02-03"),
        ("journals/2025_02_02.md", "/article/journals/2025-02-04"),
    }
    assert [problem for problem in graph.problems if "suffix" not in problem] == [
        ".:1: note: 3 links lead to 3 pages that have no text yet; those that are linked to most often: "
        "Tuesday, 04.02.2025, Monday, 03.02.2025, Ann Lee",
        "pages/Neap tide.md:1: note: the note has no text; it is left out",
    ]


def test_tags_are_keywords(graph: Reading) -> None:
    keywords = {path: article.keywords for path, article in graph.articles.items() if article.keywords}
    assert keywords == {
        "pages/Tides.md": ("water", "moon/phase", "navigation", "Neap tide"),
        "pages/harbour___ferry.md": ("Tides", "unwritten/tag"),
        "journals/2025-02-01.md": ("Tides",),
    }


def test_the_properties_of_a_page_are_its_fields(graph: Reading) -> None:
    ferry, keeper = graph.articles["pages/harbour___ferry.md"], graph.articles["pages/old-name.md"]
    assert (ferry.aliases, ferry.authors, ferry.date) == (
        ("Ferry", "The boat"),
        ("Ann Lee", "Bo Lind"),
        dt.date(2025, 2, 3),
    )
    assert (ferry.subject, keeper.subject) == ("harbour", None)
    assert keeper.aliases == ("Keeper", "Warden of the light")


def test_a_link_in_a_property_has_the_name_of_the_property(graph: Reading) -> None:
    links = {(link.url, link.property): link.line for link in graph.articles["pages/Tides.md"].links if link.property}
    assert links == {
        ("Class", "type"): 1,
        ("harbour/ferry", "related-to"): 3,
        ("Charts", "related-to"): 3,
        ("../pages/harbour___ferry.md", "related-to"): 3,
        ("Keeper", "source"): 16,
    }


def test_the_text_of_a_page_has_no_properties_markers_and_macros(graph: Reading) -> None:
    assert graph.text("pages/Tides.md").split("\n") == [
        "- How the water moves",
        "- The moon pulls the sea. See what is slack water? and the ferry. #Neap tide #navigation",
        "- Ask the Warden of the light about storms",
        "  - Draw the curve of a day",
        "  - A quiet hour follows  and it.",
        "-",
        "-",
        "- The capital of tides is the moon. It is strong in spring.",
        "- curve",
        "-",
        "-",
        "Wear boots.",
        "-",
        "  (tide [[not a link]] key:: value)",
        "-",
        "(def x {:a [[also none]]})",
        "- A type:: value in code, std::vector and a ratio of 1::2 are text.",
    ]


def test_indented_blocks_below_a_heading_are_no_code(graph: Reading) -> None:
    assert graph.text("pages/harbour___ferry.md").split("\n") == [
        "Timetable",
        "- The ferry sails at high water, which Tides explains.",
        "  - See Saturday, 01.02.2025, 2025-02-01 and Feb 1st, 2025.",
        "- Chart room is a page in another notation. #Tides #unwritten/tag",
    ]


def test_the_settings_of_a_graph_given_by_one_of_its_folders(tmp_path: Path) -> None:
    folder(tmp_path, "logseq/config.edn", text='{:pages-directory "notes" :hidden ["notes/private" "x"]}')
    folder(tmp_path, "notes/a.md")
    assert DIALECT.settings(tmp_path).roots[0] == ContentRoot(folder="notes", kind="pages")
    assert DIALECT.settings(tmp_path).exclude == ("logseq", "notes/private", "x")
    assert DIALECT.settings(tmp_path / "notes").roots[0] == ContentRoot(kind="pages")
    assert read_folder(tmp_path / "notes").urls() == {"a.md": "article/a"}


LOWBAR = (("naming", ":triple-lowbar"),)


@pytest.mark.parametrize(
    ("options", "stem", "names"),
    [
        (LOWBAR, "a___b c___d", ("a/b c/d",)),
        (LOWBAR, "Node.js", ("Node.js",)),
        (LOWBAR, "50%25 rye%3A how%3F", ("50% rye: how?",)),
        (LOWBAR, "half%done%zz", ("half%done%zz",)),
        ((), "a%2Fb", ("a/b",)),
        ((), "a.b", ("a/b", "a.b")),
        ((), "a___b", ("a/b",)),
    ],
)
def test_the_names_of_a_page_by_the_format_of_file_names(
    options: tuple[tuple[str, str], ...], stem: str, names: tuple[str, ...]
) -> None:
    page = Page(file=PurePosixPath(f"{stem}.md"), root=ContentRoot(folder="pages", kind="pages"))
    place = DIALECT.place(page, ToolSettings(options=options))
    assert (place.names, place.title) == (names, names[0])


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a/b: c?", "p/a___b%3A c%3F.md"),
        ("Feb 1st, 2025", "j/2025_02_01.md"),
        ("2025-02-30", "p/2025-02-30.md"),
    ],
)
def test_the_file_in_which_a_page_would_be_written(name: str, file: str) -> None:
    roots = (ContentRoot(folder="p", kind="pages"), ContentRoot(folder="j", kind="journals"))
    assert DIALECT.missing_file is not None
    assert DIALECT.missing_file(name, ToolSettings(roots=roots)) == file


@pytest.mark.parametrize(
    ("source", "text", "links"),
    [
        ("[[C#]] and [[a|b]]", "C# and a|b", ["C#", "a|b"]),
        ("[[/x/y/]]", "/x/y/", ["x/y"]),
        ("[[../assets/map.pdf]] [[https://example.org]]", "../assets/map.pdf https://example.org", []),
        ("`[[a]]` and $[[A, B], C]$", "[[a]] and $[[A, B], C]$", []),
        ("[[a]]((65f1c2d3-aaaa-bbbb-cccc-1234567890ab))", "a", ["a"]),
        ("[label]([[Two words]])", "label", ["Two words"]),
    ],
)
def test_links(source: str, text: str, links: list[str]) -> None:
    assert (published(source, "logseq"), [target[0] for target in targets(source, "logseq") if target[0] != "#"]) == (
        text,
        links,
    )


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#a #b/c #d-e, #f. #[[g h]] (#i)", ["a", "b/c", "d-e", "f", "g h", "i"]),
        ("#Vue.js #日本、 #1a #123 a#b \\#c", ["Vue.js", "日本", "1a"]),
        ("`#a` https://example.org/#b # heading ##c", []),
        ("- x\n  tags:: a b, #c [[d e]]", ["a b", "c", "d e"]),
    ],
)
def test_tags(source: str, tags: list[str]) -> None:
    assert list(read(source, "logseq").tags) == tags


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- LATER x\n- ## NOW y\n- DONE\n- TODOs\n- NOWHERE", "- x\n- y\n- \n- TODOs\n- NOWHERE"),
        ("- [#B] urgent", "- urgent"),
        ("DEADLINE: <2025-02-03 Mon 10:00 .+1d>", ""),
        ("- a\n  logseq.order-list-type:: number", "- a\n"),
        ("作者:: 李", ""),
        ("see [a::b] and {{x {y}}}", "see [a::b] and "),
        ("#+begin_quote\nq\n#+end_quote", "\nq\n"),
    ],
)
def test_what_is_no_text(source: str, text: str) -> None:
    assert published(source, "logseq") == text


def test_a_tag_without_a_page_is_no_problem_and_no_article(tmp_path: Path) -> None:
    folder(tmp_path, "logseq/config.edn", text="{}")
    folder(tmp_path, "pages/a.md", text="- #gone and [[b]]\n")
    folder(tmp_path, "pages/b.md", text="- b\n")
    found = read_folder(tmp_path)
    assert (found.edges, found.missing, found.problems) == ({("pages/a.md", "pages/b.md")}, set(), [])
    assert Link("gone", None, None, None, kind=LinkKind.TAG) in found.articles["pages/a.md"].links
