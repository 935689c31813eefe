"""Authors: which names mean the same author, and whether the author is a person or an organization."""

import dataclasses
from typing import Any

import pytest

from kg.export.rdf.authors import Author, Authors
from tests.export.sample_tables import BASE, EDITION, article, tables

PLAIN = dataclasses.replace(EDITION, title="Notes on Engineering", organizations=("Field Notes",))


def authors(*articles: dict[str, Any]) -> list[Author]:
    rows = [article(str(number), "A", **values) for number, values in enumerate(articles)]
    return [*Authors(tables(rows).articles, PLAIN)]


def profile(name: str, url: str | None = None, kind: str | None = None) -> dict[str, Any]:
    return {"name": name, "url": url, "kind": kind}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ada Lovelace", "Person"),
        ("Ada", "Person"),
        ("Émile Zola", "Person"),
        ("Teamer Corpus", "Person"),
        ("Example Ltd.", "Organization"),
        ("ACME, Inc.", "Organization"),
        ("Beispiel GmbH", "Organization"),
        ("The Data Team", "Organization"),
        ("University of Nowhere", "Organization"),
        ("Institut Pasteur", "Organization"),
        ("Universität Nirgends", "Organization"),
        ("Editorial Staff", "Organization"),
        ("field notes", "Organization"),  # organizations of kg.toml
        ("Notes on engineering", "Organization"),  # the title of the graph
        ("www.example.org", "Person"),
        ("Example.org", "Organization"),  # the host of the site
    ],
)
def test_a_name_tells_what_an_author_is(name: str, kind: str) -> None:
    assert [(author.name, author.kind) for author in authors({"authors": [name]})] == [(name, kind)]


def test_the_front_matter_of_one_article_tells_what_an_author_is() -> None:
    given = [profile("prince", kind="Organization"), profile("Team Ada", kind="Person")]
    found = authors({"authors": ["Prince", "Team Ada"], "author_profiles": given}, {"authors": ["Prince"]})
    assert [(author.name, author.kind) for author in found] == [("Prince", "Organization"), ("Team Ada", "Person")]


def test_spellings_of_a_name_are_one_author() -> None:
    profiles = [profile("Ada lovelace", url=f"https://{host}/") for host in ("b.example", "a.example")]
    (author,) = authors(
        {"authors": ["ada-lovelace", "ADA LOVELACE"], "author_profiles": profiles}, {"authors": ["ADA LOVELACE"]}
    )
    assert (author.iri, author.name) == (f"{BASE}author/ada-lovelace", "ADA LOVELACE")
    assert author.urls == ("https://a.example/", "https://b.example/")


def test_the_authors_of_an_article_are_each_there_once() -> None:
    rows = [article("a", "A", authors=["Zoe", "Ada", "zoe"])]
    found = Authors(tables(rows).articles, PLAIN).of(["Zoe", "Ada", "zoe"])
    assert [author.name for author in found] == ["Zoe", "Ada"]
