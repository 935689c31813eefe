"""One article for each url, one spelling for each subject."""

import pyarrow as pa
import pytest

from kg.annotate import rows
from kg.base.tables import ARTICLES_FOUND
from kg.graph.articles import article_table, duplicate_urls


def test_of_articles_with_one_url_the_first_keeps_it() -> None:
    articles = [
        ("/a", "1.md", 3),
        ("/b", "2.md", 4),
        ("a", "3.md", 5),
        ("https://x.org/a", "4.md", 6),
        ("/a/", "5.md", 7),
    ]
    assert [str(problem) for problem in duplicate_urls(articles)] == [
        '3.md:5: the url "a" is already used by 1.md; this file is skipped',
        '4.md:6: the url "https://x.org/a" is already used by 1.md; this file is skipped',
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("/a b", "/a%20b"), ("/caf\u00e9", "/cafe\u0301"), ("/a#b", "/a%23b"), ("/a/../b", "/b")],
)
def test_urls_with_one_iri_are_one_url(one: str, other: str) -> None:
    assert len(duplicate_urls([(one, "1.md", 1), (other, "2.md", 1)])) == 1


def table(articles: list[tuple[str, str | None]]) -> pa.Table:
    """The rows of articles with these urls and subjects."""
    written = [
        {
            "file": file,
            "url": url,
            "path": f"{file}.md",
            "title": url,
            "language": "en",
            "subject": subject,
            "parts": [],
        }
        for file, (url, subject) in enumerate(articles)
    ]
    return pa.Table.from_pylist(written, schema=rows.ARTICLES)


def test_articles_are_sorted_by_url_in_the_published_schema() -> None:
    published = article_table(table([("/c", None), ("/a", "Art"), ("/b", None)]))
    assert published.schema == ARTICLES_FOUND
    assert published["url"].to_pylist() == ["/a", "/b", "/c"]
    assert published["path"].to_pylist() == ["1.md", "2.md", "0.md"]
    assert published["subject"].to_pylist() == ["Art", None, None]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        (["Computer Science", "Computer science", "Computer Science"], "Computer Science"),
        (["computer-science", "Computer  Science", "computer-science"], "computer-science"),
        (["b art", "B Art", "B art"], "B Art"),
    ],
)
def test_a_subject_has_its_commonest_spelling_or_the_first_of_equals(written: list[str], label: str) -> None:
    published = article_table(table([(f"/{number}", subject) for number, subject in enumerate(written)]))
    assert published["subject"].to_pylist() == [label] * 3


def test_different_subjects_stay_apart() -> None:
    published = article_table(table([("/a", "C"), ("/b", "C++"), ("/c", "c")]))
    assert published["subject"].to_pylist() == ["C", "C++", "C"]
