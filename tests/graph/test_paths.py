"""Which file a path or a name means."""

import pytest

from kg.base.config import ContentRoot, Read, ToolSettings
from kg.base.model import Link, LinkKind, LinkStatus, Problem
from kg.graph.link_resolution import LinkNode, Resolver
from kg.graph.link_table import resolve_links
from kg.graph.paths import Files
from kg.read.dialects.resolve import place

HUGO = Read(tool="hugo", content="content", settings=ToolSettings(roots=(ContentRoot(folder="content"),)))
PATH, NAME, REFERENCE = LinkKind.PATH, LinkKind.NAME, LinkKind.REFERENCE
FILES = Files(
    [
        *(
            "Note.md",
            "b/Note.md",
            "b/c/Other note.md",
            "a/Long folder/Twin.md",
            "z/Twin.md",
            "z/sub/x.md",
            "d/index.md",
        ),
        *("d/README.md", "e/readme.md", "e.md", "f.v1.md", "g.markdown", "cafe\u0301.md", "index/a.md"),
    ],
    Read(),
)


@pytest.mark.parametrize(
    ("source", "target", "path"),
    [
        ("b/Note.md", "c.md", "b/c.md"),
        ("b/Note.md", "../a/x/", "a/x/"),
        ("b/Note.md", "./", "b/"),
        ("Note.md", "", ""),
        ("Note.md", "./", "/"),
        ("b/Note.md", "../../x.md", None),
        ("b/Note.md", "..", ""),
        ("b/Note.md", "/x.md", "x.md"),
        ("b/Note.md", "/../x.md", None),
        ("b/Note.md", "c//./d.md", "b/c/d.md"),
    ],
)
def test_a_target_is_inside_the_folder_or_leads_out(source: str, target: str, path: str | None) -> None:
    assert FILES.inside(source, target) == path


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("Note.md", "Note.md"),
        ("Note", "Note.md"),
        ("Note.html", "Note.md"),
        ("note.md", None),
        ("d", "d/index.md"),
        ("d/", "d/index.md"),
        ("d/index.html", "d/index.md"),
        ("d/README.md", "d/README.md"),
        ("e", "e.md"),
        ("e/", "e/readme.md"),
        ("f.v1", "f.v1.md"),
        ("g", "g.markdown"),
        ("index/a", "index/a.md"),
        ("caf\u00e9.md", "cafe\u0301.md"),
        ("index", None),
        ("", None),
        ("b/", None),
    ],
)
def test_a_path_is_a_file_or_the_index_of_a_folder(path: str, file: str | None) -> None:
    assert FILES.at(path) == file


@pytest.mark.parametrize(
    ("source", "name", "file"),
    [
        ("z/x.md", "Note", "Note.md"),  # the whole path comes first
        ("b/x.md", "Note", "Note.md"),
        ("z/x.md", "b/Note", "b/Note.md"),
        ("z/x.md", "OTHER NOTE", "b/c/Other note.md"),
        ("z/x.md", "c/other note.md", "b/c/Other note.md"),
        ("z/x.md", "Twin", "z/Twin.md"),
        ("a/x.md", "Twin", "a/Long folder/Twin.md"),  # below the same folder
        ("x.md", "Twin", "z/Twin.md"),  # the shortest
        ("x.md", "folder/Twin", None),  # whole steps only
        ("x.md", "long FOLDER/twin", "a/Long folder/Twin.md"),
        ("z/sub/x.md", "../Twin", "z/Twin.md"),
        ("z/sub/x.md", "./Twin", None),
        ("x.md", "/Twin", None),
        ("x.md", "/z/Twin", "z/Twin.md"),
        ("x.md", "f.v1", "f.v1.md"),
        ("x.md", "caf\u00e9", "cafe\u0301.md"),
        ("x.md", "d", "d/index.md"),
        ("x.md", "gone", None),
    ],
)
def test_a_name_means_what_obsidian_takes_it_to_mean(source: str, name: str, file: str | None) -> None:
    assert FILES.named(source, name) == file


@pytest.mark.parametrize("path", ["a", "a.md", "a/", "a.html", "v1.2", ".hidden", "a.toolong1", "x/Chapter 1. Intro"])
def test_what_could_be_an_article(path: str) -> None:
    assert FILES.is_page(path)


@pytest.mark.parametrize("path", ["a.pdf", "a/b.PNG", "a.tar.gz", "a.py", "a.mp4"])
def test_what_could_not(path: str) -> None:
    assert not FILES.is_page(path)


def node(path: str, options: Read, *aliases: str, url: str | None = None) -> LinkNode:
    return LinkNode(url or place(path, options).url, None, path, None, path, aliases)


def resolved(
    paths: list[LinkNode], options: Read, source: str, kind: LinkKind, target: str
) -> tuple[str | None, LinkStatus]:
    """The file that a link on the page of the file `source` leads to, and how it was found."""
    resolver = Resolver(paths, options)
    (at,) = (one for one in paths if one.path == source)
    found, status = resolver.resolve(Link(target, None, None, None, 1, kind), at)
    return found.path if found else None, status


PLAIN = Read(tool="plain")
VAULT = Read(tool="obsidian")


def test_a_markdown_link_is_relative_to_its_file_and_in_a_vault_a_name_as_well() -> None:
    for options, expected in ((PLAIN, (None, LinkStatus.MISSING)), (VAULT, ("c/d.md", LinkStatus.PATH))):
        nodes = [node(path, options) for path in ("a/x.md", "a/b.md", "b.md", "c/d.md")]
        assert resolved(nodes, options, "a/x.md", PATH, "b.md") == ("a/b.md", LinkStatus.PATH)
        assert resolved(nodes, options, "a/x.md", PATH, "../b.md") == ("b.md", LinkStatus.PATH)
        assert resolved(nodes, options, "a/x.md", PATH, "d.md") == expected


def test_an_alias_comes_after_every_name_and_the_nearest_first() -> None:
    nodes = [
        node("x/a.md", VAULT, "Twin", "One"),
        node("y/long/b.md", VAULT, "twin"),
        node("y/c.md", VAULT),
        node("one.md", VAULT),
    ]
    assert resolved(nodes, VAULT, "y/c.md", NAME, "One") == ("one.md", LinkStatus.NAME)
    assert resolved(nodes, VAULT, "y/c.md", NAME, "TWIN") == ("y/long/b.md", LinkStatus.NAME)
    assert resolved(nodes, VAULT, "one.md", NAME, "Twin") == ("x/a.md", LinkStatus.NAME)


def test_an_address_of_the_site_is_found_however_it_ends() -> None:
    options = HUGO
    nodes = [
        node("content/posts/a.md", options, "/old/a/"),
        node("content/posts/b.md", options),
        node("content/c/index.md", options),
    ]
    for address in ("/posts/a/", "/posts/a", "/posts/a.html", "/posts/a/index.html", "/old/a"):
        assert resolved(nodes, options, "content/posts/b.md", PATH, address) == ("content/posts/a.md", LinkStatus.URL)
    assert resolved(nodes, options, "content/posts/b.md", PATH, "../a/") == ("content/posts/a.md", LinkStatus.URL)
    assert resolved(nodes, options, "content/posts/b.md", PATH, "a.md") == ("content/posts/a.md", LinkStatus.PATH)
    assert resolved(nodes, options, "content/posts/b.md", PATH, "/posts/a.md") == (
        "content/posts/a.md",
        LinkStatus.PATH,
    )
    assert resolved(nodes, options, "content/posts/b.md", REFERENCE, "/c") == ("content/c/index.md", LinkStatus.PATH)


def test_where_a_browser_and_a_path_disagree_the_suffix_decides() -> None:
    options = Read(tool="mkdocs", content="")
    nodes = [node(path, options) for path in ("guide/a.md", "guide/b.md", "b.md", "guide/a/b.md")]
    assert resolved(nodes, options, "guide/a.md", PATH, "b") == ("guide/a/b.md", LinkStatus.URL)
    assert resolved(nodes, options, "guide/a.md", PATH, "../b/") == ("guide/b.md", LinkStatus.URL)
    assert resolved(nodes, options, "guide/a.md", PATH, "../b.md") == ("b.md", LinkStatus.PATH)


def test_a_reference_of_hugo_is_relative_to_the_page_then_anywhere() -> None:
    options = HUGO
    paths = ("content/a/owls.md", "content/b/owls.md", "content/b/x.md", "content/c/trip/index.md", "content/y.md")
    nodes = [node(path, options) for path in paths]
    assert resolved(nodes, options, "content/b/x.md", REFERENCE, "owls.md") == ("content/b/owls.md", LinkStatus.PATH)
    assert resolved(nodes, options, "content/b/x.md", REFERENCE, "/a/owls") == ("content/a/owls.md", LinkStatus.PATH)
    assert resolved(nodes, options, "content/b/x.md", REFERENCE, "a/owls.md") == ("content/a/owls.md", LinkStatus.PATH)
    assert resolved(nodes, options, "content/b/x.md", REFERENCE, "/c/trip") == (
        "content/c/trip/index.md",
        LinkStatus.PATH,
    )


def test_jekylls_posts_are_found_by_their_file_names() -> None:
    options = Read(tool="jekyll", content="")
    nodes = [node(path, options) for path in ("_posts/2024-01-31-a.md", "birds/_posts/2024-02-01-b.md", "about.md")]
    assert resolved(nodes, options, "about.md", NAME, "2024-02-01-b") == (
        "birds/_posts/2024-02-01-b.md",
        LinkStatus.NAME,
    )
    assert resolved(nodes, options, "about.md", PATH, "/_posts/2024-01-31-a.md") == (
        "_posts/2024-01-31-a.md",
        LinkStatus.PATH,
    )
    assert resolved(nodes, options, "about.md", PATH, "/2024/01/31/a.html") == (
        "_posts/2024-01-31-a.md",
        LinkStatus.URL,
    )


def test_a_field_may_name_a_file_too() -> None:
    nodes = [node("a/x.md", PLAIN), node("a/b.md", PLAIN, "/old"), node("README.md", PLAIN)]
    for target, status in (("b.md", LinkStatus.PATH), ("../a/b.md", LinkStatus.PATH), ("/old/", LinkStatus.URL)):
        assert resolved(nodes, PLAIN, "a/x.md", LinkKind.FIELD, target) == ("a/b.md", status)


def edges(
    paths: list[str],
    links: list[tuple[LinkKind, str]],
    options: Read,
    existing: frozenset[str] = frozenset(),
    left_out: dict[str, str] | None = None,
) -> tuple[list[tuple[str, str, str]], list[Problem]]:
    """The target, status and title of each edge of the first file, by position; and the problems."""
    rows = [
        {"file": file, "url": place(path, options).url, "id": None, "title": path, "subject": None, "path": path}
        for file, path in enumerate(paths)
    ]
    written = [
        {"file": 0, "position": line, "url": url, "id": None, "title": "T", "subject": None, "line": line, "kind": kind}
        for line, (kind, url) in enumerate(links, start=1)
    ]
    table, problems = resolve_links(rows, written, options, exists=existing.__contains__, left_out=left_out)
    found = sorted(table.to_pylist(), key=lambda row: row["position"])
    return [(row["target"], row["status"], row["target_title"]) for row in found], problems


def test_the_order_is_that_of_the_article_and_a_pair_is_one_edge() -> None:
    links = [(LinkKind.FIELD, "article/b"), (PATH, "c.md"), (PATH, "b.md"), (NAME, "B"), (PATH, "c")]
    assert edges(["a.md", "b.md", "c.md"], links, PLAIN)[0] == [
        ("article/b", "url", "b.md"),
        ("article/c", "path", "c.md"),
    ]


@pytest.mark.parametrize(
    ("options", "kind", "target", "url"),
    [
        (VAULT, PATH, "../Gone note.md", "/article/gone-note"),
        (VAULT, PATH, "gone", "/article/x/gone"),
        (VAULT, PATH, "v1.2", "/article/x/v12-0e4f5bce"),
        (VAULT, PATH, "/learn/gone", "/learn/gone"),
        (VAULT, PATH, "/a/gone.md", "/article/a/gone"),
        (VAULT, NAME, "Gone note", "/article/gone-note"),
        (VAULT, NAME, "folder/Gone", "/article/folder/gone"),
        (VAULT, NAME, "../Gone", "/article/gone"),
        (Read(tool="mkdocs", content=""), PATH, "gone.md", "/x/gone/"),
        (Read(tool="hugo", content=""), REFERENCE, "a/Gone.md", "/a/gone/"),
        (Read(tool="jekyll", content=""), REFERENCE, "2024-01-31-gone", "/2024/01/31/gone.html"),
    ],
)
def test_a_missing_target_has_the_url_that_its_article_would_have(
    options: Read, kind: LinkKind, target: str, url: str
) -> None:
    (edge,), (problem,) = edges(["x/a.md"], [(kind, target)], options)
    assert edge[1:] == ("missing", "T")
    assert edge[0] == url
    assert str(problem) == f"x/a.md:1: link to {target}: no such article"


def test_a_note_named_like_a_folder_and_an_article_that_is_left_out_are_missing() -> None:
    existing = frozenset({"x", "x/draft.md"})
    left_out = {"x/draft.md": "is a draft, which is left out"}
    found, problems = edges(["x/a.md"], [(NAME, "x"), (PATH, "draft.md")], VAULT, existing, left_out)
    assert [edge[:2] for edge in found] == [("/article/x", "missing"), ("/article/x/draft", "missing")]
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (PATH, "paper.pdf"),
        (PATH, "/static/x.png"),
        (PATH, "../../outside.md"),
        (PATH, "../../outside"),
        (PATH, "LICENSE"),
        (PATH, "folder/"),
        (PATH, "a.md"),
        (NAME, "A"),
    ],
)
def test_what_is_no_article_or_the_page_itself_is_no_edge_and_no_problem(kind: LinkKind, target: str) -> None:
    existing = frozenset({"x/LICENSE", "x/folder/", "../outside.md", "../outside"})
    assert edges(["x/a.md"], [(kind, target)], PLAIN, existing) == ([], [])


@pytest.mark.parametrize("target", ["gone.md", "../gone", "/learn/gone", "../../gone.md"])
def test_a_link_in_a_text_invents_no_article_where_no_rule_is_known(target: str) -> None:
    found, problems = edges(["x/a.md"], [(PATH, target)], PLAIN)
    assert found == []
    assert len(problems) == 1
