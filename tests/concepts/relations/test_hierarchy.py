"""Broader and related concepts, from concepts and mentions made by hand."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest

from kg.annotate import rows
from kg.base.iris import slug
from kg.base.tables import CONCEPTS_FOUND, MENTIONS
from kg.concepts.relations.concept_index import ConceptIndex
from kg.concepts.relations.hierarchy import EARNED, MOST_BROADER, ancestors, hierarchy
from kg.concepts.relations.relatedness import LEAST_SHARED, MOST_RELATED, related

USES = pa.Table.from_pylist(
    [
        {"word": "reduces", "use": "other", "count": 9},
        {"word": "Reduces", "use": "noun", "count": 2},
        {"word": "graph", "use": "other", "count": 2},
        {"word": "graph", "use": "noun", "count": 2},
    ],
    rows.WORDS,
)
Stated = tuple[int, str, str, str]  # file, pattern, narrower, broader


def vocabulary(
    articles: Mapping[str, Sequence[int]], labels: Mapping[str, str] | None = None, without: Sequence[str] = ()
) -> ConceptIndex:
    """Concepts by label, with the numbers of their articles; each stands by itself and is what the article is about."""
    names = {name.lower().replace("-", " "): name for name in articles} | dict(labels or {})
    concepts = [
        {
            "slug": slug(term),
            "normal_form": term,
            "pref_label": name,
            "alt_labels": [],
            "hidden_labels": [],
            "language": "en",
            "article_count": len(articles.get(name, ())),
            "frequency": 1,
            "origins": [],
        }
        for term, name in names.items()
    ]
    mentions = [
        {
            "article": f"/{article:03}",
            "rank": rank,
            "concept": slug(name.lower().replace("-", " ")),
            "salience": 0.9,
            "frequency": 1,
            "about": True,
            "origins": [],
            "occurrences": [place(100 * rank, 100 * rank + 5)],
        }
        for rank, (name, found) in enumerate(articles.items())
        for article in found
    ]
    concepts.sort(key=lambda row: str(row["slug"]))
    return ConceptIndex(
        pa.Table.from_pylist(concepts, CONCEPTS_FOUND), pa.Table.from_pylist(mentions, MENTIONS), without
    )


def place(start: int, end: int, part: str = "body") -> dict[str, object]:
    return {"part": part, "start": start, "end": end, "sentence_start": 0, "sentence_end": 9}


def kinds(*stated: Stated) -> pa.Table:
    names = ("file", "pattern", "narrower", "broader")
    plain = [dict(zip(names, row, strict=True)) | {"part": 0, "start": 0, "end": 9} for row in stated]
    return pa.Table.from_pylist(plain, rows.KINDS)


def things(noun: str) -> list[Stated]:
    """Sentences that make `noun` the name of a class."""
    return [(90 + number, "such as", f"thing{number}", noun) for number in range(3)]


def broader(words: ConceptIndex, *stated: Stated) -> set[tuple[str, str]]:
    edges = hierarchy(words, kinds(*stated), USES)
    return {(words.label(edge.narrower), words.label(edge.broader)) for edge in edges}


# Heads


def test_a_compound_is_under_the_longest_concept_that_is_its_head() -> None:
    words = vocabulary({"algorithm": [1, 2, 3], "graph algorithm": [4, 5], "fast graph algorithm": [6]})
    assert broader(words, *things("algorithm")) == {
        ("fast graph algorithm", "graph algorithm"),
        ("graph algorithm", "algorithm"),
    }


def test_a_word_earns_its_place_by_articles_of_its_own() -> None:
    compounds = {f"k{number} system": [100 + number] for number in range(2 * EARNED + 1)}
    few, enough = vocabulary({"system": [1, 2], **compounds}), vocabulary({"system": [1, 2, 3], **compounds})
    assert broader(few, *things("system")) == set()
    assert broader(enough, *things("system")) == {(compound, "system") for compound in compounds}


def test_a_word_that_is_no_class_is_broader_only_where_it_is_used_by_itself() -> None:
    apart = vocabulary({"forest": [1, 2, 3], "random forest": [4, 5]})
    assert broader(apart) == set()
    assert broader(apart, *things("forest")) == {("random forest", "forest")}
    together = vocabulary({"forest": [1, 2, 4], "random forest": [4, 5]})
    assert broader(together) == {("random forest", "forest")}


@pytest.mark.parametrize(
    ("compound", "head"),
    [
        ("non-relational database", "relational database"),  # a hyphen joins
        ("non relational database", "relational database"),
        ("return on investment", "investment"),
        ("supply and demand", "demand"),
        ("solving inequality", "inequality"),
        ("Apps Script", "script"),
        ("reduces risk", "risk"),
    ],
)
def test_what_is_no_head(compound: str, head: str) -> None:
    assert broader(vocabulary({head: [1, 2, 3], compound: [4, 5]})) == set()


def test_the_head_of_a_phrase_stands_before_its_preposition() -> None:
    words = vocabulary({"law": [1, 2, 3], "law of motion": [4, 5], "second law of motion": [6], "motion": [1, 2, 3, 4]})
    assert broader(words, *things("law"), *things("motion")) == {
        ("second law of motion", "law of motion"),
        ("law of motion", "law"),
    }


def test_a_compound_is_cut_where_it_is_joined() -> None:
    articles = {"machine learning": [1, 2, 3], "learning system": [4, 5], "machine learning system": [6]}
    assert broader(vocabulary(articles)) == set()
    assert broader(vocabulary({**articles, "machine learning": [1]})) == {
        ("machine learning system", "learning system")
    }


def test_words_that_grade_or_name_a_role_are_nothing_to_be_under() -> None:
    articles = {"new feature": [1, 2, 3], "exciting new feature": [4], "factor": [1, 2, 3], "risk factor": [5]}
    assert broader(vocabulary(articles), *things("feature"), *things("factor")) == set()


# Sentences


def test_one_statement_or_two_lists_say_enough() -> None:
    words = vocabulary({"heap": [1], "stack": [2], "queue": [3], "data structure": [4, 5]})
    stated = [
        (1, "is a", "heap", "useful data structure"),
        (2, "such as", "stack", "data structure"),
        (3, "including", "stack", "data structure"),
        (4, "such as", "queue", "data structure"),
        (4, "and other", "queue", "data structure"),  # the same article again
    ]
    assert broader(words, *stated) == {("heap", "data structure"), ("stack", "data structure")}
    (heap, stack) = hierarchy(words, kinds(*stated), USES)
    assert (heap.proof, stack.proof) == (kinds(*stated).to_pylist()[0], kinds(*stated).to_pylist()[1])


def test_no_word_is_a_kind_of_its_own_compound() -> None:
    words = vocabulary({"network": [1, 2], "neural network": [3, 4]})
    assert broader(words, (1, "is a", "network", "neural network")) == set()


# Sets of articles


def test_what_is_always_in_a_field_is_under_it() -> None:
    field = "computer vision"
    said = [(1, "such as", field, "field"), (2, "such as", field, "field")]
    articles = {field: list(range(20)), "edge": list(range(5)), "corner": list(range(4)), "blur": list(range(3, 25, 3))}
    assert broader(vocabulary(articles), *said) == {("edge", field)}
    assert broader(vocabulary(articles), said[0]) == set()


# The shape


def test_no_cycle_and_no_shortcut() -> None:
    words = vocabulary({"alpha beta": [1, 2], "gamma delta": [1, 2], "eta zeta": [1, 2]})
    stated = [
        *((file, "is a", "alpha beta", "gamma delta") for file in (1, 2, 3)),
        *((file, "is a", "gamma delta", "eta zeta") for file in (1, 2)),
        (1, "is a", "eta zeta", "alpha beta"),
        (2, "is a", "alpha beta", "eta zeta"),
    ]
    assert broader(words, *stated) == {("alpha beta", "gamma delta"), ("gamma delta", "eta zeta")}


def test_so_many_broader_concepts() -> None:
    many = {f"kind{number} thing{number}": [1, 2] for number in range(MOST_BROADER + 2)}
    words = vocabulary({"heap": [1], **many})
    assert len(broader(words, *((1, "is a", "heap", name) for name in many))) == MOST_BROADER


def test_ancestors_are_all_that_is_above() -> None:
    above = {1: [2, 3], 2: [4], 3: [4], 4: [5]}
    assert ancestors(above, 1) == {2, 3, 4, 5}
    assert ancestors(above, 5) == set()


def test_the_order_of_the_sentences_changes_nothing_but_equal_proofs() -> None:
    words = vocabulary({"heap": [1], "stack": [2], "data structure": [4, 5], "tree": [1, 2, 3]})
    stated = [(1, "is a", "heap", "data structure"), (1, "is a", "heap", "tree"), (2, "is a", "stack", "tree")]
    assert broader(words, *stated) == broader(words, *reversed(stated))


# Articles that repeat another one


def test_an_article_that_is_left_out_counts_for_nothing() -> None:
    articles = {"drift": [1, 2, 3], "decay": [1, 2, 3]}
    assert vocabulary(articles).articles.tolist() == [3, 3]
    left = vocabulary(articles, without=["/003"])
    assert left.articles.tolist() == [2, 2]
    others = {f"filler {number}": [number] for number in range(10, 110)}
    assert len(related(vocabulary({**articles, **others}), {})) == 1
    assert related(vocabulary({**articles, **others}, without=["/003"]), {}) == []


def test_a_term_inside_a_longer_one_does_not_stand_alone() -> None:
    mentions = [
        {
            "article": "/1",
            "concept": name,
            "occurrences": found,
            "rank": 1,
            "salience": 0.5,
            "frequency": 1,
            "about": True,
        }
        for name, found in (
            ("drift", [place(5, 10)]),
            ("data-drift", [place(0, 10), place(20, 30)]),
            ("model", [place(40, 45), place(0, 10, "question")]),
        )
    ]
    concepts = [
        {"slug": name, "normal_form": name.replace("-", " "), "pref_label": name, "alt_labels": [], "hidden_labels": []}
        for name in ("data-drift", "drift", "model")
    ]
    words = ConceptIndex(pa.Table.from_pylist(concepts, CONCEPTS_FOUND), pa.Table.from_pylist(mentions, MENTIONS))
    assert words.stands_alone.tolist() == [False, True, True]
    assert words.shared([0, 0], [1, 2]).tolist() == [1, 1]
    assert words.shared([0, 0], [1, 2], alone=True).tolist() == [0, 1]


def test_which_articles_are_about_a_concept() -> None:
    words = vocabulary({"apple": [0, 2], "pear": [1, 2]}, without=["/001"])
    found = {
        (number, url) for number in range(2) for url in ("/000", "/001", "/002", "/9") if words.is_about(number, url)
    }
    assert found == {(0, "/000"), (0, "/002"), (1, "/002")}
    assert words.about.tolist() == [2, 1]


def test_what_stands_alone_without_some_articles() -> None:
    everything, without = (vocabulary({"apple": [0, 2], "pear": [1, 2]}, without=out) for out in ([], ["/002"]))
    assert everything.stands_alone.tolist() == [True] * 4
    assert without.stands_alone.tolist() == [True] * 2
    assert without.shared([0], [1]).tolist() == [0]
    assert everything.shared([0], [1]).tolist() == [1]


# Related


def pairs(words: ConceptIndex, above: Mapping[int, Sequence[int]] | None = None) -> dict[tuple[str, str], float]:
    return {(words.label(edge.one), words.label(edge.other)): edge.npmi for edge in related(words, above or {})}


FILLERS = {f"filler {number}": [number] for number in range(100)}


def test_the_measure_is_boumas() -> None:
    words = vocabulary({**FILLERS, "drift": [0, 1, 2, 3], "decay": [1, 2, 3, 4, 5]})
    together, one, other = 3 / 100, 4 / 100, 5 / 100
    expected = np.log(together / (one * other)) / -np.log(together)
    assert pairs(words) == {("decay", "drift"): pytest.approx(expected, abs=5e-5)}


def test_few_shared_articles_are_none() -> None:
    few = list(range(LEAST_SHARED - 1))
    assert pairs(vocabulary({**FILLERS, "drift": few, "decay": few})) == {}


def test_what_stands_everywhere_is_related_to_nothing() -> None:
    assert pairs(vocabulary({**FILLERS, "data": list(range(100)), "decay": [1, 2, 3, 4, 5]})) == {}


def test_three_articles_of_three_may_be_chance() -> None:
    assert pairs(vocabulary({"data": [1, 2, 3], "decay": [1, 2, 3]})) == {}


def test_names_of_the_same_are_not_related() -> None:
    assert pairs(vocabulary({**FILLERS, "drift": [1, 2, 3, 4], "data drift": [1, 2, 3, 4]})) == {}


def test_related_is_disjoint_with_what_is_broader_at_any_distance() -> None:
    words = vocabulary({**FILLERS, "drift": [0, 1, 2, 3], "decay": [0, 1, 2, 3]})
    one, between, other = (words.slugs.index(name) for name in ("drift", "filler-9", "decay"))
    assert pairs(words, {one: [between]}) != {}
    assert pairs(words, {one: [between], between: [other]}) == {}
    assert pairs(words, {other: [between], between: [one]}) == {}


def test_so_many_related_concepts() -> None:
    many = {f"other{number}": [0, 1, 2, 3] for number in range(MOST_RELATED + 3)}
    found = pairs(vocabulary({**FILLERS, "drift": [0, 1, 2, 3], **many}))
    for name in ("drift", *many):
        assert sum(name in pair for pair in found) <= MOST_RELATED


def test_no_concept_has_no_relation() -> None:
    words = vocabulary({})
    assert (hierarchy(words, kinds(), USES), related(words, {})) == ([], [])


# Vocabularies


def test_what_a_vocabulary_states_wins_over_what_is_found() -> None:
    words = vocabulary({"algorithm": [1, 2, 3], "graph algorithm": [4, 5]})
    (found,) = hierarchy(words, kinds(*things("algorithm")), USES)
    assert (words.label(found.narrower), sorted(found.reasons)) == ("graph algorithm", ["head"])
    (turned,) = hierarchy(words, kinds(*things("algorithm")), USES, [("algorithm", "graph-algorithm")])
    assert (words.label(turned.narrower), sorted(turned.reasons)) == ("algorithm", ["vocabulary"])
    (both,) = hierarchy(words, kinds(*things("algorithm")), USES, [("graph-algorithm", "algorithm")])
    assert sorted(both.reasons) == ["head", "vocabulary"]


def test_stated_relations_have_no_cycle_and_no_shortcut_either() -> None:
    words = vocabulary({"a": [1], "b": [1], "c": [1]})
    stated = [("a", "b"), ("a", "c"), ("b", "c"), ("c", "a")]
    edges = hierarchy(words, kinds(), USES, stated)
    assert [(words.label(edge.narrower), words.label(edge.broader)) for edge in edges] == [("a", "b"), ("b", "c")]
