"""An Obsidian vault and a Quartz site: recognition, notes, links, tags, inline fields and what is no text."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import Config, Read, ToolSettings
from kg.read.article import parse_article
from kg.read.dialects.dialect import Page, Place
from kg.read.dialects.obsidian import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.reading import TREES, Reading, read_folder
from tests.read.texts import published, read


def test_a_folder_with_the_tools_own_folder_is_a_vault(tmp_path: Path) -> None:
    assert DIALECT.recognise(folder(tmp_path, "a.md")) is None
    assert DIALECT.recognise(folder(tmp_path, ".obsidian/")) == ".obsidian lies in it"


def test_a_folder_with_wiki_links_is_a_vault(tmp_path: Path) -> None:
    folder(tmp_path, "a.md", text="`[[b]]`, [[1, 2]] and `kg` [[options]]")
    assert DIALECT.recognise_text(tmp_path, ["a.md"]) is None
    folder(tmp_path, "sub/b.md", text="see [[x/A#heading|this]]")
    reason = "sub/b.md has a wiki link to another file"
    assert DIALECT.recognise_text(tmp_path, ["a.md", "gone.md", "sub/b.md"]) == reason


@pytest.mark.parametrize(
    ("texts", "is_vault"),
    [
        (["#bread and #oven/clay", "no tag"], True),
        (["#bread", "nothing", "nothing"], False),
        (["# Heading", "C# #123 \\#no `#code` https://example.org/#x"], False),
        (["color #fff and #a0b1c2", "#include <stdio.h>\n\n#define X"], False),
        (["```\n#comment in code\n```"], False),
    ],
)
def test_a_folder_with_tags_in_most_files_is_a_vault(tmp_path: Path, texts: list[str], is_vault: bool) -> None:
    files = [f"{number}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        folder(tmp_path, file, text=text)
    assert DIALECT.recognise_text(tmp_path, files) == ("its files have tags" if is_vault else None)


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
    assert DIALECT.place(Page(file=PurePosixPath(path)), ToolSettings()) == expected


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#bread and #bread/rye, #a-b_c #été", ["bread", "bread/rye", "a-b_c", "été"]),
        ("- #item\n> #quote\n# Head #head", ["item", "quote", "head"]),
        ("#123 #2024-01 #1a c#d (#e) a\\#f \\#g # h ##i", ["2024-01", "1a"]),
        ("`#a` $#b$ [x](#c) <a href='#d'> https://e.org/#f", []),
        ("```\n#a\n```\n\n    #b", []),
        ("%% #a %% #b/", ["b"]),
        ("#📚 #日本 #1/3 #y1984 #e\u0301té", ["📚", "日本", "1/3", "y1984", "e\u0301té"]),
        ("[Part #1/3](https://e.org/#x) [#Linux](https://e.org) **#bold** ==#lit==", ["1/3", "Linux", "bold", "lit"]),
        ("|a|\n|-|\n|#cell|", ["cell"]),
        ('#a,#b #c. #d: "#e" #f’s #define', ["a", "c", "d", "f", "define"]),
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


BREAD, RYE, JANE, BO, TYPE = "Bread.md", "Recipes/Rye loaf.md", "People/Jane Miller.md", "People/Bo Lind.md", "Type.md"
DAY, UEBER = "2024-03-09.md", "Über Brot.md"


@pytest.fixture(scope="module")
def vault() -> Reading:
    return read_folder(TREES / "vault")


def test_templates_drawings_and_deleted_notes_are_no_articles(vault: Reading) -> None:
    assert vault.config.read.exclude[-2:] == ("Templates", "Meta/tpl")
    assert sorted(vault.articles) == [
        *(DAY, "Board.md", BREAD, "Collection.md", "Idea.md", "Meta/About.md", BO, JANE, RYE, TYPE),
        *("a/Note.md", "b/Note.md", "b/x.md", UEBER),
    ]


def test_a_note_of_properties_embeds_or_tags_only_is_an_article(vault: Reading) -> None:
    assert [vault.text(path) for path in (TYPE, "Collection.md", "Idea.md")] == ["", "", "#someday/maybe"]
    assert vault.articles["Idea.md"].keywords == ("someday/maybe",)


def test_every_link_between_notes_is_an_edge(vault: Reading) -> None:
    assert vault.edges == {
        *(
            (BREAD, JANE),
            (BREAD, BO),
            (BREAD, RYE),
            (BREAD, TYPE),
            (RYE, BREAD),
            (JANE, DAY),
            (JANE, UEBER),
            (UEBER, DAY),
        ),
        *((DAY, "Collection.md"), (DAY, TYPE), (DAY, "Idea.md"), ("Collection.md", BREAD), ("Board.md", BREAD)),
        *(("Meta/About.md", BREAD), (BO, "a/Note.md"), ("b/x.md", "b/Note.md")),
    }


def test_problems_of_a_vault(vault: Reading) -> None:
    assert vault.missing == {(BREAD, "/article/starter"), (DAY, "/article/empty")}
    assert vault.problems == [
        f"{DAY}:1: warning: link to Empty: Empty.md has no text and is left out",
        f"{BREAD}:19: warning: link to Starter: no such article",
        f"{BREAD}:22: warning: link to Starter: no such article",
        f"{BREAD}:24: warning: link to ../out.md: no such file",
        "Empty.md:1: warning: the note has no text; it is left out",
        "Plan.excalidraw.md:1: note: is a drawing; it is left out",
        "Sketch.md:1: note: is a drawing; it is left out",
    ]


def test_a_link_in_an_inline_field_has_the_name_of_the_field(vault: Reading) -> None:
    found = [(link.url, link.property, link.line) for link in vault.articles[BREAD].links if link.property]
    assert found == [
        ("Jane Miller", "author", 6),
        ("Bo Lind", "author", 6),
        ("Recipes/Rye loaf.md", "author", 6),
        ("Jane Miller", "Summary", 7),
        ("Jane Miller", "person", 10),
        ("Type", "oven", 13),
    ]


def test_the_text_of_a_note(vault: Reading) -> None:
    assert vault.text(BREAD).split("\n") == [
        "This bread is made from rye flour, salt and much patience, says Jane.",
        "Bread needs #flour/rye and time.   See the method, rye LOAF, Notes and .",
        "I spoke with Jane Miller today.",
        "- Buy salt",
        "-",
        "Flour\tLink",
        "rye\tthe loaf",
        "A tip on Starter",
        "Feed it. #starter",
        "Starter notes",
        "A note. A path, brackets, root, by name, up and web.",
        " Plan.excalidraw Sketch map.canvas Attachments/data.csv paper.epub",
        "See Type.",
        "TABLE rating FROM #book WHERE author = [[Nobody]]",
        "key:: value in code, std::string and 1::2 are text. #123 #no a#b",
    ]
    assert vault.articles[BREAD].keywords == ("food", "flour/rye", "starter")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("status:: done", ""),
        ("Next review:: 2024-03-09", ""),
        ("> - [x] **Due date**:: tomorrow", "- "),
        ("📅 When:: soon", ""),
        ("__a__:: b\nc", "\nc"),
        ("empty::", ""),
        ("note:: one two three four five six seven eight", "one two three four five six seven eight"),
        ("a [k:: [[x]]] b [k:: [x](y.md)] c", "a  b  c"),
        ("(k:: v) is (k:: v (w)), not (a).", " is v (w), not (a)."),
        ("std::string s; a::b [x::y] throws (std::exception)", "std::string s; a::b  throws (std::exception)"),
        ("In C++ the scope operator is :: and not .", "In C++ the scope operator is :: and not ."),
        ("one two three four five:: six", "one two three four five:: six"),
        ("https://example.org:: x", "https://example.org:: x"),
        ("123:: x", "123:: x"),
        ("`a:: b`", "a:: b"),
        ("<% tp.file.title %> and <%* if (x) { %>y<% } %>", " and y"),
        ("a < b %> c", "a < b %> c"),
    ],
)
def test_inline_fields_and_templates_are_no_text(source: str, text: str) -> None:
    assert published(source, "obsidian") == text


CONFIGURATION = """
const config: QuartzConfig = {
  configuration: {
    pageTitle: "🪴 Bread & more",
    baseUrl: "bread.example/garden",
    ignorePatterns: ["private", 'templates', "**/*.draft.md"],
  },
}
"""


@pytest.fixture
def quartz(tmp_path: Path) -> Path:
    folder(tmp_path, "quartz.config.ts", text=CONFIGURATION)
    folder(tmp_path, "README.md", "docs/index.md", "quartz/cli/x.md", "content/private/s.md", "content/x.draft.md")
    folder(tmp_path, "content/index.md", text="[[Rye bread]] [x](/garden/Grains/Rye-bread) [t](/tags/oven)")
    folder(tmp_path, "content/Grains/Rye bread.md", text="See [home](../index.md), [[index]] and [[Salt]].")
    folder(tmp_path, "content/Grains/index.md", text="[web](https://bread.example/garden/Grains/Rye-bread#x)")
    return tmp_path


def test_quartz_is_recognised_by_its_configuration_beside_content(quartz: Path, tmp_path: Path) -> None:
    assert DIALECT.recognise(quartz) == "quartz.config.ts lies in it"
    assert DIALECT.recognise(quartz / "content") == "quartz.config.ts lies beside it"
    assert DIALECT.recognise(folder(tmp_path / "other", "quartz.layout.ts", "content/a.md")) is not None


def test_a_quartz_site(quartz: Path) -> None:
    found = read_folder(quartz)
    assert (found.config.title, found.config.site) == ("🪴 Bread & more", "https://bread.example/garden")
    assert found.urls() == {
        "content/Grains/Rye bread.md": "/Grains/Rye-bread",
        "content/Grains/index.md": "/Grains/",
        "content/index.md": "/index.html",
    }
    assert found.titles()["content/Grains/index.md"] == "Grains"
    assert found.edges == {
        ("content/index.md", "content/Grains/Rye bread.md"),
        ("content/Grains/Rye bread.md", "content/index.md"),
        ("content/Grains/index.md", "content/Grains/Rye bread.md"),
    }
    assert found.problems == ["content/Grains/Rye bread.md:1: warning: link to Salt: no such article"]


def test_the_folder_content_of_a_quartz_site_as_the_articles_folder(quartz: Path) -> None:
    found = read_folder(quartz / "content")
    assert found.urls()["Grains/Rye bread.md"] == "/Grains/Rye-bread"
    assert "private/s.md" not in found.articles


def test_without_notes_in_content_the_documentation_of_quartz_is_the_site(tmp_path: Path) -> None:
    folder(tmp_path, "quartz.config.ts", "quartz.layout.ts", "content/.gitkeep", "docs/index.md", "docs/a & b.md")
    assert read_folder(tmp_path).urls() == {"docs/a & b.md": "/a--and--b", "docs/index.md": "/index.html"}


def test_a_keyword_that_is_only_the_mark_of_a_tag_is_none() -> None:
    raw = b'---\ntags: ["#", "# ", "#drift", "##"]\n---\nText.\n'
    article, _ = parse_article("a.md", raw, Config(read=Read(tool="obsidian", content="")))
    assert article is not None
    assert article.keywords == ("drift",)
