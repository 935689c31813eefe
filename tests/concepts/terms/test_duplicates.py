"""Articles that repeat another one word for word."""

import pyarrow as pa

from kg.annotate import rows
from kg.concepts.terms.duplicates import repeats


def articles(*texts: tuple[str, str, str]) -> pa.Table:
    """An article for each url, question and answer; file numbers from 0."""
    return pa.Table.from_pylist(
        [
            {"file": n, "url": url, "parts": [{"name": "question", "text": q}, {"name": "answer", "text": a}]}
            for n, (url, q, a) in enumerate(texts)
        ],
        rows.ARTICLES,
    )


def test_the_earliest_url_stays_whatever_the_question() -> None:
    found = repeats(articles(("/c", "Why?", "So it is."), ("/a", "How?", "So it is."), ("/b", "Why?", "So is it.")))
    assert found.tolist() == [0]


def test_line_breaks_and_spaces_make_no_difference_but_letters_do() -> None:
    found = repeats(articles(("/a", "", "So it\nis."), ("/b", "", "So  it is."), ("/c", "", "so it is.")))
    assert found.tolist() == [1]


def test_an_article_without_text_repeats_nothing() -> None:
    assert repeats(articles(("/a", "Why?", ""), ("/b", "Why?", " "))).tolist() == []
    assert repeats(rows.ARTICLES.empty_table()).tolist() == []


def test_a_body_is_compared_like_an_answer() -> None:
    table = pa.Table.from_pylist(
        [{"file": n, "url": f"/{n}", "parts": [{"name": "body", "text": "One."}]} for n in (0, 1, 2)], rows.ARTICLES
    )
    assert repeats(table).tolist() == [1, 2]


def test_texts_that_only_begin_alike_are_two() -> None:
    words = " ".join(f"word{n}" for n in range(40))
    found = repeats(articles(("/a", "", f"{words} one"), ("/b", "", f"{words} two"), ("/c", "", f" {words}  one\n")))
    assert found.tolist() == [2]
