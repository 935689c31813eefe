"""kg explain: why two things of a small graph are connected, and what is said where they are not."""

import json
import math
from typing import Any

import pytest

from kg.base.errors import UsageError
from kg.base.tables import Tables
from kg.graph.best_paths import BROADER_STEP, LINK_STEP
from kg.graph.index import GraphIndex
from kg.query.explain import explain
from kg.query.explain.page import render_page
from kg.query.explain.values import Explanation, Quote
from tests.export.sample_tables import (
    BASE,
    HOSTILE,
    MINTER,
    SITE,
    article,
    broader,
    concept,
    link,
    mention,
    related,
    tables,
)

TEXTS = {
    "/aging": "On data drift\n\nEvery model in production meets data drift sooner or later. Software ages as well.",
    "/watch": "Alarms for data drift tell a team that the model needs work. Software needs alarms too.",
    "/debts": "Concept drift is paid for with technical debt. All software has some debt in it somewhere.",
    "/far": "The budget of a museum is made once a year. Nothing else is said about the museum here.",
    "/isle": "An island is a piece of land with water around it. Nobody links to the island at all.",
}
LABELS = {
    "data-drift": "data drift",
    "concept-drift": "concept drift",
    "drift": "drift",
    "software": "software",
    "technical-debt": "technical debt",
    "museum": "museum",
    "island": "island",
}
MENTIONED = {
    "/aging": ["data-drift", "software"],
    "/watch": ["data-drift", "software"],
    "/debts": ["concept-drift", "technical-debt", "software"],
    "/far": ["museum"],
    "/isle": ["island"],
}
SALIENCE = [0.9, 0.6, 0.2]


def places(text: str, words: str) -> list[dict[str, Any]]:
    """Every place of some words; sentences end at full stops and empty lines."""
    found, at = [], 0
    for sentence in text.replace("\n\n", "\0 ").replace(". ", ".\0").split("\0"):
        start = text.index(sentence.strip(), at)
        at = start + len(sentence.strip())
        where = text.lower().find(words, start, at)
        if where >= 0:
            place = {"start": where, "end": where + len(words), "sentence_start": start, "sentence_end": at}
            found.append({"part": "body", **place})
    return found


def graph(titles: dict[str, str] | None = None, **changes: Any) -> Tables:
    titles = titles or {}
    counts = {slug: sum(slug in mentioned for mentioned in MENTIONED.values()) for slug in LABELS}
    mentions = []
    for url, slugs in sorted(MENTIONED.items()):
        for rank, slug in enumerate(slugs, start=1):
            found = places(TEXTS[url], LABELS[slug])
            assert found, (url, slug)
            mentions.append(mention(url, rank, slug, SALIENCE[rank - 1], len(found), "extracted", occurrences=found))
    sentence = dict(
        zip(
            ("start", "end"),
            (places(TEXTS["/debts"], "concept drift")[0][k] for k in ("sentence_start", "sentence_end")),
            strict=True,
        )
    )
    return tables(
        **{
            "articles": [
                article(url, titles.get(url, f"On {url[1:]}"), subject="S", parts=[{"name": "body", "text": text}])
                for url, text in sorted(TEXTS.items())
            ],
            "links": [
                link("/aging", "/watch", 1, "url", "On watch"),
                link("/far", "/debts", 1, "url", "On debts"),
                link("/watch", "/far", 1, "url", "On far"),
            ],
            "concepts": [concept(slug, label, max(1, counts[slug])) for slug, label in sorted(LABELS.items())],
            "mentions": mentions,
            "relations": [
                broader("concept-drift", "drift", origins=["pattern"], article="/debts", part="body", **sentence),
                broader("data-drift", "drift", article_count=0),
                related("concept-drift", "technical-debt", 0.5, 1),
            ],
            **changes,
        }
    )


def ask(a: str, b: str, limit: int = 5, content: Tables | None = None) -> Explanation:
    return explain(GraphIndex(content or graph(), MINTER), a, b, limit)


def marked(quote: Quote) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in quote.pieces)


def told(explanation: Explanation) -> dict[str, list[tuple[str, list[str]]]]:
    """By section, what each finding says and quotes."""
    return {
        section.kind: [(finding.says, [marked(quote) for quote in finding.quotes]) for finding in section.findings]
        for section in explanation.sections
    }


def test_two_articles_share_concepts_and_links() -> None:
    found = ask("/aging", "/watch")
    assert found.connected
    assert found.summary == "A links to B, and they share 2 concepts."
    assert told(found) == {
        "link": [("A links to B", [])],
        "concept": [
            (
                '"data drift": both are about it',
                [
                    "Every model in production meets [data drift] sooner or later.",
                    "Alarms for [data drift] tell a team that the model needs work.",
                ],
            ),
            ('"software": both mention it', ["[Software] ages as well.", "[Software] needs alarms too."]),
        ],
    }
    facts = found.sections[1].findings[0].facts
    assert facts["salience"] == [0.9, 0.9]
    assert facts["articles"] == 2


def test_the_other_way_round_is_the_same_seen_from_there() -> None:
    found = ask("/watch", "/aging")
    assert found.summary == "B links to A, and they share 2 concepts."
    assert [finding.facts["concept"] for finding in found.sections[1].findings] == ["data-drift", "software"]


def test_a_commonplace_comes_after_what_few_articles_have() -> None:
    rows = graph().mentions.to_pylist()
    for row in rows:
        row["salience"] = {"software": 0.5, "data-drift": 0.3}.get(row["concept"], row["salience"])
    found = ask("/aging", "/watch", content=graph(mentions=rows))
    assert [finding.facts["concept"] for finding in found.sections[1].findings] == ["data-drift", "software"]


def test_articles_are_connected_over_others_in_either_direction() -> None:
    found = ask("/aging", "/far")
    assert found.summary == "2 related links connect A with B."
    assert told(found)["path"] == [("On aging → On watch → On far", [])]
    assert told(ask("/debts", "/aging"))["path"] == [("On debts ← On far ← On watch ← On aging", [])]
    assert ask("/aging", "/far").sections[0].findings[0].facts == {"urls": ["/aging", "/watch", "/far"], "links": 2}


def test_articles_that_are_not_connected_are_said_not_to_be() -> None:
    found = ask("/aging", "/isle")
    assert not found.connected
    assert found.summary == "No related links within three steps, and no concept in common."
    assert told(found) == {"near": [("both belong to S", [])]}


def test_related_concepts_come_nearest() -> None:
    rows = [row for row in graph().mentions.to_pylist() if row["concept"] != "software"]
    found = ask("/watch", "/debts", content=graph(links=[], mentions=rows))
    assert not found.connected
    ((says, quotes),) = told(found)["near"]
    assert says == 'A mentions "data drift", B mentions "concept drift": both are narrower than "drift"'
    assert quotes == [
        "Alarms for [data drift] tell a team that the model needs work.",
        "[Concept drift] is paid for with technical debt.",
    ]


def test_two_concepts_have_a_hierarchy_with_reasons() -> None:
    found = ask("data drift", "concept drift")
    assert found.summary == 'Both are narrower than "drift".'
    assert told(found)["hierarchy"] == [
        ('"data drift" → "drift": its name says so', []),
        ('"concept drift" → "drift": a sentence says so', ["[Concept drift] is paid for with technical debt."]),
    ]
    assert ask("drift", "concept drift").summary == '"drift" is broader than "concept drift".'


def test_two_concepts_meet_in_articles() -> None:
    found = ask("concept drift", "technical debt")
    assert found.summary == "1 article mentions both."
    assert found.sections[0].title == "Related, articles that mention both: 1, of 1 and 1; NPMI 0.50"
    assert told(found)["cooccurrence"] == [("On debts", ["[Concept drift] is paid for with [technical debt]."])]
    apart = ask("software", "technical debt")
    assert told(apart)["cooccurrence"] == [
        (
            "On debts",
            ["All [software] has some debt in it somewhere.", "Concept drift is paid for with [technical debt]."],
        )
    ]


def test_concepts_that_never_meet_have_a_companion() -> None:
    found = ask("data drift", "technical debt", content=graph(relations=[]))
    assert not found.connected
    assert found.summary.startswith("Neither is broader than the other")
    (section,) = found.sections
    assert [finding.facts["concept"] for finding in section.findings] == ["software"]
    assert len(section.findings[0].quotes) == 4


def test_paths_lead_over_links_mentions_and_relations_with_a_sentence_for_each_step() -> None:
    found = ask("technical debt", "/aging").paths
    assert [[end.key for end in path.nodes] for path in found] == [
        ["technical-debt", "/debts", "/far", "/watch", "/aging"],
        ["technical-debt", "/debts", "concept-drift", "drift", "data-drift", "/aging"],
        ["technical-debt", "concept-drift", "drift", "data-drift", "/aging"],
    ]
    best, over_drift, _ = found
    assert [step.kind.value for step in best.steps] == ["mention", "backlink", "backlink", "backlink"]
    assert [step.says for step in best.steps] == [
        '"technical debt" is mentioned, with salience 0.60, in: On debts',
        "Related link: On debts ← On far",
        "Related link: On far ← On watch",
        'Related link: On watch ← On aging; both mention "data drift"',
    ]
    assert [[marked(quote) for quote in step.quotes] for step in best.steps] == [
        ["Concept drift is paid for with [technical debt]."],
        [],
        [],
        ["Every model in production meets [data drift] sooner or later."],
    ]
    assert best.weight == pytest.approx(0.6 * LINK_STEP**3)
    assert [step.kind.value for step in over_drift.steps] == ["mention", "mention", "broader", "narrower", "mention"]
    specific = math.log(6 / 2) / math.log(6)  # of data drift, which two of the five articles have
    assert over_drift.weight == pytest.approx(0.6 * 0.9 * BROADER_STEP**2 * 0.9 * specific)


def test_a_step_to_a_broader_or_related_concept_gives_the_sentence_that_states_it() -> None:
    broader, *_ = ask("concept drift", "drift").paths
    assert [(step.kind.value, step.says) for step in broader.steps] == [
        ("broader", '"concept drift" is narrower than "drift": a sentence says so')
    ]
    assert marked(broader.steps[0].quotes[0]) == "[Concept drift] is paid for with technical debt."
    related, *_ = ask("technical debt", "concept drift").paths
    assert [step.says for step in related.steps] == [
        '"technical debt" and "concept drift" are related: in 1 article together, NPMI 0.50'
    ]
    assert marked(related.steps[0].quotes[0]) == "[Concept drift] is paid for with [technical debt]."


def test_the_step_between_neighbours_is_the_first_path_even_if_others_are_better() -> None:
    rows = graph().mentions.to_pylist()
    rows[-1]["salience"] = 0.1
    found = ask(rows[-1]["article"], rows[-1]["concept"], content=graph(mentions=rows)).paths
    assert len(found[0].steps) == 1
    assert found[0].weight < found[1].weight


def test_paths_may_consist_of_relations_alone() -> None:
    relations = [related("island", "museum", 0.5, 0), related("drift", "island", 0.5, 0)]
    found = ask("museum", "drift", content=graph(relations=relations, mentions=[]))
    assert found.sections == ()
    assert [path.says for path in found.paths] == ['"museum" – "island" – "drift"']


def test_where_nothing_connects_one_sentence_says_so() -> None:
    found = ask("/aging", "/isle")
    assert len(found.paths) == 0
    sentence = "No path of at most 6 steps connects A with B."
    assert found.paths.summary == sentence
    assert str(found).endswith(f"\n{sentence}")
    assert f"<p>{sentence}</p>" in render_page(found, "x")
    assert found.to_dict()["paths"] == []


def test_an_article_says_its_concept() -> None:
    found = ask("/aging", "data drift")
    assert found.summary == "The article is about the concept: number 1 of its 2 concepts, salience 0.90."
    assert told(found) == {
        "annotation": [
            (
                "found in the text; said twice",
                ["Every model in production meets [data drift] sooner or later.", "On [data drift]"],
            )
        ]
    }
    assert ask("data drift", "/aging").a.kind == "concept"
    assert len(ask("/aging", "data drift", limit=1).sections[0].findings[0].quotes) == 1


def test_a_keyword_that_is_not_in_the_text_has_no_sentence() -> None:
    rows = graph().mentions.to_pylist()
    rows[0] |= {"frequency": 0, "origins": ["author"], "occurrences": []}
    row = rows[0]
    found = ask(row["article"], row["concept"], content=graph(mentions=rows))
    assert told(found)["annotation"] == [("a keyword of the author; the text does not say its words", [])]


def test_an_article_without_the_concept_has_neighbours() -> None:
    found = ask("/watch", "drift")
    assert not found.connected
    assert found.summary == "The article does not mention the concept."
    assert told(found)["near"] == [
        ('"data drift", which is narrower', ["Alarms for [data drift] tell a team that the model needs work."])
    ]
    linked = ask("/far", "data drift")
    assert told(linked)["link"] == [("On watch", ["Alarms for [data drift] tell a team that the model needs work."])]


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("watch", "article", "/watch"),
        ("On watch", "article", "/watch"),
        ("on WATCH", "article", "/watch"),
        ("/watch", "article", "/watch"),
        ("https://elsewhere.example/watch", "article", "/watch"),
        (f"{BASE}watch", "article", "/watch"),
        ("Technical DEBT", "concept", "technical-debt"),
        ("technical-debt", "concept", "technical-debt"),
        ("technical  debt", "concept", "technical-debt"),
        (f"{BASE}concept/technical-debt", "concept", "technical-debt"),
    ],
)
def test_names(text: str, kind: str, key: str) -> None:
    found = ask(text, "museum")
    assert (found.a.kind.value, found.a.key) == (kind, key)
    assert found.notes == ()


def test_a_name_of_both_is_said_to_be() -> None:
    content = graph(titles={"/far": "Museum"})
    lower, upper = (ask(text, "island", content=content) for text in ("museum", "Museum"))
    assert (lower.a.kind, upper.a.kind) == ("concept", "article")
    assert lower.notes == (f'"museum" is taken for the concept; for the article of that name, give {BASE}far',)
    assert upper.notes == (
        f'"Museum" is taken for the article; for the concept of that name, give {BASE}concept/museum',
    )
    assert ask(f"{BASE}far", "island", content=content).notes == ()


def test_wrong_use_is_one_sentence() -> None:
    with pytest.raises(UsageError, match='nothing in the graph is called "data drifd"; did you mean "data drift"'):
        ask("data drifd", "drift")
    with pytest.raises(UsageError, match='"data drift" and "data-drift" are the same concept: give two'):
        ask("data drift", "data-drift")
    with pytest.raises(UsageError, match="limit must be a whole number of at least 1"):
        ask("data drift", "drift", limit=0)


def test_limit_cuts_and_totals_tell() -> None:
    found = ask("/aging", "/watch", limit=1)
    assert [(section.total, len(section.findings)) for section in found.sections] == [(1, 1), (2, 1)]


def test_json_has_marks_and_offsets_that_hold() -> None:
    found = json.loads(json.dumps(ask("/aging", "/watch").to_dict()))
    assert found["a"] == {"kind": "article", "key": "/aging", "label": "On aging", "iri": f"{BASE}aging"}
    quotes = [quote for section in found["sections"] for finding in section["findings"] for quote in finding["quotes"]]
    assert len(quotes) == 4
    for quote in quotes:
        assert quote["text"] == TEXTS[quote["article"]][quote["start"] : quote["end"]]
        assert [quote["text"][start:end].lower() for start, end in quote["marks"]] in (["data drift"], ["software"])


def test_hostile_text_stays_text() -> None:
    titles = dict.fromkeys(TEXTS, HOSTILE)
    texts = [
        article(url, HOSTILE, parts=[{"name": "body", "text": f"{text}{HOSTILE}"}])
        for url, text in sorted(TEXTS.items())
    ]
    rows = graph().mentions.to_pylist()
    for row in rows:
        for place in row["occurrences"]:
            place["sentence_end"] = len(TEXTS[row["article"]]) + len(HOSTILE)
    found = explain(GraphIndex(graph(titles, articles=texts, mentions=rows), MINTER), "/aging", "/watch", site=SITE)
    for html in (render_page(found, HOSTILE), found._repr_html_(), found.paths._repr_html_()):
        assert "<script>" not in html
        assert "<img" not in html
        assert "&lt;script&gt;" in html
        assert "<mark>data drift</mark>" in html
    assert f'href="{SITE}aging"' in render_page(found, HOSTILE)


def test_the_answer_does_not_depend_on_the_order_of_questions() -> None:
    content = graph()
    before = ask("/aging", "/watch", content=content).to_dict()
    ask("/watch", "/debts", content=content)
    assert ask("/aging", "/watch", content=content).to_dict() == before


def test_concepts_of_two_articles_meet_in_a_third() -> None:
    text = "A museum on an island sells maps of both to its visitors."
    found = [places(text, words) for words in ("museum", "island")]
    third = article("/third", "Maps", parts=[{"name": "body", "text": text}])
    rows = [
        *graph().mentions.to_pylist(),
        mention("/third", 1, "museum", 0.5, 1, "extracted", occurrences=found[0]),
        mention("/third", 2, "island", 0.5, 1, "extracted", occurrences=found[1]),
    ]
    articles = [
        *(row for row in graph().articles.drop_columns(["community", "centrality", "x", "y"]).to_pylist()),
        third,
    ]
    content = graph(
        articles=sorted(articles, key=lambda row: row["url"]),
        mentions=sorted(rows, key=lambda row: (row["article"], row["rank"])),
    )
    met = [('"museum" and "island" in: Maps', ["A [museum] on an [island] sells maps of both to its visitors."])]
    assert told(ask("/far", "/isle", content=content)) == {"near": met}
    assert told(ask("/far", "island", content=content)) == {"near": met}
