"""From related links to edges: which article each link means."""

from typing import Any

import pytest

from kg.base.config import Read
from kg.base.model import Link, LinkStatus, Problem, Severity
from kg.graph.link_resolution import LinkNode, Resolver
from kg.graph.link_table import resolve_links

NODES = [
    LinkNode("/b/risk", "7", "What is risk?", "Business"),
    LinkNode("/a/risk", "7", "What is  Risk?", "Art"),
    LinkNode("/c/risk", "7", "Another title", "Art"),
    LinkNode("/only", None, "No id", None),
    LinkNode("/c/straße", "8", "Maße", "Computer Science"),
]


@pytest.mark.parametrize(
    ("link", "url", "status"),
    [
        (Link("/only", None, None, None), "/only", LinkStatus.URL),
        (Link("https://example.org/only", None, None, None), "/only", LinkStatus.URL),
        (Link("only", None, None, None), "/only", LinkStatus.URL),
        (Link("/b/risk", "8", "Maße", None), "/b/risk", LinkStatus.URL),
        (Link("/gone", "7", "What is risk?", "Business"), "/b/risk", LinkStatus.ID),
        (Link("/gone", "7", " what IS risk? ", "business "), "/b/risk", LinkStatus.ID),
        (Link("/gone", "7", "What is risk?", "Art"), "/a/risk", LinkStatus.ID),
        (Link("/gone", "7", "What is risk?", None), "/a/risk", LinkStatus.ID),
        (Link("/gone", "7", "What is risk?", "Politics"), "/a/risk", LinkStatus.ID),
        (Link(None, "7", "Another title", "Business"), "/c/risk", LinkStatus.ID),
        (Link(None, "8", "MASSE", "computer  science"), "/c/straße", LinkStatus.ID),
        (Link("/gone", "7", "What is luck?", "Art"), None, LinkStatus.MISSING),
        (Link("/gone", "9", "What is risk?", "Art"), None, LinkStatus.MISSING),
        (Link("/gone", "7", None, "Art"), None, LinkStatus.MISSING),
        (Link("/gone", None, "No id", None), None, LinkStatus.MISSING),
        (Link("/", None, None, None), None, LinkStatus.MISSING),
    ],
)
def test_a_link_is_resolved_by_url_else_by_id_and_title(link: Link, url: str | None, status: LinkStatus) -> None:
    for nodes in (NODES, NODES[::-1]):
        node, found = Resolver(nodes).resolve(link)
        assert (node.url if node else None, found) == (url, status)


def edges(
    articles: list[tuple[str, str | None, str]], links: list[tuple[int, Link]]
) -> tuple[list[tuple[Any, ...]], list[Problem]]:
    """The edges of articles (url, id, title) and of links (index of the article, link), and the problems.

    An edge is a tuple of its source, target, position, status and title.
    """
    rows = [
        {"file": file, "url": url, "id": id_, "title": title, "subject": None, "path": f"{file}.md"}
        for file, (url, id_, title) in enumerate(articles)
    ]
    written = [
        {"file": file, "position": position, "url": link.url, "id": link.id, "title": link.title}
        | {"subject": link.subject, "line": link.line, "kind": link.kind, "property": link.property}
        for position, (file, link) in enumerate(links, start=1)
    ]
    table, problems = resolve_links(rows, written)
    return [tuple(row.values())[:5] for row in table.to_pylist()], problems


def test_edges_are_sorted_and_directed_as_written() -> None:
    articles = [("/b", "1", "B"), ("/a", "2", "A")]
    found, problems = edges(articles, [(0, Link("/a", None, "x", None)), (1, Link(None, "1", "B", None))])
    assert found == [("/a", "/b", 2, "id", "B"), ("/b", "/a", 1, "url", "A")]
    assert problems == []


def test_several_links_to_one_target_are_one_edge_at_the_first_position() -> None:
    same = [Link("/b", None, None, None), Link("https://x.org/b", None, None, None), Link(None, "2", "B", None)]
    found, _ = edges([("/a", "1", "A"), ("/b", "2", "B")], [(0, link) for link in same])
    assert found == [("/a", "/b", 1, "url", "B")]


def test_a_link_to_the_article_itself_is_an_edge() -> None:
    assert edges([("/a", None, "A")], [(0, Link("/a", None, None, None))])[0] == [("/a", "/a", 1, "url", "A")]


def test_a_missing_target_is_one_node_however_its_links_spell_it_and_has_the_first_title() -> None:
    spellings = [
        (0, Link("/gone it", None, None, None, 5)),
        (0, Link("https://x.org/gone%20it", "1", "Gone", None, 6)),
        (1, Link("gone it", None, "Later", None)),
    ]
    found, problems = edges([("/a", None, "A"), ("/b", None, "B")], spellings)
    assert found == [
        ("/a", "/gone%20it", 1, "missing", "Gone"),
        ("/b", "/gone%20it", 3, "missing", "Gone"),
    ]
    assert [(problem.severity, str(problem)) for problem in problems] == [
        (Severity.WARNING, "0.md:5: related link to /gone it: no such article"),
        (Severity.WARNING, "0.md:6: related link to https://x.org/gone%20it: no such article"),
        (Severity.WARNING, "1.md: related link to gone it: no such article"),
    ]


@pytest.mark.parametrize(
    ("link", "target", "named"),
    [
        (Link(None, "9", "Lost page", None), "/article/lost-page", '"Lost page"'),
        (Link(None, "9", None, None), "/article/9", "id 9"),
        (Link("https://x.org/", None, None, None), "/article/https-xorg-817041d6", "https://x.org/"),
        (Link("/", None, "Home", None), "/article/home", "/"),
    ],
)
def test_a_missing_target_without_a_url_of_its_own_gets_one(link: Link, target: str, named: str) -> None:
    found, (problem,) = edges([("/a", None, "A")], [(0, link)])
    assert found == [("/a", target, 1, "missing", link.title)]
    assert problem.message == f"related link to {named}: no such article"


def test_an_edge_names_the_field_that_has_its_first_link() -> None:
    rows = [
        {"file": 0, "url": "/a", "id": None, "title": "A", "subject": None, "path": "a.md"},
        {"file": 1, "url": "/b", "id": None, "title": "B", "subject": None, "path": "b.md"},
    ]
    links = [
        {"file": 0, "position": 1, "url": "b", "kind": "name", "property": "author"},
        {"file": 0, "position": 2, "url": "b.md", "kind": "path", "property": None},
        {"file": 0, "position": 3, "url": "gone", "kind": "name", "property": "editor"},
        {"file": 1, "position": 1, "url": "a.md", "kind": "path", "property": None},
    ]
    nothing = {"id": None, "title": None, "subject": None, "line": 2}
    table, (problem,) = resolve_links(rows, [nothing | link for link in links], Read(tool="obsidian"))
    assert [(row["source"], row["target"], row["property"]) for row in table.to_pylist()] == [
        ("/a", "/article/gone", "editor"),
        ("/a", "/b", "author"),
        ("/b", "/a", None),
    ]
    assert (problem.field, str(problem)) == ("editor", "a.md:2: link to gone: no such article")


def test_links_of_an_article_that_is_left_out_are_left_out() -> None:
    assert edges([("/a", None, "A")], [(7, Link("/a", None, None, None))]) == ([], [])
