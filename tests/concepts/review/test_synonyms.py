"""What is proposed to a person, and is not merged."""

import pyarrow as pa

from kg.annotate import rows
from kg.base.iris import slug
from kg.base.report import NearSynonyms
from kg.base.tables import CONCEPTS_FOUND, MENTIONS
from kg.concepts.review.context_similarity import WITNESSES, ContextSimilarity
from kg.concepts.review.synonyms import ambiguous, expansions, near_synonyms
from kg.concepts.terms.stems import stem

NO_ACRONYMS = rows.ACRONYMS.empty_table()
Graph = tuple[pa.Table, pa.Table, pa.Table]


def graph(*texts: str, concepts: tuple[str, ...]) -> Graph:
    """Articles, concepts and mentions: every one of `concepts` where it stands in a text, letter for letter."""
    mentions = []
    for number, text in enumerate(texts):
        for concept in concepts:
            if (start := text.find(concept)) >= 0:
                place = {"part": "body", "start": start, "end": start + len(concept)}
                mentions.append({"article": f"/{number}", "concept": slug(concept), "occurrences": [place]})
    counts = {concept: sum(concept in text for text in texts) for concept in concepts}
    table = [
        {"slug": slug(concept), "normal_form": concept, "pref_label": concept, "article_count": counts[concept]}
        for concept in sorted(concepts)
    ]
    parts = [{"url": f"/{n}", "parts": [{"name": "body", "text": text}]} for n, text in enumerate(texts)]
    articles = pa.Table.from_pylist(parts, rows.ARTICLES)
    return articles, pa.Table.from_pylist(table, CONCEPTS_FOUND), pa.Table.from_pylist(mentions, MENTIONS)


def proposed(given: Graph, acronyms: pa.Table = NO_ACRONYMS) -> list[tuple[str, str, str]]:
    return [(pair.label, pair.other, pair.reason) for pair in near_synonyms(*given, acronyms)]


def defined(*pairs: tuple[int, str, str]) -> pa.Table:
    return pa.Table.from_pylist([{"file": file, "short": s, "long": long} for file, s, long in pairs], rows.ACRONYMS)


def test_what_a_text_says_is_proposed_with_the_article_that_says_it() -> None:
    texts = "The stack frame, also known as the activation record, is here.", "A stack frame.", "A hash (or a digest)."
    given = graph(*texts, concepts=("stack frame", "activation record", "frame", "record", "hash", "digest"))
    assert near_synonyms(*given, NO_ACRONYMS) == [
        NearSynonyms("digest", "hash", "said", "/2"),
        NearSynonyms("stack frame", "activation record", "said", "/0"),
    ]


def test_the_same_words_with_a_preposition_or_a_gerund_in_front() -> None:
    terms = "variance analysis", "analysis of variance", "building trust", "trust building"
    assert proposed(graph(*terms, concepts=terms)) == [
        ("analysis of variance", "variance analysis", "same words"),
        ("building trust", "trust building", "same words"),
    ]


def test_the_order_of_nouns_means_something() -> None:
    terms = "system bus", "bus system", "sum of product", "product of sum"
    assert proposed(graph(*terms, concepts=terms)) == []


def test_derivations_of_what_modifies_one_head() -> None:
    terms = "clustering algorithm", "cluster algorithm", "clustered algorithm set", "cluster"
    assert proposed(graph(*terms, concepts=terms)) == [("cluster algorithm", "clustering algorithm", "same stems")]
    assert stem("optimization") == stem("optimal") != stem("optic")


def test_expansions_of_one_acronym_with_one_head() -> None:
    terms = "traveling salesman problem", "traveling salesperson problem", "thermal spray"
    acronyms = defined(*((n, "tsp", term) for n, term in enumerate(terms)))
    assert proposed(graph(*terms, concepts=terms), acronyms) == [
        ("traveling salesman problem", "traveling salesperson problem", "same acronym")
    ]


def test_expansions_are_counted_by_article_and_by_their_letters() -> None:
    acronyms = defined(
        (0, "nfa", "non finite a"), (0, "nfa", "non finite a"), (1, "nfa", "nonfinite a"), (2, "nfa", "b")
    )
    assert expansions(acronyms) == {"nfa": {"non finite a": 2, "b": 1}}


COMPANY = [f"{editing} near guide, enzyme and strand" for editing in ("gene editing", "genome editing") * WITNESSES]


def test_concepts_that_keep_the_same_company_but_not_each_others() -> None:
    concepts = "gene editing", "genome editing", "guide", "enzyme", "strand"
    assert proposed(graph(*COMPANY, concepts=concepts)) == [("gene editing", "genome editing", "same company")]
    together = ["gene editing and genome editing near guide, enzyme and strand"] * WITNESSES
    assert proposed(graph(*together, concepts=concepts)) == []


KERNEL = [
    *["a kernel and a process, a driver"] * WITNESSES,
    *["a kernel and a margin, a vector"] * WITNESSES,
]
OF_KERNEL = ("kernel", "process", "driver", "margin", "vector")


def test_a_word_with_company_of_two_kinds_is_ambiguous() -> None:
    _, concepts, mentions = graph(*KERNEL, concepts=OF_KERNEL)
    (found,) = ambiguous(concepts, mentions, NO_ACRONYMS)
    assert (found.label, found.reason) == ("kernel", "company")
    assert sorted(found.senses) == ["driver, process", "margin, vector"]


def test_a_word_with_company_of_one_kind_is_not() -> None:
    texts = [*KERNEL[:-1], "a kernel, a process, a driver, a margin, a vector", *["a process, a margin, a kernel"] * 9]
    _, concepts, mentions = graph(*texts, concepts=OF_KERNEL)
    assert ambiguous(concepts, mentions, NO_ACRONYMS) == []


def test_an_acronym_with_two_expansions_is_ambiguous() -> None:
    _, concepts, mentions = graph("PCA", concepts=("pca",))
    acronyms = defined(
        (0, "pca", "principal component analysis"), (1, "pca", "analgesia"), (2, "ml", "machine learning")
    )
    (found,) = ambiguous(concepts, mentions, acronyms)
    assert (found.label, found.senses) == ("pca", ["analgesia: 1", "principal component analysis: 1"])


def test_company_of_nothing_is_nothing() -> None:
    company = ContextSimilarity([], MENTIONS.empty_table())
    assert list(company.similar()) == list(company.divided()) == []
    assert near_synonyms(*graph(concepts=()), NO_ACRONYMS) == []
