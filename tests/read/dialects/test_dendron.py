"""A Dendron workspace: vaults, names of notes, links with the label first, tags and users."""

import datetime as dt
from pathlib import Path, PurePosixPath

import pytest

from kg.base.config import ContentRoot, ToolSettings
from kg.read.dialects.dendron import DIALECT
from kg.read.dialects.dialect import Page, Place
from tests.read.dialects.folders import folder
from tests.read.dialects.reading import TREES, Reading, read_folder
from tests.read.texts import published, read, targets

ROOT, SOIL, CLAY, LOAM = "garden/root.md", "garden/soil.md", "garden/soil.clay.md", "garden/soil.loam.md"
RAIN, SPRING, ANN = "garden/tags.rain.md", "garden/tags.season.spring.md", "garden/user.ann.lee.md"
SHED, SPADE, DAY = "shed/notes/root.md", "shed/notes/tool.spade.md", "garden/daily.journal.2024.03.09.md"


@pytest.fixture(scope="module")
def workspace() -> Reading:
    return read_folder(TREES / "dendron")


def test_a_workspace_is_recognised_by_its_configuration(tmp_path: Path) -> None:
    assert DIALECT.recognise(folder(tmp_path, "vault/root.md", "vault/root.schema.yml")) is None
    folder(tmp_path, "dendron.yml", text="workspace: {vaults: [{fsPath: vault}]}")
    assert DIALECT.recognise(tmp_path) == "dendron.yml lies in it"
    assert DIALECT.recognise(tmp_path / "vault") == "dendron.yml lies beside it"
    (tmp_path / "other").mkdir()
    assert DIALECT.recognise(tmp_path / "other") is None


@pytest.mark.parametrize(
    ("configuration", "roots"),
    [
        ("version: 5", [("", "")]),
        ("workspace: {vaults: [{fsPath: notes}]}", [("notes", "notes")]),
        ("vaults: [{fsPath: notes, name: mine}]", [("notes", "mine")]),
        ("workspace: {vaults: [{fsPath: ., selfContained: true, name: mine}]}", [("notes", "mine")]),
        ("workspace: {vaults: [{fsPath: gone}]}", [("", "")]),
        ("workspace: {vaults: nothing}", [("", "")]),
    ],
)
def test_the_vaults_of_a_workspace(tmp_path: Path, configuration: str, roots: list[tuple[str, str]]) -> None:
    folder(tmp_path, "dendron.yml", text=configuration)
    folder(tmp_path, "notes/root.md")
    assert [(root.folder, root.kind) for root in DIALECT.settings(tmp_path).roots] == roots


def test_notes_of_all_vaults_are_articles(workspace: Reading) -> None:
    assert workspace.config.title == "Garden notes"
    assert workspace.titles() == {
        "README.md": "README",
        ROOT: "Garden",
        SOIL: "Soil",
        CLAY: "Clay",
        LOAM: "loam",
        RAIN: "Rain",
        SPRING: "Spring",
        ANN: "Ann Lee",
        DAY: "2024-03-09",
        SHED: "Shed",
        SPADE: "Spade",
    }


def test_the_name_of_a_note_gives_its_address_and_its_subject(workspace: Reading) -> None:
    urls = workspace.urls()
    assert (urls[CLAY], urls[SPADE]) == ("article/garden/soil.clay", "article/toolshed/tool.spade")
    assert (urls[ROOT], urls[SHED]) == ("article/garden/root", "article/toolshed/root")
    assert (workspace.articles[CLAY].subject, workspace.articles[SOIL].subject) == ("soil", None)
    assert workspace.articles[DAY].date == dt.date(2024, 3, 9)


def test_every_link_between_notes_is_an_edge(workspace: Reading) -> None:
    assert workspace.edges == {
        *(
            (ROOT, SOIL),
            (ROOT, CLAY),
            (ROOT, LOAM),
            (ROOT, SPADE),
            (ROOT, SHED),
            (ROOT, ANN),
            (ROOT, SPRING),
            (ROOT, RAIN),
        ),
        *((SOIL, RAIN), (CLAY, ROOT), (CLAY, LOAM), (LOAM, SOIL), (DAY, SOIL), ("README.md", SOIL)),
        *((SHED, SPADE), (SHED, SOIL), (SPADE, SHED)),
    }


def test_links_to_notes_that_are_not_there(workspace: Reading) -> None:
    assert workspace.missing == {(SOIL, "/article/garden/soil.compost")}
    assert [problem for problem in workspace.problems if "suffix" not in problem] == [
        f"{LOAM}:4: warning: link to dendron://attic/soil: no such article; the name of {SOIL} is only similar",
        f"{SOIL}:6: warning: link to soil.compost: no such article",
    ]


def test_the_text_of_a_note(workspace: Reading) -> None:
    assert workspace.text(ROOT).split("\n") == [
        "Begin with the soil, soil.clay, Spades and root.",
        " Ask @ann.lee or @nobody about #season.spring, #rain and the contents.",
        "  the plan",
        "Loam, loam too and on the web are one note.",
    ]
    assert (workspace.articles[ROOT].keywords, workspace.articles[SOIL].keywords) == (
        ("season.spring", "rain"),
        ("rain",),
    )
    assert workspace.articles[SPRING].parts[0].text == ""


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("bread.sour-dough.md", Place("article/bread.sour-dough", "sour dough", "bread", names=("bread.sour-dough",))),
        ("bread.md", Place("article/bread", "bread", None, names=("bread",))),
        (
            "meet.2024.02.30.plan.md",
            Place("article/meet.2024.02.30.plan", "plan", "meet", names=("meet.2024.02.30.plan",)),
        ),
    ],
)
def test_the_place_of_a_note(file: str, place: Place) -> None:
    assert DIALECT.place(Page(file=PurePosixPath(file)), ToolSettings()) == place


def test_with_one_vault_its_name_in_a_link_makes_no_difference() -> None:
    one, two = ContentRoot(kind="a"), ContentRoot(folder="b", kind="b")
    assert list(DIALECT.other_names("dendron://x/note", ToolSettings(roots=(one,)))) == ["note"]
    assert list(DIALECT.other_names("dendron://x/note", ToolSettings(roots=(one, two)))) == []


@pytest.mark.parametrize(
    ("source", "text", "links"),
    [
        ("[[a.b]]", "a.b", ["a.b"]),
        ("[[The label|a.b#heading]]", "The label", ["a.b"]),
        ("[[dendron://v/a.b#^x]]", "a.b", ["dendron://v/a.b"]),
        ("[[here|#heading]] [[#heading]]", "here heading", []),
        ("![[a.b#x,1:#y]]![[label|c]]", "", ["a.b", "c"]),
        ("![[a.*]] [[code|src/main.ts]] [[/x/y.txt]]", " code /x/y.txt", []),
        ("\\[[a]] `[[b]]`", "[[a]] [[b]]", []),
    ],
)
def test_links(source: str, text: str, links: list[str]) -> None:
    assert (published(source, "dendron"), [target[0] for target in targets(source, "dendron")]) == (text, links)


@pytest.mark.parametrize(
    ("source", "tags", "users"),
    [
        ("#a.b, #c-d. #1 #v2 x#y (#e)", ["a.b", "c-d", "v2", "e"], []),
        ("@ann.lee, a@b.example (@bo)", [], ["user.ann.lee", "user.bo"]),
        ("`#a` `@b`", [], []),
    ],
)
def test_tags_and_users(source: str, tags: list[str], users: list[str]) -> None:
    found = read(source, "dendron")
    assert (list(found.tags), [target.address for target in found.targets]) == (tags, users)
    assert found.part.text == source.replace("`", "")
