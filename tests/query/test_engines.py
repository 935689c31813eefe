"""The named queries and those of the documentation are SPARQL 1.1: three engines give the same answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.base.iris import PREFIXES, Minter
from kg.base.report import read_report
from kg.graph.index import GraphIndex
from kg.query.named import NamedQuery, fill, list_queries, load_query
from tests.query.engines import Engine, Oxigraph, Rdflib, triples_of, virtuoso
from tests.test_docs import ROOT, blocks

LINEAGE = "/learn/data-engineering/questions/what-is-data-lineage"
SKEW = "/learn/monitoring/questions/what-is-training-serving-skew"
DRIFT = "/learn/monitoring/questions/what-is-data-drift-and-how-is-it-detected"
ALL = "9999"
"""A limit that cuts nothing, since engines sort equal rows differently. Virtuoso sorts no more rows."""

ASKED: list[tuple[str, dict[str, str]]] = [
    ("article-card", {"article": LINEAGE}),
    ("article-concepts", {}),
    ("bridging-articles", {"limit": ALL}),
    ("bridging-articles", {"limit": ALL, "subject": "Monitoring"}),
    ("broken-links", {}),
    ("concept-articles", {"concept": "data drift"}),
    ("concept-card", {"concept": "technical debt"}),
    ("cooccurrence", {"limit": ALL}),
    ("cooccurrence", {"limit": ALL, "concept": "data drift"}),
    ("evidence", {"limit": ALL}),
    ("evidence", {"limit": ALL, "article": LINEAGE}),
    ("evidence", {"limit": ALL, "concept": "data drift"}),
    ("related-path", {"limit": ALL, "from": LINEAGE, "to": DRIFT}),
    ("shared-concepts", {"limit": ALL, "article": SKEW, "other": DRIFT}),
    ("subject-overview", {"limit": ALL}),
    ("subject-overview", {"limit": ALL, "subject": "Monitoring"}),
    ("top-concepts", {"limit": ALL}),
    ("top-concepts", {"limit": ALL, "subject": "Monitoring"}),
]
DOCUMENTED = blocks(ROOT / "docs" / "how-to" / "sparql.md", "sparql")
DECLARED = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def engines(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    folder = tmp_path_factory.mktemp("engines")
    files = triples_of(built, folder)
    with virtuoso(files, folder) as server:
        yield {"Oxigraph": Oxigraph(files), "rdflib": Rdflib(files), "Virtuoso": server}


@pytest.fixture(scope="module")
def index(built: Path) -> GraphIndex:
    return GraphIndex.open(built / "tables", Minter(read_report(built).configuration["base"]))


def same_answer(engines: dict[str, Engine], sparql: str) -> None:
    rows = {name: sorted(map(str, engine.select(sparql))) for name, engine in engines.items()}
    first = rows["Oxigraph"]
    assert first
    for name, found in rows.items():
        assert found == first, name


def test_every_named_query_is_asked() -> None:
    assert {name for name, _ in ASKED} == {query.name for query in list_queries()}


@pytest.mark.parametrize(("name", "values"), ASKED, ids=str)
def test_a_named_query_has_one_answer(
    engines: dict[str, Engine], index: GraphIndex, name: str, values: dict[str, str]
) -> None:
    same_answer(engines, fill(index, load_query(name), values))


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_file_can_be_run_as_it_is(engines: dict[str, Engine], index: GraphIndex, query: NamedQuery) -> None:
    """With the base IRI of the graph, as a user changes it in an editor."""
    assert engines["Oxigraph"].select(query.sparql.replace("https://kg.example/", index.minter.base))


@pytest.mark.parametrize("number", range(1, len(DOCUMENTED) + 1))
def test_a_documented_query_has_one_answer(engines: dict[str, Engine], number: int) -> None:
    same_answer(engines, DECLARED + DOCUMENTED[number - 1])
