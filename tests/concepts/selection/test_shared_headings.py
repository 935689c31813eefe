"""Headings that many articles share are no concepts."""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pytest

from kg.annotate import rows
from kg.base.config import Concepts
from kg.concepts.selection.shared_headings import MIN_ARTICLES, MIN_SHARE_OF_ARTICLES
from kg.concepts.terms.corpus import Corpus, in_one_part
from tests.concepts.by_hand import article, believe, candidate, evidence, mentions, selected

Row = tuple[int, str, int, int]  # file, term, frequency, number of whole headings


def corpus(keywords: Sequence[Sequence[str]], found: Sequence[Row]) -> Corpus:
    given = evidence(keywords, [row[:3] for row in found])
    made = [
        {**candidate(file, term, frequency), "heading": whole, "section_name": whole}
        for file, term, frequency, whole in found
    ]
    articles = [article(file, words, f"Text {file}.") for file, words in enumerate(keywords)]
    return replace(
        given,
        articles=pa.Table.from_pylist(articles, rows.ARTICLES),
        read_candidates=in_one_part(pa.Table.from_pylist(made, rows.CANDIDATES)),
    )


def chosen(found: Sequence[Row], keywords: Sequence[Sequence[str]] = (), options: Concepts | None = None) -> set[str]:
    """The concepts of all articles, if every term is a likely concept of its article."""
    articles = max(file for file, *_ in found) + 1
    given = corpus([*keywords, *[[]] * (articles - len(keywords))], found)
    of_articles = mentions(selected(given, options or Concepts(), believe(*[0.9] * len(found))))
    return {name for names in of_articles.values() for name in names}


def test_a_heading_of_many_articles_is_no_concept() -> None:
    found = [(file, "orchard", 1, 1) for file in range(MIN_ARTICLES)]
    assert chosen([*found, (0, "pruning", 1, 1)]) == {"pruning"}
    assert chosen(found[1:]) == {"orchard"}


def test_a_heading_of_a_small_share_of_the_articles_may_be_one() -> None:
    others = int(MIN_ARTICLES / MIN_SHARE_OF_ARTICLES)
    shared = [(file, "orchard", 1, 1) for file in range(MIN_ARTICLES)]
    assert chosen([*shared, *((file, f"tree{file}", 1, 1) for file in range(MIN_ARTICLES, others))]) >= {"tree9"}
    assert "orchard" not in chosen([*shared, *((file, f"tree{file}", 1, 1) for file in range(MIN_ARTICLES, others))])
    assert "orchard" in chosen([*shared, *((file, f"tree{file}", 1, 1) for file in range(MIN_ARTICLES, others + 1))])
    assert "orchard" not in chosen(
        [*shared, *((file, f"tree{file}", 1, 0) for file in range(MIN_ARTICLES, others + 1))]
    )


@pytest.mark.parametrize(("frequency", "is_concept"), [(2, False), (3, True)])
def test_a_heading_that_is_frequent_in_the_text_may_be_one(frequency: int, is_concept: bool) -> None:
    assert bool(chosen([(file, "orchard", frequency, 1) for file in range(MIN_ARTICLES)])) is is_concept


def test_keywords_and_accepted_terms_stay() -> None:
    found = [(file, "orchard", 1, 1) for file in range(MIN_ARTICLES)]
    assert chosen(found, [["orchard"]]) == {"orchard"}
    assert chosen(found, options=Concepts(accept=("orchard",))) == {"orchard"}


def test_a_fixed_number_of_concepts_has_no_shared_headings() -> None:
    found = [(file, "orchard", 1, 1) for file in range(MIN_ARTICLES)]
    assert chosen([*found, (0, "pruning", 1, 0)], options=Concepts(per_article=10)) == {"pruning"}


def test_articles_that_repeat_another_do_not_count() -> None:
    given = corpus([[]] * MIN_ARTICLES, [(file, "orchard", 1, 1) for file in range(MIN_ARTICLES)])
    same = [article(file, [], f"Text {max(file, 1)}.") for file in range(MIN_ARTICLES)]
    repeated = replace(given, articles=pa.Table.from_pylist(same, rows.ARTICLES))
    assert mentions(selected(repeated, Concepts(), believe(*[0.9] * MIN_ARTICLES)))["/0"] == ["orchard"]
