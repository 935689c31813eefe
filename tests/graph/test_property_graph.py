"""Nodes and edges as objects and as blocks of columns: both say the same."""

import pytest

from kg.base.tables import Tables
from kg.graph.property_graph import (
    EDGES,
    NODES,
    edge_block,
    edge_blocks,
    graph_edges,
    graph_nodes,
    node_block,
    node_blocks,
)
from tests.export.sample_tables import MINTER, article, sample_tables, tables


@pytest.mark.parametrize("content", [sample_tables(), tables([article("a", "A")]), tables([])])
def test_objects_and_blocks_say_the_same(content: Tables) -> None:
    nodes, edges = list(graph_nodes(content, MINTER)), list(graph_edges(content, MINTER))
    assert node_block(nodes).to_pylist() == [row for block in node_blocks(content, MINTER) for row in block.to_pylist()]
    assert edge_block(edges).to_pylist() == [row for block in edge_blocks(content, MINTER) for row in block.to_pylist()]
    assert {block.schema for block in node_blocks(content, MINTER)} == {NODES}
    assert {block.schema for block in edge_blocks(content, MINTER)} <= {EDGES}


def test_a_missing_article_stands_amid_those_that_link_to_it() -> None:
    nodes = {node.url: node for node in graph_nodes(sample_tables(), MINTER) if node.url}
    missing, sources = nodes["gone & lost"], (nodes["a/what is drift"], nodes["d"])
    assert missing.x == pytest.approx(sum(node.x for node in sources) / 2, abs=0.01)
    assert missing.y == pytest.approx(sum(node.y for node in sources) / 2, abs=0.01)
    assert missing.centrality is None
