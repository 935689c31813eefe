"""graph.graphml, graph.gexf, nodes.csv and edges.csv: read by other programs, whatever texts they hold."""

import csv
import datetime as dt
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kg.base.tables import Tables
from kg.export.property_graph.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, edges, nodes
from kg.export.property_graph.graph_files import write_graph_files
from kg.graph import property_graph
from kg.graph.property_graph import EdgeKind, NodeKind
from tests.export.sample_tables import (
    AWKWARD,
    BASE,
    HOSTILE,
    MINTER,
    article,
    broader,
    concept,
    link,
    mention,
    related,
    report,
    tables,
)

ROOT = Path(__file__).parents[3]
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("gexf.rng")))
FILES = ("graph.graphml", "graph.gexf", "nodes.csv", "edges.csv")
TITLES = {
    "a": "C:\\new \"quoted\" 'single' <b>&amp;</b> ]]> <!-- x --> é 漢字 😀",
    "b": HOSTILE,
    "c": '=HYPERLINK("x"),;|\\"',
    "d": " spaces  within and around ",
    "e": "\x00\x01\x0b\x7f\ufffe\uffff",
}
TYPES = {"int": int, "double": float, "date": dt.date.fromisoformat, "string[]": lambda text: text.split(";")}

Nodes = dict[str, dict[str, Any]]
Edges = dict[tuple[str, str], dict[str, Any]]


def hostile_tables() -> Tables:
    return tables(
        articles=[
            article(
                url, title, subject=AWKWARD if url < "c" else None, date=dt.date(2024, 2, 29) if url == "a" else None
            )
            for url, title in TITLES.items()
        ],
        links=[
            link("a", "b", 1, "url", None),
            link("b", "a", 1, "url", None),
            link("c", "c", 1, "url", None),
            link("c", "lost & <found>", 2, "missing", "two\r\nlines\tand\x00\u2028more"),
            link("d", "nowhere", 1, "missing", None),
        ],
        concepts=[
            concept("data-drift", "data drift", 4),
            concept("drift", "drift", 0),
            concept("x-1f9f1b4e", ";a;b;", 3),
        ],
        mentions=[
            mention(url, rank, slug, 0.5 / rank, rank - 1, *(["author", "extracted"] if url == "a" else ["author"]))
            for url in "abc"
            for rank, slug in enumerate(("data-drift", "x-1f9f1b4e"), start=1)
        ]
        + [mention("d", 1, "data-drift", 0.0001, 3, "extracted")],
        relations=[broader("data-drift", "drift"), related("data-drift", "x-1f9f1b4e", 0.1234, 3)],
    )


def write(content: Tables, out: Path) -> None:
    write_graph_files(content, report(), out)


def expected(content: Tables) -> tuple[Nodes, Edges]:
    return (
        {node.id: node.attributes for node in nodes(content, MINTER)},
        {(edge.source, edge.target): edge.attributes for edge in edges(content, MINTER)},
    )


def of_networkx(graph: nx.DiGraph) -> tuple[Nodes, Edges]:
    assert type(graph) is nx.DiGraph  # and no multigraph: no two edges have the same ends
    return dict(graph.nodes(data=True)), {(a, b): attributes for a, b, attributes in graph.edges(data=True)}


def without_viz(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a node of a GEXF file, with what viz says as ours."""
    rest = {name: value for name, value in attributes.items() if name != "viz"}
    viz = attributes["viz"]
    colour = "#" + bytes(viz["color"][channel] for channel in "rgb").hex()
    return rest | {
        "x": viz["position"]["x"],
        "y": viz["position"]["y"],
        "size": pytest.approx(2 * viz["size"]),
        "colour": colour,
    }


@pytest.fixture(scope="module")
def content() -> Tables:
    return hostile_tables()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, content: Tables) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    write(content, folder)
    return folder


def test_there_is_something_of_everything(content: Tables) -> None:
    found, pairs = expected(content)
    assert {node["kind"] for node in found.values()} == set(NodeKind)
    assert {edge["kind"] for edge in pairs.values()} == set(EdgeKind)
    assert set().union(*found.values()) == set(NODE_ATTRIBUTES)
    assert set().union(*pairs.values()) == set(EDGE_ATTRIBUTES)
    assert {end for pair in pairs for end in pair} <= set(found)
    assert len(pairs) == sum(1 for _ in edges(content, MINTER))


def test_labels_are_one_line_and_never_empty(content: Tables) -> None:
    found, _ = expected(content)
    assert found[BASE + "b"]["label"] == HOSTILE
    assert found[BASE + "e"]["label"] == "\x7f"
    assert found[BASE + "lost%20&%20%3Cfound%3E"]["label"] == "two lines and more"
    assert found[BASE + "d"]["label"] == "spaces  within and around"
    assert found[BASE + "nowhere"]["label"] == "nowhere"


def test_networkx_reads_graphml(out: Path, content: Tables) -> None:
    assert of_networkx(nx.read_graphml(out / "graph.graphml")) == expected(content)


def test_networkx_reads_gexf(out: Path, content: Tables) -> None:
    read, pairs = of_networkx(nx.read_gexf(out / "graph.gexf"))
    wanted, wanted_pairs = expected(content)
    assert {id_: without_viz(attributes) for id_, attributes in read.items()} == wanted
    assert pairs == wanted_pairs


@pytest.mark.node
@pytest.mark.parametrize("name", ["graph.graphml", "graph.gexf"])
def test_graphology_reads_the_same(out: Path, content: Tables, name: str, node: Path) -> None:
    command = [node, ROOT / "tests" / "js" / "read_graph.mjs", out / name]
    read = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    wanted, wanted_pairs = expected(content)
    assert read["type"] == "directed"
    assert {(source, target): attributes for source, target, attributes in read["edges"]} == wanted_pairs
    if name == "graph.gexf":
        for id_, attributes in read["nodes"]:
            assert attributes.pop("z") == 0
            red, green, blue = map(int, re.findall(r"\d+", attributes.pop("color")))
            attributes |= {"colour": f"#{red:02x}{green:02x}{blue:02x}", "size": pytest.approx(2 * attributes["size"])}
            assert attributes == wanted[id_]
    assert dict(read["nodes"]) == wanted


@pytest.mark.igraph
def test_igraph_reads_graphml(out: Path, content: Tables, igraph: Path) -> None:
    command = [igraph, Path(__file__).with_name("read_graphml.py"), out / "graph.graphml"]
    read = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert read["directed"]
    pairs = {(source, target): attributes for source, target, attributes in read["edges"]}
    assert (dict(read["nodes"]), pairs) == expected(content)


def test_gexf_is_as_specified(out: Path) -> None:
    SCHEMA.assertValid(etree.parse(out / "graph.gexf"))


@pytest.mark.parametrize(
    ("written", "wrong"),
    [('<viz:size value="', '<viz:size value="-'), (' weight="', ' heavy="'), ('version="1.3"', 'version="1.2"')],
)
def test_the_schema_can_fail(out: Path, written: str, wrong: str) -> None:
    text = (out / "graph.gexf").read_text("utf-8")
    assert written in text
    assert not SCHEMA.validate(etree.fromstring(text.replace(written, wrong).encode()))


def test_the_attributes_of_gexf_are_declared(out: Path) -> None:
    tree = etree.parse(out / "graph.gexf")
    for class_, element in (("node", "node"), ("edge", "edge")):
        declared = tree.xpath(f"//*[local-name()='attributes'][@class='{class_}']/*/@id")
        used = tree.xpath(f"//*[local-name()='{element}']/*/*[local-name()='attvalue']/@for")
        assert set(used) == set(declared)


def rows(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file, strict=True)
    assert {len(row) for row in found} == {len(header)}
    return header, found


def by_neo4j(path: Path) -> list[dict[str, Any]]:
    """What Neo4j's importer makes of a file; a line break in a field, it refuses.

    https://neo4j.com/docs/operations-manual/current/import/: a header is NAME, NAME:TYPE or :TYPE, and no name stands
    twice; an empty field is no property.
    """
    header, found = rows(path)
    columns = [re.fullmatch(r"(\w*)(?::(\w+(?:\[\])?))?", name) for name in header]
    assert None not in columns
    names = [column[1] for column in columns if column[1]]
    assert len(set(names)) == len(names)
    assert len(path.read_bytes().splitlines()) == len(found) + 1
    return [
        {
            column[1] or f":{column[2]}": TYPES.get(column[2], str)(value)
            for column, value in zip(columns, row, strict=True)
            if value
        }
        for row in found
    ]


def as_cell(value: Any) -> Any:
    """A value as it is in a cell of CSV: a text that a spreadsheet could take for a formula has an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[0] in "=+-@" else value


def as_cells(nodes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {id_: {name: as_cell(value) for name, value in node.items()} for id_, node in nodes.items()}


def test_neo4j_reads_the_nodes(out: Path, content: Tables) -> None:
    wanted, _ = expected(content)
    labels = {"article": "Article", "missing": "MissingArticle", "concept": "Concept", "subject": "Subject"}
    read = by_neo4j(out / "nodes.csv")
    assert [node.pop(":ID") for node in read] == list(wanted)
    assert [node.pop(":LABEL") for node in read] == [labels[attributes["kind"]] for attributes in wanted.values()]
    found = {node.pop("id"): {**node, "date": str(node["date"])} if "date" in node else node for node in read}
    assert found == as_cells(wanted)


def test_neo4j_reads_the_edges(out: Path, content: Tables) -> None:
    wanted, pairs = expected(content)
    read = by_neo4j(out / "edges.csv")
    assert [(edge[":START_ID"], edge[":END_ID"]) for edge in read] == list(pairs)
    for edge, attributes in zip(read, pairs.values(), strict=True):
        assert {edge[":START_ID"], edge[":END_ID"]} <= set(wanted)
        assert edge[":TYPE"] == attributes["kind"].upper()
        assert edge.get("salience") == attributes.get("salience")
        assert edge.get("frequency") == attributes.get("frequency")
        assert ";".join(edge.get("origins", [])) == attributes.get("origins", "")


def test_gephi_and_cytoscape_find_their_columns(out: Path, content: Tables) -> None:
    """Gephi goes by names in any case (https://gephi.org/users/supported-graph-formats/spreadsheet/).

    A column named type would be the direction to Gephi, and what an edge says to Cytoscape.
    """
    wanted, pairs = expected(content)
    header, found = rows(out / "nodes.csv")
    assert len({name.lower() for name in header}) == len(header)
    id_, label = header.index("id"), header.index("label")
    assert {row[id_]: row[label] for row in found} == {key: value["label"] for key, value in as_cells(wanted).items()}
    header, found = rows(out / "edges.csv")
    assert len({name.lower() for name in header}) == len(header)
    assert "type" not in header
    places = [header.index(name) for name in ("source", "target", "kind", "weight")]
    read = [[row[place] for place in places] for row in found]
    assert read == [[*ends, edge["kind"], str(edge["weight"])] for ends, edge in pairs.items()]


def test_pandas_reads_the_tables(out: Path, content: Tables) -> None:
    wanted, pairs = expected(content)
    read = pd.read_csv(
        out / "nodes.csv", index_col="id", parse_dates=["date:date"], keep_default_na=False, na_values=[""]
    )
    assert read["label"].to_dict() == {id_: as_cell(attributes["label"]) for id_, attributes in wanted.items()}
    assert read["centrality:double"].dropna().tolist() == [
        attributes["centrality"] for attributes in wanted.values() if "centrality" in attributes
    ]
    assert pd.read_csv(out / "edges.csv")["weight"].tolist() == [edge["weight"] for edge in pairs.values()]


def test_the_same_tables_are_the_same_bytes(out: Path, content: Tables, tmp_path: Path) -> None:
    write(content, tmp_path)
    assert [name for name in FILES if (out / name).read_bytes() != (tmp_path / name).read_bytes()] == []


@pytest.mark.parametrize("rows_a_block", [1, 2])
def test_blocks_do_not_show(
    out: Path, content: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_a_block: int
) -> None:
    monkeypatch.setattr(property_graph, "_BLOCK", rows_a_block)
    write(content, tmp_path)
    assert [name for name in FILES if (out / name).read_bytes() != (tmp_path / name).read_bytes()] == []


@pytest.mark.parametrize("name", ["nodes.csv", "edges.csv"])
def test_fields_are_quoted_as_python_does(out: Path, name: str, tmp_path: Path) -> None:
    with (out / name).open(encoding="utf-8", newline="") as read, (tmp_path / name).open("w", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows(csv.reader(read, strict=True))
    assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_one_node_with_a_very_long_label(tmp_path: Path) -> None:
    label = f"{HOSTILE} " * 1000
    write(tables([article("a", label)]), tmp_path)
    read, pairs = of_networkx(nx.read_graphml(tmp_path / "graph.graphml"))
    assert pairs == {}
    assert [node["label"] for node in read.values()] == [label.strip()]
    assert [node["label"] for node in by_neo4j(tmp_path / "nodes.csv")] == [label.strip()]


def test_an_empty_graph(tmp_path: Path) -> None:
    write(tables([]), tmp_path)
    assert len(nx.read_graphml(tmp_path / "graph.graphml")) == len(nx.read_gexf(tmp_path / "graph.gexf")) == 0
    SCHEMA.assertValid(etree.parse(tmp_path / "graph.gexf"))
    assert [len((tmp_path / name).read_text().splitlines()) for name in ("nodes.csv", "edges.csv")] == [1, 1]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://example.org")', "\t=1", "\r=1"])
def test_no_text_of_a_table_is_a_formula(tmp_path: Path, text: str) -> None:
    content = tables(
        [article("x", text, subject=text)],
        [link("x", "y", 1, "missing", text)],
        [concept("c", text, 1)],
        [mention("x", 1, "c", 0.5, 1, "extracted")],
    )
    write(content, tmp_path)
    header, nodes = rows(tmp_path / "nodes.csv")
    texts = [cell for row in nodes for name, cell in zip(header, row, strict=True) if ":" not in name]
    assert sum(cell.startswith("'") for cell in texts) >= 4  # the labels of an article, a concept, a subject ...
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in texts)
    header, edges = rows(tmp_path / "edges.csv")
    ids = {row[0] for row in nodes}
    assert edges
    assert {row[place] for row in edges for place in (0, 1, 3, 4)} <= ids


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, max_size=2))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    content = tables(
        [article("x", texts[0], subject=texts[1])],
        [link("x", "y", 1, "missing", texts[1])],
        [concept("c", texts[1], 1)],
        [mention("x", 1, "c", 0.5, 1, "extracted")],
    )
    folder = tmp_path_factory.mktemp("any")
    write(content, folder)
    wanted, pairs = expected(content)
    assert of_networkx(nx.read_graphml(folder / "graph.graphml")) == (wanted, pairs)
    read, _ = of_networkx(nx.read_gexf(folder / "graph.gexf"))
    assert {id_: without_viz(attributes) for id_, attributes in read.items()} == wanted
    read = by_neo4j(folder / "nodes.csv")
    assert [node["label"] for node in read] == [as_cell(node["label"]) for node in wanted.values()]
    SCHEMA.assertValid(etree.parse(folder / "graph.gexf"))
