"""Rendering of a graph as one self-contained HTML page, which can be opened from disk or in a notebook.

The page loads nothing from the network. pyvis makes the data of the nodes and edges, and the JavaScript library
vis-network draws them. The HTML of the page is kg's own, because the HTML that pyvis makes loads other files.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

import orjson

from kg.render.html import render
from kg.render.page_data import LINE, Group, PageGraph

_VIS_NETWORK: Final = "templates/lib/vis-9.1.2/vis-network.min.js"
_SCRIPTS: Final = ("tools.js", "panel.js", "graph.js")
_SHAPES: Final = {"article": "square", "missing": "diamond", "concept": "dot", "community": "dot"}
_NAMES: Final = {
    "article": ("article", "articles"),
    "missing": ("missing article", "missing articles"),
    "concept": ("concept", "concepts"),
    "community": ("community", "communities"),
}
_OPTIONS: Final = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 0, "selectConnectedEdges": False, "hideEdgesOnDrag": False},
    "nodes": {"borderWidth": 1.5, "chosen": False, "labelHighlightBold": False},
    "edges": {"smooth": False, "chosen": False, "hoverWidth": 0, "selectionWidth": 0},
}


def render_page(graph: PageGraph, *, about: str, home: str | None = None) -> str:
    """Return an HTML page that shows a graph.

    Args:
        graph: the nodes, edges and texts to show.
        about: the title of the build, which the page shows above its own title.
        home: the relative address of the start page of the build, to which the page links; None for no such link.
    """
    scripts = [_vis_network(), "".join(map(_asset, _SCRIPTS))]
    style = _asset("graph.css")
    counts = [f"{kind.count:,} {_NAMES[kind.label][kind.count != 1]}" for kind in graph.kinds]
    return render(
        "graph.html.j2",
        graph=graph,
        about=about,
        home=home,
        counts=counts,
        shown=len(graph.nodes),
        style=style,
        style_hash=_hash(style),
        scripts=scripts,
        script_hashes=[_hash(script) for script in scripts],
        data=_json(_data(graph)),
    )


@cache
def _asset(name: str) -> str:
    return (files("kg.render") / "templates" / name).read_text("utf-8")


@cache
def _vis_network() -> str:
    """Return the JavaScript source of the library vis-network.

    The address of a source map is removed from it, since the developer tools of a browser would download the source
    map.
    """
    text = (files("pyvis") / _VIS_NETWORK).read_text("utf-8")
    return text.partition("//# sourceMappingURL")[0]


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(value: Any) -> str:
    """Return `value` as JSON that is safe in a script element: it can neither end the element nor begin a comment."""
    text = orjson.dumps(value).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _data(graph: PageGraph) -> dict[str, Any]:
    network = import_module("pyvis.network").Network()  # slow: imported only when needed
    for number, node in enumerate(graph.nodes):
        network.add_node(
            number,
            label="\n".join(node.lines),
            shape=_SHAPES[node.kind],
            size=node.diameter / 2,
            x=node.x,
            y=node.y,
            kind=node.kind,
            group_=node.group,
            letters=node.font,
        )
    for edge in graph.edges:
        width = round(0.6 + 2 * edge.weight, 2)
        line = {"dashes": True} if edge.dashed else {}
        network.add_edge(edge.source, edge.target, width=width, why=edge.why, quote=edge.quote, **line)
    return {
        "nodes": network.nodes,
        "edges": network.edges,
        "options": _OPTIONS,
        "line": LINE,
        "focus": graph.focus,
        "groups": [_group(group) for group in graph.groups],
        "kinds": [_group(kind) for kind in graph.kinds],
        "things": [[thing.label, thing.kind, thing.address] for thing in graph.things],
        "details": graph.details,
    }


def _group(group: Group) -> dict[str, Any]:
    return {"label": group.label, "count": group.count, "light": group.light, "dark": group.dark}
