"""A wiki of GitHub or GitLab: pages in one name space, links with the label first, and links to the repository."""

from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ContentRoot, ToolSettings
from kg.read.dialects.dialect import Page
from kg.read.dialects.wiki import DIALECT
from tests.read.dialects.folders import folder
from tests.read.dialects.reading import TREES, Reading, read_folder
from tests.read.texts import published, targets

HOME, TOOLS, HIVE, FEEDING, SWARMS = "Home.md", "Tools.md", "First-hive.md", "Winter_Feeding.md", "guides/Swarms.md"
START, DANCE, WORD = "Getting-Started.md", "Why-bees-dance%3F.md", "Bee\u2010line-–-a-word.md"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The tree as a clone of the wiki of a repository."""
    root = tmp_path_factory.mktemp("clone") / "bees"
    for path in (TREES / "github_wiki").rglob("*.*"):
        folder(root, path.relative_to(TREES / "github_wiki").as_posix(), text=path.read_text("utf-8"))
    folder(root, ".git/config", text='[remote "origin"]\n\turl = git@github.com:ann/bees.wiki.git\n')
    return read_folder(root)


@pytest.mark.parametrize(
    ("name", "files", "reason"),
    [
        ("bees.wiki", ["a.md"], "its name ends in .wiki"),
        ("bees.wiki", ["a.txt"], None),
        ("bees", ["Home.md", "_Sidebar.md"], "it has Home.md and _Sidebar.md"),
        ("bees", ["Home.markdown", "_Footer.md"], "it has Home.md and _Footer.md"),
        ("bees", ["home.md", "_sidebar.md"], "it has home.md and _sidebar.md"),
        ("bees", ["home.md", "_sidebar.md", "index.html"], None),
        ("bees", ["Home.md", "a.md"], None),
        ("bees", ["a.md", "_Sidebar.md"], None),
    ],
)
def test_a_wiki_is_recognised_by_its_files(tmp_path: Path, name: str, files: list[str], reason: str | None) -> None:
    assert DIALECT.recognise(folder(tmp_path / name, *files)) == reason


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://github.com/ann/bees.wiki.git", "https://github.com/ann/bees/wiki"),
        ("git@github.com:ann/bees.wiki.git", "https://github.com/ann/bees/wiki"),
        ("https://gitlab.com/group/sub/bees.wiki.git", "https://gitlab.com/group/sub/bees/-/wikis"),
        ("ssh://git@gitlab.example.org:22/a/b.wiki.git", "https://gitlab.example.org/a/b/-/wikis"),
        ("https://code.example.org/a/b.wiki.git", "https://code.example.org/a/b/wiki"),
        ("https://user:secret@[broken.wiki.git", None),
    ],
)
def test_a_clone_of_a_wiki_is_recognised_and_has_the_address_of_the_wiki(
    tmp_path: Path, url: str, site: str | None
) -> None:
    folder(tmp_path, ".git/config", "a.md", text=f'[remote "origin"]\n\turl = {url}\n')
    assert DIALECT.recognise(tmp_path) == "it is a clone of a wiki"
    assert DIALECT.settings(tmp_path).site == site


def test_on_a_host_of_unknown_kind_the_front_page_tells_the_kind(tmp_path: Path) -> None:
    folder(tmp_path, "home.md")
    folder(tmp_path, ".git/config", text="[x]\n\turl = https://code.example.org/a/b.wiki.git\n")
    assert DIALECT.settings(tmp_path).site == "https://code.example.org/a/b/-/wikis"


def test_a_clone_of_another_repository_is_no_wiki(tmp_path: Path) -> None:
    folder(tmp_path, ".git/config", text='[remote "origin"]\n\turl = https://github.com/ann/bees.git\n')
    assert DIALECT.recognise(tmp_path) is None


@pytest.mark.parametrize(
    ("files", "text", "is_wiki"),
    [
        (["Home.md", "Two-words.md"], "[[Two words]]", True),
        (["Home.md", "Two-words.md", "b.md"], "[[b]] [[Two words]]", True),
        (["Home.md", "b.md"], "[[the letter|b]]", True),
        (["Home.md", "b.md"], "[[b]]", False),
        (["Home.md", "b.md"], "[[b|the letter]]", False),
        (["Home.md", "Two-words.md", "b.md"], "[[Two words]] [[b|the letter]]", False),
        (["a.md", "Two-words.md"], "[[Two words]]", False),
    ],
)
def test_a_folder_with_links_that_only_a_wiki_resolves(
    tmp_path: Path, files: list[str], text: str, is_wiki: bool
) -> None:
    folder(tmp_path, *files, text=text)
    reason = f"{files[0]} has a link to another page, as in a wiki of GitHub"
    assert DIALECT.recognise_text(tmp_path, files) == (reason if is_wiki else None)


def test_the_address_of_a_wiki_is_that_to_which_its_links_lead(tmp_path: Path) -> None:
    other = "https://github.com/ann/wasps/wiki/Nest"
    folder(tmp_path, "Home.md", "_Sidebar.md", "A-b.md", "C.md")
    folder(tmp_path, "D.md", text=f"https://github.com/ann/bees/wiki/A-b (https://github.com/ann/bees/wiki/c) {other}")
    assert DIALECT.settings(tmp_path).site is None
    folder(tmp_path, "E.md", text="[x](https://github.com/ann/bees/wiki/A%20B#x) <https://github.com/ann/bees/wiki/D>")
    assert DIALECT.settings(tmp_path).site == "https://github.com/ann/bees/wiki"


def test_the_pages_of_a_wiki_and_their_titles(wiki: Reading) -> None:
    assert (wiki.config.read.tool, wiki.config.site) == ("wiki", "https://github.com/ann/bees/wiki")
    assert wiki.titles() == {
        WORD: "Bee-line – a word",
        HIVE: "First hive",
        START: "Getting Started",
        HOME: "Home",
        TOOLS: "Tools",
        DANCE: "Why bees dance?",
        FEEDING: "Winter_Feeding",
        "guides/Index.md": "Index",
        SWARMS: "Swarms",
        "notes/Index.md": "Index",
    }


def test_the_folder_of_a_page_is_part_of_its_address_only_if_two_pages_have_its_name(wiki: Reading) -> None:
    urls = wiki.urls()
    assert (urls[SWARMS], urls[START], urls[DANCE]) == ("/Swarms", "/Getting-Started", "/Why-bees-dance%3F")
    assert (urls["guides/Index.md"], urls["notes/Index.md"]) == ("/guides/Index", "/notes/Index")


def test_every_link_between_pages_is_an_edge(wiki: Reading) -> None:
    assert wiki.edges == {
        *((HOME, START), (HOME, HIVE), (HOME, FEEDING), (HOME, TOOLS), (HOME, SWARMS), (HOME, DANCE)),
        *((START, HOME), (HIVE, HOME), (TOOLS, HOME), (TOOLS, SWARMS), (DANCE, WORD)),
        *((SWARMS, TOOLS), (SWARMS, "guides/Index.md")),
    }


def test_links_to_pages_that_are_not_there(wiki: Reading) -> None:
    assert wiki.missing == {(HOME, "/Wax-moths"), (START, "/Nowhere"), (FEEDING, "/Honey-Harvest")}
    assert [problem for problem in wiki.problems if "suffix" not in problem] == [
        "Getting-Started.md:1: warning: link to Nowhere: no such article",
        "Home.md:7: warning: link to Wax moths: no such article",
        "Winter_Feeding.md:1: warning: link to Honey-Harvest: no such article",
    ]


def test_the_text_of_a_page(wiki: Reading) -> None:
    assert wiki.text(HOME).split("\n")[1:] == [
        "Begin with Getting Started, the first hive and feeding a colony.",
        "* Tools, tools again, by file and by address",
        "* Getting started, too and so",
        "* Swarms or Swarms, and Wax moths",
        "* Report a mistake, code, releases, Old notation",
        "* Another wiki, A web page, Why bees dance?",
        "A hive in the snow  photo",
    ]


def test_a_wiki_of_gitlab_has_pages_in_folders() -> None:
    found = read_folder(TREES / "gitlab_wiki")
    assert found.urls() == {
        "bees/drone.md": "/bees/drone",
        "bees/queen.md": "/bees/queen",
        "home.md": "/home",
        "honey.md": "/honey",
    }
    assert found.titles()["home.md"] == "The apiary"
    assert found.edges == {
        *(("home.md", "bees/queen.md"), ("home.md", "bees/drone.md"), ("home.md", "honey.md")),
        *(("bees/queen.md", "bees/drone.md"), ("bees/queen.md", "home.md")),
        *(("bees/drone.md", "bees/queen.md"), ("bees/drone.md", "honey.md")),
    }
    assert found.problems == ["bees/queen.md:1: warning: link to harvest: no such article"]


@pytest.mark.parametrize(
    ("source", "text", "links"),
    [
        ("[[Page Name]]", "Page Name", ["Page Name"]),
        ("[[a label|Page-Name#part]]", "a label", ["Page-Name"]),
        ("[[Page|https://example.org]]", "Page", []),
        ("[[x.png]][[a/x.svg|alt=Two bees, left|width=40px]]", "Two bees", []),
        ("[[The paper|files/paper.pdf]] [[paper.pdf]]", "The paper paper.pdf", []),
        ("`[[a]]` \\[[b]]", "[[a]] [[b]]", []),
    ],
)
def test_links(source: str, text: str, links: list[str]) -> None:
    assert (published(source, "wiki"), [target[0] for target in targets(source, "wiki")]) == (text, links)


@pytest.mark.parametrize(
    ("address", "is_elsewhere"),
    [
        ("/../issues/3", True),
        ("/../wiki/Page", False),
        ("/issues", False),
        ("/ann/bees/pull/4", True),
        ("/ann/wasps/wiki/Nest", True),
        ("/group/bees/-/issues/1", True),
        ("/Page", False),
        ("/dir/page", False),
        ("/wiki/Page", False),
        ("/Issues-with-bees", False),
    ],
)
def test_links_to_the_repository_are_ignored(address: str, is_elsewhere: bool) -> None:
    assert DIALECT.is_elsewhere(address, ToolSettings(), lambda path: False) is is_elsewhere


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("/", ["/Home"]),
        ("/wiki", ["/Home"]),
        ("/wiki/A b", ["/A-b", "/A-b"]),
        ("/../wiki/Page", ["/Page", "/Page"]),
        ("/-/wikis/dir/page", ["/dir/page", "/page"]),
    ],
)
def test_the_addresses_that_a_link_can_mean(address: str, others: list[str]) -> None:
    assert list(DIALECT.other_addresses(address, ContentRoot(), ToolSettings())) == others


def test_a_page_with_a_space_in_the_name_of_its_file() -> None:
    place = DIALECT.place(Page(file=PurePosixPath("a b/Two words.md")), ToolSettings())
    assert (place.url, place.title, place.subject) == ("/Two-words", "Two words", "a b")
