"""Slugs and IRIs: readable, stable, and never one name for two things."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from rdflib import URIRef

from kg.base.errors import ConfigError
from kg.base.iris import Minter, check_base, check_site, has_dot_segments, is_web_address, slug, url_path, web_iri
from kg.base.model import PartName


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data drift", "data-drift"),
        ("Data  Drift", "data-drift"),
        ("word2vec", "word2vec"),
        ("naïve bayes", "naïve-bayes"),
        ("Straße", "strasse"),
        ("機械学習", "機械学習"),
        ("मॉडल", "मॉडल"),
        ("k-nearest neighbor", "k-nearest-neighbor"),
        ("client/server_model", "client-server-model"),
        ("a\u2013b\u2014c", "a-b-c"),
        (" -a- ", "a"),
        ("c", "c"),
        ("c++", "c-cedb1bac"),
        ("c#", "c-951a4d36"),
        ("😀", "f0443a34"),
        ("", "e3b0c442"),
        ("-", "3973e022"),
        ("_", "d2e2adf7"),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slugs_of_texts_that_lose_characters_differ() -> None:
    texts = ["C", "C++", "C#", "C+ +", "😀", "🙂", "!", "?", "don't", "dont", "x²", "x2", "a.b", "ab", ".net", "net"]
    assert len({slug(text) for text in texts}) == len(texts)


def test_composed_and_decomposed_letters_have_one_slug() -> None:
    assert slug("cafe\u0301") == slug("caf\u00e9") == "caf\u00e9"
    assert slug("CAFE\u0301") == slug("caf\u00e9")


words = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)
normal_forms = st.lists(words, min_size=1, max_size=3).map(
    lambda form: unicodedata.normalize("NFC", " ".join(form).casefold())
)


@given(normal_forms, normal_forms)
@settings(max_examples=500)
def test_different_normal_forms_of_letters_have_different_slugs(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) == (
        unicodedata.normalize("NFC", one.casefold()) == unicodedata.normalize("NFC", other.casefold())
    )


@given(st.text())
@settings(max_examples=500)
def test_any_text_gives_an_iri_that_a_store_accepts(text: str) -> None:
    minter = Minter("https://example.org/")
    for iri in (
        minter.article(text),
        minter.concept(slug(text)),
        minter.subject(text),
        minter.mention(text, slug(text)),
    ):
        assert NamedNode(iri).value.startswith("https://example.org/")
        assert iri.isprintable() or not text.isprintable()


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://example.org/a//", "https://example.org/a/"),
        ("http://localhost:8000/kg", "http://localhost:8000/kg/"),
        ("urn:example:kg", "urn:example:kg/"),
        ("https://bücher.example/é", "https://bücher.example/é/"),
    ],
)
def test_a_base_ends_in_exactly_one_slash(base: str, expected: str) -> None:
    assert check_base(base) == expected
    assert NamedNode(Minter(expected).article("/x")).value == expected + "x"


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        ("", "is not absolute"),
        ("example.org", "is not absolute"),
        ("//example.org/", "is not absolute"),
        ("/kg/", "is not absolute"),
        ("https://", "is not absolute"),
        ("https:///", "is not absolute"),
        ("1a://x", "is not absolute"),
        ("https://example.org/#", 'has a "#" or "?"'),
        ("https://example.org/#kg", 'has a "#" or "?"'),
        ("https://example.org/?q=", 'has a "#" or "?"'),
        ("https://example.org/a b", "has a character that an IRI cannot hold"),
        ("https://example.org/<a>", "has a character that an IRI cannot hold"),
        ("https://example.org/100%", "has a character that an IRI cannot hold"),
        ("https://example.org/\n", "has a character that an IRI cannot hold"),
        ("http://[x", "is not valid"),
        ("http://[x]/", "is not valid"),
        ("https://example.org:abc/", "is not valid"),
        ("https://example.org:99999/", "is not valid"),
        ("javascript:alert(1)", "is code or data for a browser"),
        ("JavaScript://x/%0Aalert(1)", "is code or data for a browser"),
        ("data:text/html,x", "is code or data for a browser"),
        ("vbscript:x", "is code or data for a browser"),
    ],
)
def test_a_base_that_nothing_can_be_joined_to_is_refused(base: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason.replace("?", r"\?")):
        check_base(base)


@pytest.mark.parametrize("site", ["https://example.org", "http://example.org:80/kb/", "HTTPS://Example.org/é"])
def test_a_site_is_a_web_address(site: str) -> None:
    assert check_site(site) == site.rstrip("/") + "/"


@pytest.mark.parametrize("site", ["urn:x:y", "file:///srv/site", "ftp://example.org", "https://@/", "https:x", "x:y/z"])
def test_a_site_that_is_no_web_address_is_refused(site: str) -> None:
    with pytest.raises(ConfigError, match="is not a web address: write it like"):
        check_site(site)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://example.org/terms?a=b#c", True),
        ("http://example.org", True),
        ("https://example.org/a#b#c", False),
        ("https://example.org/a b", False),
        ("https://[::1", False),
        ("https://example.org:x/", False),
        ("javascript:alert(1)", False),
        ("urn:x", False),
        ("", False),
    ],
)
def test_what_is_a_web_address(text: str, is_one: bool) -> None:
    assert is_web_address(text) is is_one
    if is_one:
        assert NamedNode(text).value == text


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/learn/a", "learn/a"),
        ("learn/a", "learn/a"),
        ("///learn/a", "learn/a"),
        ("https://example.org/learn/a", "learn/a"),
        ("https://example.org:80/a/", "a/"),
        ("//example.org/a", "a"),
        ("https://example.org", ""),
        ("/", ""),
        ("", ""),
        ("/a b", "a%20b"),
        ("/a\"b'c<d>e", "a%22b'c%3Cd%3Ee"),
        ("/a%20b%2Fc", "a%20b%2Fc"),
        ("/100%", "100%25"),
        ("/50%zz", "50%25zz"),
        ("/x?y=1&z=é#part", "x?y=1&z=é%23part"),
        ("/a[1]{2}|\\^`", "a%5B1%5D%7B2%7D%7C%5C%5E%60"),
        ("/cafe\u0301", "caf\u00e9"),
        ("/a\nb", "a%0Ab"),
        ("/😀", "😀"),
        ("/\ud800", "%3F"),
        ("/\U000e0001", "%F3%A0%80%81"),
        ("/concept/data-drift", "article/concept/data-drift"),
        ("https://example.org/subject/art", "article/subject/art"),
        ("/concepts", "article/concepts"),
        ("/concepts/a", "concepts/a"),
        ("/graph", "graph"),
    ],
)
def test_the_path_of_a_url(url: str, path: str) -> None:
    assert url_path(url) == path


def test_iris_of_everything() -> None:
    minter = Minter("https://example.org/kg/")
    assert minter.article("/learn/a") == "https://example.org/kg/learn/a"
    assert minter.part("/learn/a", "answer") == "https://example.org/kg/learn/a#answer"
    assert minter.mention("/learn/a", "data-drift") == "https://example.org/kg/learn/a#mention-data-drift"
    assert minter.concept("data-drift") == "https://example.org/kg/concept/data-drift"
    assert minter.subject("Computer Science") == minter.subject("computer science")
    assert minter.subject("Computer Science") == "https://example.org/kg/subject/computer-science"
    assert minter.concept_scheme == "https://example.org/kg/concepts"
    assert minter.subject_scheme == "https://example.org/kg/subjects"
    assert minter.core_graph == "https://example.org/kg/graph/core"
    assert minter.evidence_graph == "https://example.org/kg/graph/evidence"
    assert minter.dataset == "https://example.org/kg/graph/dataset"
    assert minter.build("0a1b") == "https://example.org/kg/build/0a1b"
    assert minter.source("/learn/a") == "https://example.org/kg/learn/a#source"
    target = minter.target("/learn/a", "data-drift", PartName.ANSWER, 12)
    assert target == "https://example.org/kg/learn/a#mention-data-drift-answer-12"


@given(st.text() | st.from_regex(r"https?://[a-z.0-9:@\[\]-]{1,20}[/?#]?.{0,20}", fullmatch=True))
def test_a_web_iri_is_one_that_rdf_writers_take(url: str) -> None:
    iri = web_iri(url)
    if iri is not None:
        assert NamedNode(iri).value == iri
        assert URIRef(iri).n3() == f"<{iri}>"
        assert web_iri(iri) == iri


@pytest.mark.parametrize(
    ("url", "iri"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://Example.org:80/a?b=c#d", "http://example.org:80/a?b=c#d"),
        ("https://example.org/a b/é/{x}#y#z", "https://example.org/a%20b/é/%7Bx%7D#y%23z"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://müller.example/", "https://müller.example/"),
        ("https://user:secret@example.org/", None),
        ("https:///a", None),
        ("https://", None),
        ("ftp://example.org/", None),
        ("/a", None),
    ],
)
def test_web_iris(url: str, iri: str | None) -> None:
    assert web_iri(url) == iri


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/learn/../x", "x"),
        ("/learn/./x", "learn/x"),
        ("./x", "x"),
        ("/a/b/../../../c", "c"),
        ("/a/b/..", "a/"),
        ("/a/.", "a/"),
        ("/a//../b", "a/b"),
        ("/a/%2E%2e/b/.%2E/c", "c"),
        ("/a/..//b", "b"),
        ("/x/../concept/y", "article/concept/y"),
        ("https://example.org/a/../b?c=/../d", "b?c=/../d"),
        ("/a#/../b", "b"),
        ("/a/..#b", "a/..%23b"),
        ("/a/.../..b/c..", "a/.../..b/c.."),
        ("/..", ""),
    ],
)
def test_dot_segments_of_a_url_are_resolved(url: str, path: str) -> None:
    assert url_path(url) == path
    assert not has_dot_segments(f"https://kg.example/{path}")


def test_dot_segments_of_a_web_iri_are_resolved() -> None:
    assert web_iri("https://example.org/a/../b?c=../d#../e") == "https://example.org/b?c=../d#../e"
    assert web_iri("https://example.org/..") == "https://example.org/"
