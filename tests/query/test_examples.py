"""Every named query on examples/articles: its rows are what the tables say, and what stands in the articles."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from kg.base.iris import Minter
from kg.base.model import RelationKind
from kg.base.report import read_report
from kg.base.tables import read_tables
from kg.graph.passages import best_occurrence
from kg.query.named import fill, list_queries, load_query
from tests.query.build_to_ask import Build

QUERIES = Path(__file__).parents[2] / "ontologies" / "queries"
LINEAGE = "/learn/data-engineering/questions/what-is-data-lineage"
BACKFILL = "/learn/data-engineering/questions/how-do-you-backfill-a-feature-safely"
STORE = "/learn/data-engineering/questions/what-is-a-feature-store-and-when-do-you-need-one"
SKEW = "/learn/monitoring/questions/what-is-training-serving-skew"
DRIFT = "/learn/monitoring/questions/what-is-data-drift-and-how-is-it-detected"

Rows = list[tuple[str, ...]]


def best(rows: Iterable[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """The largest numbers first, and what is equal by label and IRI."""
    return sorted(rows, key=lambda row: (-row[0], row[1:]))


def decimal(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def numbered(name: str, rows: Iterable[tuple[float, str, str]]) -> Rows:
    """Rows of a concept's card."""
    return [(name, label, decimal(number), iri) for number, label, iri in best(rows)]


class Tables:
    """The tables of the build as Python has them, and the answers that follow from them without SPARQL.

    A method is named as the query, with underscores, and takes the query's parameters.
    """

    def __init__(self, out: Path) -> None:
        tables = read_tables(out / "tables")
        self.minter = Minter(read_report(out).configuration["base"])
        self.articles = {row["url"]: row for row in tables.articles.to_pylist()}
        self.concepts = {row["slug"]: row for row in tables.concepts.to_pylist()}
        self.links = tables.links.to_pylist()
        self.relations = tables.relations.to_pylist()
        self.mentions = tables.mentions.to_pylist()
        self.communities = {row["slug"]: row["label"] for row in tables.communities.to_pylist()}
        self.having: dict[str, set[str]] = {slug: set() for slug in self.concepts}
        for row in self.mentions:
            self.having[row["concept"]].add(row["article"])

    def title(self, url: str) -> str:
        return self.articles[url]["title"]

    def label(self, slug: str) -> str:
        return self.concepts[slug]["pref_label"]

    def iri(self, made: str) -> str:
        """As `rows_as_text` shows it."""
        return made.removeprefix(self.minter.base)

    def article_iri(self, url: str) -> str:
        return self.iri(self.minter.article(url))

    def concept_iri(self, slug: str) -> str:
        return self.iri(self.minter.concept(slug))

    def of_article(self, url: str) -> list[tuple[float, str, str]]:
        """The concepts of an article: salience, label, IRI."""
        found = [row for row in self.mentions if row["article"] == url]
        return best((row["salience"], self.label(row["concept"]), self.concept_iri(row["concept"])) for row in found)

    def common_concepts(self) -> list[str]:
        """The IRIs of the concepts of two articles and more."""
        return [self.minter.concept(slug) for slug, urls in self.having.items() if len(urls) > 1]

    def subjects(self) -> list[str]:
        return sorted({row["subject"] for row in self.articles.values()})

    def article_concepts(self) -> Rows:
        rows: Rows = []
        for url in sorted(self.articles):
            concepts = [(url, label, iri, decimal(salience)) for salience, label, iri in self.of_article(url)]
            rows += concepts or [(url, "", "", "")]
        return rows

    def concept_articles(self, concept: str) -> Rows:
        found = [row for row in self.mentions if self.minter.concept(row["concept"]) == concept]
        found.sort(key=lambda row: (-row["salience"], row["article"]))
        return [
            (row["article"], self.title(row["article"]), decimal(row["salience"]), str(row["frequency"]))
            for row in found
        ]

    def top_concepts(self, subject: str | None = None, limit: str = "20") -> Rows:
        of = {url for url, row in self.articles.items() if subject in (None, row["subject"])}
        counts = {slug: len(urls & of) for slug, urls in self.having.items()}
        found = best((count, self.label(slug), self.concept_iri(slug)) for slug, count in counts.items() if count)
        if subject is not None:  # by kg:rank
            found.sort(key=lambda row: (-row[0], row[2]))
        return [(label, str(count), iri) for count, label, iri in found[: int(limit)]]

    def article_card(self, article: str) -> Rows:
        row = self.articles[article]
        leaving = [
            (link["target_title"] or link["target"], self.article_iri(link["target"]), link["status"])
            for link in self.links
            if link["source"] == article
        ]
        coming = {link["source"] for link in self.links if link["target"] == article}
        return [
            ("title", row["title"], "", ""),
            ("url", article, "", ""),
            *[("published", row["date"].isoformat(), "", "") for _ in [0] if row["date"]],
            *[("author", author, "", self.iri(self.minter.author(author))) for author in sorted(set(row["authors"]))],
            *[("subject", label, "", self.iri(self.minter.subject(label))) for label in [row["subject"]] if label],
            *[("keyword", keyword, "", "") for keyword in sorted(set(row["keywords"]))],
            *[("concept", label, decimal(salience), iri) for salience, label, iri in self.of_article(article)],
            *[
                ("links to (missing)" if status == "missing" else "links to", title, "", iri)
                for title, iri, status in sorted(leaving)
            ],
            *sorted(("linked from", self.title(url), "", self.article_iri(url)) for url in coming),
        ]

    def concept_card(self, concept: str) -> Rows:
        (slug,) = (slug for slug in self.concepts if self.minter.concept(slug) == concept)
        urls = self.having[slug]
        subjects = Counter(self.articles[url]["subject"] for url in urls if self.articles[url]["subject"])
        saliences = {row["article"]: row["salience"] for row in self.mentions if row["concept"] == slug}
        shared = {other: len(urls & others) for other, others in self.having.items() if other != slug}
        nearest = sorted((-count, self.concept_iri(other), other) for other, count in shared.items() if count)[:10]
        return [
            ("label", self.label(slug), "", ""),
            *[("other label", label, "", "") for label in sorted(self.concepts[slug]["alt_labels"])],
            *[("hidden label", label, "", "") for label in sorted(self.concepts[slug]["hidden_labels"])],
            *[("definition", text, "", "") for text in [self.concepts[slug]["definition"]] if text],
            *numbered("broader", self._ends(slug, RelationKind.BROADER, "source", "target")),
            *numbered("narrower", self._ends(slug, RelationKind.BROADER, "target", "source")),
            *numbered(
                "related",
                [
                    *self._ends(slug, RelationKind.RELATED, "source", "target"),
                    *self._ends(slug, RelationKind.RELATED, "target", "source"),
                ],
            ),
            ("articles", "", str(len(urls)), ""),
            *numbered(
                "articles in subject",
                ((count, label, self.iri(self.minter.subject(label))) for label, count in subjects.items()),
            ),
            *numbered(
                "salience in article",
                ((salience, self.title(url), self.article_iri(url)) for url, salience in saliences.items()),
            )[:10],
            *numbered("articles shared with", ((-less, self.label(other), iri) for less, iri, other in nearest)),
        ]

    def shared_concepts(self, article: str, other: str, limit: str = "20") -> Rows:
        mine, theirs = (
            {iri: (salience, label) for salience, label, iri in self.of_article(url)} for url in (article, other)
        )
        both = [(mine[iri][1], mine[iri][0], theirs[iri][0], iri) for iri in mine.keys() & theirs.keys()]
        both.sort(key=lambda row: (-min(row[1:3]), -round(row[1] + row[2], 4), row[0], row[3]))
        return [(label, decimal(one), decimal(two), iri) for label, one, two, iri in both[: int(limit)]]

    def cooccurrence(self, concept: str | None = None, limit: str = "20") -> Rows:
        found = []
        for row in self.relations:
            if row["kind"] == RelationKind.RELATED.value:
                ends = sorted((row["source"], row["target"]), key=self.minter.concept)
                first = [end for end in ends if concept in (None, self.minter.concept(end))][:1]
                for one in first:
                    other = next(end for end in ends if end != one)
                    articles = len(self.having[one] & self.having[other])
                    found.append((self.label(one), self.label(other), articles, row["npmi"]))
        found.sort(key=lambda row: (-row[3], -row[2], row[:2]))
        return [(one, other, str(articles), decimal(npmi)) for one, other, articles, npmi in found[: int(limit)]]

    def subject_overview(self, subject: str | None = None, limit: str = "200") -> Rows:
        rows: Rows = []
        sizes = Counter(row["subject"] for row in self.articles.values())
        for label, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
            if subject in (None, label):
                rows.append((label, "articles", "", str(size), ""))
                rows += [(label, "concept", name, str(count), iri) for count, name, iri in self._common(label)]
                rows += [(label, "links to", name, str(count), iri) for count, name, iri in self._neighbours(label)]
        return rows[: int(limit)]

    def _common(self, subject: str) -> list[tuple[float, str, str]]:
        """The five concepts that most articles of a subject have: how many, label, IRI; cut by IRI, shown by label."""
        of = {url for url, row in self.articles.items() if row["subject"] == subject}
        counts = {slug: len(urls & of) for slug, urls in self.having.items()}
        most = sorted((-count, self.concept_iri(slug), self.label(slug)) for slug, count in counts.items() if count)
        return best((-less, label, iri) for less, iri, label in most[:5])

    def _neighbours(self, subject: str) -> list[tuple[float, str, str]]:
        ends = [
            (self.articles[link["source"]]["subject"], self.articles[link["target"]]["subject"])
            for link in self.links
            if link["target"] in self.articles
        ]
        found = Counter(target for source, target in ends if source == subject != target)
        return best((count, label, self.iri(self.minter.subject(label))) for label, count in found.items())

    def evidence(self, article: str | None = None, concept: str | None = None, limit: str = "20") -> Rows:
        found = [
            row
            for row in self.mentions
            if article in (None, row["article"]) and concept in (None, self.minter.concept(row["concept"]))
        ]
        found.sort(key=lambda row: (-row["salience"], row["article"], self.label(row["concept"])))
        rows: Rows = []
        for row in found:
            texts = {part["name"]: part["text"] for part in self.articles[row["article"]]["parts"]}
            place = best_occurrence(texts, row["occurrences"])
            if place is not None:
                text, start, end = texts[place["part"]], place["start"], place["end"]
                around = (text[max(0, start - 32) : start], text[start:end], text[end : end + 32])
                salience = decimal(row["salience"])
                label = self.label(row["concept"])
                rows.append((label, salience, place["part"], str(start), str(end), *around, row["article"]))
        return rows[: int(limit)]

    def bridging_articles(self, subject: str | None = None, limit: str = "20") -> Rows:
        found = []
        for url, article in self.articles.items():
            weights: dict[str, float] = defaultdict(float)
            members: Counter[str] = Counter()
            concepts = 0
            for row in self.mentions:
                community = self.concepts[row["concept"]]["community"]
                concepts += row["article"] == url
                if row["article"] == url and community is not None:
                    weights[community] = round(weights[community] + row["salience"], 4)
                    members[community] += 1
            if concepts >= 5 and weights and subject in (None, article["subject"]):
                total = sum(weights.values())
                spread = 1 - sum((weight / total) ** 2 for weight in weights.values())
                named = sorted((-count, self.communities[slug]) for slug, count in members.items())
                labels = "; ".join(label for _, label in named)
                found.append((round(spread, 4), self.minter.article(url), concepts, labels, url))
        found.sort(key=lambda row: (-row[0], row[1]))
        return [
            (self.title(url), decimal(spread), str(concepts), labels, url)
            for spread, _, concepts, labels, url in found[: int(limit)]
        ]

    def _ends(self, slug: str, kind: RelationKind, here: str, there: str) -> list[tuple[float, str, str]]:
        """The other ends of a concept's relations: how close or how common, label, IRI."""
        found = [row for row in self.relations if row["kind"] == kind.value and row[here] == slug]
        return [
            (
                row["npmi"] if kind is RelationKind.RELATED else self.concepts[row[there]]["article_count"],
                self.label(row[there]),
                self.concept_iri(row[there]),
            )
            for row in found
        ]

    def related_path(self, **ends: str) -> Rows:
        near: dict[str, set[str]] = {url: set() for url in self.articles}
        for link in self.links:
            if link["status"] != "missing":
                near[link["source"]].add(link["target"])
                near[link["target"]].add(link["source"])

        def paths(path: list[str]) -> Iterator[list[str]]:
            if path[-1] == ends["to"]:
                yield path
            elif len(path) <= 3:
                for url in near[path[-1]] - set(path):
                    yield from paths([*path, url])

        rows: Rows = []
        for path in sorted(paths([ends["from"]]), key=lambda path: (len(path), path))[: int(ends.get("limit", 10))]:
            named = [text for url in path for text in (url, self.title(url))]
            rows.append((str(len(path) - 1), *named, *[""] * (8 - len(named))))
        return rows

    def broken_links(self) -> Rows:
        missing = sorted((link["source"], link["target"], link["target_title"] or "") for link in self.links)
        return [(url, self.title(url), target, title) for url, target, title in missing if target not in self.articles]


QUESTIONS: dict[str, Callable[[Tables], list[dict[str, str]]]] = {
    "article-card": lambda tables: [{"article": url} for url in tables.articles],
    "article-concepts": lambda tables: [{}],
    "bridging-articles": lambda tables: [{}, {"limit": "3"}, *({"subject": label} for label in tables.subjects())],
    "broken-links": lambda tables: [{}],
    "concept-articles": lambda tables: [{"concept": iri} for iri in tables.common_concepts()],
    "concept-card": lambda tables: [{"concept": iri} for iri in tables.common_concepts()],
    "cooccurrence": lambda tables: [{}, {"limit": "2"}, *({"concept": iri} for iri in tables.common_concepts())],
    "evidence": lambda tables: [
        {},
        {"limit": "100000"},
        {"article": LINEAGE, "concept": tables.minter.concept("data-lineage")},
        *({"article": url, "limit": "1000"} for url in tables.articles),
        *({"concept": iri} for iri in tables.common_concepts()),
    ],
    "related-path": lambda tables: [{"from": LINEAGE, "to": url} for url in tables.articles if url != LINEAGE],
    "shared-concepts": lambda tables: [
        {"article": STORE, "other": url, **limit} for url in tables.articles for limit in ({}, {"limit": "2"})
    ],
    "subject-overview": lambda tables: [{}, {"limit": "4"}, *({"subject": label} for label in tables.subjects())],
    "top-concepts": lambda tables: [{}, {"limit": "5"}, *({"subject": label} for label in tables.subjects())],
}
"""What every query is asked."""


@pytest.fixture(scope="module")
def graph(built: Path) -> Build:
    return Build.open(built)


@pytest.fixture(scope="module")
def tables(built: Path) -> Tables:
    return Tables(built)


def ask(graph: Build, name: str, **values: str) -> Rows:
    """The rows of a named query, as a person sees them."""
    return graph.ask(name, **values)[1]


def test_every_query_of_the_folder_is_asked_here() -> None:
    assert set(QUESTIONS) == {file.stem for file in QUERIES.glob("*.rq")} == {query.name for query in list_queries()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_rows_are_what_the_tables_say(graph: Build, tables: Tables, name: str) -> None:
    questions = QUESTIONS[name](tables)
    answers = [ask(graph, name, **values) for values in questions]
    expected = getattr(tables, name.replace("-", "_"))
    for values, rows in zip(questions, answers, strict=True):
        assert rows == expected(**values), values
    assert any(answers)


@pytest.mark.parametrize("name", [query.name for query in list_queries() if query.whole_graph is not None])
@pytest.mark.parametrize("limit", [None, "3"])
def test_the_query_for_oxigraph_has_the_answer_of_the_one_in_sparql_1_1(
    graph: Build, name: str, limit: str | None
) -> None:
    query = load_query(name)
    values = {"limit": limit} if limit is not None and "limit" in {one.name for one in query.parameters} else {}
    one, other = (
        list(graph.store.select(fill(graph.index, query, values, for_oxigraph))) for for_oxigraph in (False, True)
    )
    assert one == other != []


def test_four_links_of_the_examples_are_broken(graph: Build) -> None:
    late = (
        "how-do-you-monitor-a-model-whose-labels-arrive-late",
        "How do you monitor a model whose labels arrive late?",
    )
    endpoint = ("what-is-a-multi-model-endpoint", "What is a multi-model endpoint?")
    release = ("who-signs-off-a-model-before-release", "Who signs off a model before release?")
    assert [
        (url.split("/")[-1], target.split("/")[-1], title) for url, _, target, title in ask(graph, "broken-links")
    ] == [
        ("how-do-you-serve-models-on-kubernetes", *endpoint),
        ("what-should-a-model-card-contain", *release),
        ("how-does-concept-drift-differ-from-data-drift", *late),
        ("what-is-calibration-and-why-does-it-decay-in-production", *late),
    ]


def test_the_card_of_an_article_says_what_its_file_says(graph: Build) -> None:
    rows = ask(graph, "article-card", article=LINEAGE)
    assert [row[:2] for row in rows if row[0] != "concept"] == [
        ("title", "What is data lineage?"),
        ("url", LINEAGE),
        ("published", "2025-09-25"),
        ("author", "Field Notes"),
        ("subject", "Data Engineering"),
        ("keyword", "data lineage"),
        ("keyword", "provenance"),
        ("keyword", "training set"),
        ("keyword", "upstream table"),
        ("links to", "How do you backfill a feature safely?"),
        ("links to", "What does the GDPR mean for a trained model?"),
        ("linked from", "How do you backfill a feature safely?"),
        ("linked from", "What does the GDPR mean for a trained model?"),
        ("linked from", "What is a feature store and when do you need one?"),
    ]
    assert "data lineage" in [value for name, value, *_ in rows if name == "concept"]


def test_an_article_is_found_by_its_keyword(graph: Build) -> None:
    assert LINEAGE in [url for url, *_ in ask(graph, "concept-articles", concept="data lineage")]
    assert (LINEAGE, "data lineage") in [row[:2] for row in ask(graph, "article-concepts")]
    card = ask(graph, "concept-card", concept="data lineage")
    assert ("label", "data lineage") in [row[:2] for row in card]
    assert ("salience in article", "What is data lineage?") in [row[:2] for row in card]


def test_a_subject_has_concepts_of_its_articles_alone(graph: Build) -> None:
    labels = [label for label, *_ in ask(graph, "top-concepts", subject="Data Engineering", limit="1000")]
    assert "data lineage" in labels
    assert "differential privacy" not in labels
    assert "differential privacy" in [label for label, *_ in ask(graph, "top-concepts", limit="1000")]


@pytest.mark.parametrize("path", [[LINEAGE, BACKFILL], [LINEAGE, STORE, SKEW, DRIFT], [DRIFT, SKEW, STORE, LINEAGE]])
def test_two_articles_are_connected_by_links_in_either_direction(graph: Build, path: list[str]) -> None:
    shortest, *_ = ask(graph, "related-path", **{"from": path[0], "to": path[-1]})
    assert shortest[0] == str(len(path) - 1)
    assert [url for url in shortest[1::2] if url] == path
