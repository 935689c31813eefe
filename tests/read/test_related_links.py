"""Which links of a text could lead to another article."""

import pytest

from kg.base.model import Link, LinkKind
from kg.read.related_links import link_to
from kg.read.syntax.extension import Target

PATH, NAME, REFERENCE = LinkKind.PATH, LinkKind.NAME, LinkKind.REFERENCE


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("../b.md#a", "../b.md"),
        ("My%20note.md?x=1#y", "My note.md"),
        ("My note.md", "My note.md"),
        ("100%.md", "100%.md"),
        ("%E9.md", "\ufffd.md"),
        ("a%00b%0Ac.md", "a\ufffdb c.md"),
        ("/learn/x", "/learn/x"),
        ("/docs/learn/x", "/learn/x"),
        ("/docs", "/"),
        ("https://site.org/docs/learn/x#y", "/learn/x"),
        ("http://site.org/docs", "/"),
        ("//site.org/docs/other", "/other"),
        ("//site.org/other", None),
        ("https://site.org/docs2/x", None),
        ("https://site.org.evil.org/x", None),
        ("https://other.org/docs/x", None),
        ("mailto:a@b.org", None),
        ("obsidian://open", None),
        ("#own", None),
        ("?page=2", None),
        ("", None),
    ],
)
def test_an_address(address: str, url: str | None) -> None:
    link = link_to(Target(address, PATH, "Title"), 7, "https://site.org/docs/")
    kind = LinkKind.ADDRESS if "//" in address else PATH
    assert link == (Link(url, None, "Title", None, 7, kind) if url is not None else None)


def test_without_a_site_every_other_host_is_foreign() -> None:
    assert link_to(Target("https://site.org/x", PATH, None), 1, None) is None
    assert link_to(Target("//x/y", PATH, None), 1, None) is None


def test_a_name_is_taken_as_it_is() -> None:
    assert link_to(Target("C: 100%25 #1?", NAME, "t"), 1, None) == Link("C: 100%25 #1?", None, "t", None, 1, NAME)
    assert link_to(Target("/a%20b", REFERENCE, None), None, None) == Link("/a b", None, None, None, None, REFERENCE)
