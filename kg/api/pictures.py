"""A part of the graph for a notebook: as data frames, as a networkx graph, and as a picture or an interactive page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import networkx as nx
import pandas as pd

from kg.api.cards import block, listed
from kg.api.networks import network_of
from kg.base.errors import UsageError
from kg.base.iris import Minter
from kg.base.report import Report
from kg.base.tables import Tables
from kg.export.property_graph.attributes import (
    EDGE_ATTRIBUTES,
    NODE_ATTRIBUTES,
    EdgeAttributes,
    NodeAttributes,
    Type,
    Value,
    as_edges,
    as_nodes,
    community_colours,
)
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import Subgraph
from kg.graph.property_graph import NodeKind, edge_block, node_block
from kg.graph.rows import Focus
from kg.render.graph_page import render_page
from kg.render.page_data import PageGraph
from kg.render.subgraph_page import subgraph_page
from kg.render.subject_pages import page_file
from kg.render.svg import render_svg

_HEIGHT: Final = "560px"
_CLASS: Final = "kg-page"
# `show` outputs a page and a picture. Jupyter and nbconvert show both: this style of the page hides the picture.
_HIDE_PICTURE: Final = (
    f".jp-OutputArea-child:has(.{_CLASS}) + .jp-OutputArea-child:has(.jp-RenderedSVG){{display:none}}"
)
_PLURALS: Final = {
    NodeKind.ARTICLE: "articles",
    NodeKind.MISSING: "missing",
    NodeKind.CONCEPT: "concepts",
    NodeKind.SUBJECT: "subjects",
}
_DTYPES: Final = {
    Type.TEXT: "str",
    Type.DATE: "datetime64[s]",
    Type.LIST: "str",
    Type.INTEGER: "Int64",
    Type.NUMBER: "float64",
}


@dataclass(frozen=True, slots=True, repr=False)
class Neighbourhood:
    """A part of the graph: the most relevant nodes around an article or concept, or in a subject or community.

    A notebook shows it as a picture; `show` displays or writes an interactive page. `print` prints the labels of the
    most relevant nodes.
    """

    part: Subgraph
    tables: Tables
    report: Report

    @property
    def focus(self) -> Focus:
        """The article, concept, subject or community around which this part of the graph was selected."""
        return self.part.focus

    @property
    def nodes(self) -> pd.DataFrame:
        """The nodes as a data frame, indexed by IRI, the most relevant node first.

        The columns are the attributes that nodes have in graph.graphml.
        """
        found = self._nodes()
        index = pd.Index([node.id for node in found], name="id", dtype="str")
        return _frame([node.attributes for node in found], NODE_ATTRIBUTES).set_index(index)

    @property
    def edges(self) -> pd.DataFrame:
        """The edges between the nodes, as a data frame.

        The columns source and target have the IRIs of the two nodes. The other columns are the attributes that edges
        have in graph.graphml.
        """
        found = self._edges()
        frame = _frame([edge.attributes for edge in found], EDGE_ATTRIBUTES)
        frame.insert(0, "source", pd.array([edge.source for edge in found], dtype="str"))
        frame.insert(1, "target", pd.array([edge.target for edge in found], dtype="str"))
        return frame

    def to_networkx(self) -> nx.MultiDiGraph:
        """Return the nodes and edges as a networkx graph.

        Nodes and edges have the same attributes as in the result of `Graph.to_networkx`.
        """
        return network_of(self._nodes(), self._edges())

    def show(self, output: str | Path | None = None) -> Path | None:
        """Display an interactive page in a notebook; elsewhere, write this page to a file.

        The page loads no external resources. In a notebook, it is stored in the notebook and takes about half a
        megabyte. If the notebook can only show pictures, a picture appears instead.

        Args:
            output: the file to write, also in a notebook. By default, no file is written in a notebook, and elsewhere a
                file in a new folder for temporary files, named after the focus.

        Returns:
            The path of the file, or None if the page was displayed in a notebook.

        Raises:
            UsageError: if `output` is a folder, or in a folder that does not exist.
        """
        if output is None and _is_in_notebook():
            from IPython.display import display

            display({"text/html": self._embedded(), "text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]
            display({"image/svg+xml": self._repr_svg_(), "text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]
            return None
        path = Path(output) if output is not None else Path(mkdtemp(prefix="kg-")) / page_file(self.focus.label)
        if path.is_dir():
            raise UsageError(f"{path} is a folder: give the name of a file")
        if not path.parent.is_dir():
            raise UsageError(f"{path.parent} is not a folder")
        path.write_text(render_page(self._page(), about=self.report.title), encoding="utf-8", newline="\n")
        return path

    def _repr_svg_(self) -> str:
        return render_svg(self._page())

    def _embedded(self) -> str:
        page = render_page(self._page(), about=self.report.title)
        return (
            f'<div class="{_CLASS}"><style>{_HIDE_PICTURE}</style>'
            '<iframe sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" '
            f'style="width:100%;height:{_HEIGHT};border:1px solid #8888" srcdoc="{escape(page)}"></iframe></div>'
        )

    def _page(self) -> PageGraph:
        index = GraphIndex(self.tables, Minter(self.report.configuration["base"]))
        return subgraph_page(index, self.part, self.report.site)

    def _nodes(self) -> list[NodeAttributes]:
        return list(as_nodes(node_block(self.part.nodes), community_colours(self.tables)))

    def _edges(self) -> list[EdgeAttributes]:
        return list(as_edges(edge_block(self.part.edges)))

    def __str__(self) -> str:
        names = {kind: [node.label for node in self.part.nodes if node.kind is kind] for kind in NodeKind}
        rows = [(_PLURALS[kind], listed(labels)) for kind, labels in names.items()]
        return block(self.focus.kind, self.focus.label, rows)

    def __repr__(self) -> str:
        shown = f"{len(self.part.nodes):,} of {self.part.total:,} nodes, {len(self.part.edges):,} edges"
        return f"<Neighbourhood of the {self.focus.kind} {self.focus.label!r}: {shown}>"


def _is_in_notebook() -> bool:
    """Tell whether the output of this process is shown in a notebook; IPython in a terminal is none."""
    try:
        from IPython import get_ipython
        from IPython.terminal.interactiveshell import TerminalInteractiveShell
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and not isinstance(shell, TerminalInteractiveShell)


def _frame(rows: Sequence[Mapping[str, Value]], attributes: Mapping[str, Type]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.array([row.get(name) for row in rows], dtype=_DTYPES[type_]) for name, type_ in attributes.items()}
    )
