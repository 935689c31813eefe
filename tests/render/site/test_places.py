"""Which file stands for an IRI; that none lies outside, that no two are one, and that what has none is reported."""

import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.base.config import Config, Publish
from kg.base.iris import Minter, url_path
from kg.base.model import Severity
from kg.render.site.places import NoFileError, Places, embedded_file, page_folder, without_file
from tests.export.sample_tables import BASE, article, concept, link, tables

DOTS = ["../secret", "a/../../b", "a/%2e%2e/b", "a/./b"]
REFUSED = {
    "a/%2E%2e%2Fb": "dot",
    ".git/config": "dot",
    "a%2Fb": "contain '/'",
    "a%5C..%5Cb": r"contain '\\\\'",
    "a%00b": "contain",
    "a%0Ab": "contain",
    "C:/x": "contain ':'",
    "a?b=1": "query",
    "?p=7": "query",
    "a%3Fb": "contain '\\?'",
    "a*b": "contain",
    "a%22b": "contain",
    "con": "Windows",
    "learn/NUL": "Windows",
    "aux.html": "Windows",
    "x/com1.txt/y": "Windows",
    "lpt9": "Windows",
    "a./b": "Windows",
    "a%20/b": "Windows",
    "a//b": "two slashes",
    "a%FF": "UTF-8",
    "x" * 201: "longer than 200",
    "é" * 101: "longer than 200",
    "/".join(["x" * 150] * 6): "longer than 800",
}


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("place", [page_folder, embedded_file])
def test_what_no_file_can_stand_for_is_refused(place, path: str) -> None:
    with pytest.raises(NoFileError, match=REFUSED[path]):
        place(path)


@pytest.mark.parametrize("path", DOTS)
def test_no_file_is_outside_its_folder(path: str) -> None:
    with pytest.raises(NoFileError, match="dot"):
        page_folder(path)
    assert not {".", ".."} & {*embedded_file(path).split("/")}  # an IRI has no such segments, see `url_path`


@pytest.mark.parametrize("path", ["a/index.html/b", "Index.html", "a/index.ttl", "INDEX.JSONLD/x", "site.css"])
def test_the_names_of_our_own_files_are_refused(path: str) -> None:
    with pytest.raises(NoFileError, match="name of a file of the pages"):
        page_folder(path)


@pytest.mark.parametrize("url", ["a.jsonld/b", "index.json/b", "x/A.JSONLD/b"])
def test_no_folder_is_called_as_a_file_that_is_embedded(url: str) -> None:
    with pytest.raises(NoFileError, match="may be the name of a file"):
        embedded_file(url)


def test_places_are_those_that_a_web_host_looks_at() -> None:
    folders = {"": "", "/": None, "a": "a", "a/": "a", "a/index.html": "a", "a.html": "a.html", "na%C3%AFve": "naïve"}
    for path, folder in folders.items():
        if folder is None:
            with pytest.raises(NoFileError):
                page_folder(path)
        else:
            assert page_folder(path) == folder
    assert embedded_file("") == "index.jsonld"
    assert embedded_file("https://example.org/a/b c") == "a/b c.jsonld"
    assert embedded_file("/concept/x") == "article/concept/x.jsonld"


urls = st.text(st.sampled_from("aA.%2eEfF/\\:?# ~cCoOnN\x00é-")) | st.text(max_size=60)


@given(urls)
def test_nothing_is_ever_outside(url: str) -> None:
    for place in (lambda url: page_folder(url_path(url)), embedded_file):
        try:
            found = place(url)
        except NoFileError:
            continue
        for path in (PurePosixPath("out") / found, PureWindowsPath("out") / found):
            assert path.parts[0] == "out"
            assert not {"..", "."} & set(path.parts)
        assert not re.search(r'[<>:"|?*\\\x00-\x1f]|//', found)
        assert not found.startswith("/")


def settings(**publish: bool) -> Config:
    return Config(base=BASE, publish=Publish(**publish))


def test_of_two_that_differ_in_case_alone_the_second_is_reported() -> None:
    content = tables(
        articles=[
            article("Learn/Drift", "One"),
            article("learn/drift", "Two"),
            article("learn/drift/", "Three"),
            article("learn", "A part of their path"),
            article("Concept/x", "Named as a concept"),
        ],
        concepts=[concept("x", "X", 1)],
        links=[link("learn", "gone?x=1", 1, "missing", "Gone")],
    )
    found = without_file(content, settings(site_pages=True))
    refused = {"learn/drift", "learn/drift/", "Concept/x", "gone?x=1"}
    assert found.pages == {BASE + path for path in refused}
    assert [problem.severity for problem in found.problems] == [Severity.WARNING] * 4
    messages = {problem.file: problem.message for problem in found.problems}
    assert messages["learn/drift.md"] == f"no page of {BASE}learn/drift, because {BASE}Learn/Drift has the same file"
    assert messages["learn.md"] == f"no page of {BASE}gone?x=1, because it has a query, which no file can answer"
    places = Places(BASE, found.pages)
    assert places.link(Minter(BASE).article("learn/drift")) is None
    assert places.link(Minter(BASE).article("learn")) == "learn/index.html"
    assert places.link("https://elsewhere.example/learn") is None


def test_no_page_has_the_name_of_a_file_of_the_build() -> None:
    """On a web host, both are in one folder."""
    urls = ("graph.ttl", "Report.json/x", "store/a", "site/b", "overview.html", "tables/c", "learn/graph.ttl")
    content = tables(articles=[article(url, url) for url in urls])
    found = without_file(content, settings(site_pages=True), ["graph.ttl", "report.json", "store/", "tables/"])
    assert found.pages == {BASE + url for url in urls[:5]}
    assert "is the name of a file or folder of the build" in found.problems[0].message


def test_what_is_embedded_is_reported_by_itself() -> None:
    hidden = article("hidden?x", "Nobody looks for it", no_index=True)
    content = tables(articles=[article("a", "A"), article("A", "Two"), article("b?c=1", "Three"), hidden])
    found = without_file(content, settings(site_faq=True))
    assert found.pages == frozenset()
    assert found.embedded == {"a", "b?c=1"} or found.embedded == {"A", "b?c=1"}
    assert {problem.code for problem in found.problems} == {"no-site-jsonld"}


def test_nothing_is_reported_where_nothing_is_asked_for() -> None:
    assert without_file(tables(articles=[article("a?b", "A")]), settings()).problems == ()
