"""Explanations as HTML: as standalone pages, and as fragments for notebooks."""

from __future__ import annotations

from kg.query.explain.values import Explanation
from kg.render.html import render


def render_page(explanation: Explanation, about: str) -> str:
    """Return an explanation as an HTML page without scripts and external resources.

    `about` is the title of the graph.
    """
    return render("explain.html.j2", explanation=explanation, about=about, headed=False)


def render_fragment(explanation: Explanation) -> str:
    """Return the explanation as an HTML fragment for a notebook."""
    return render("explanation.html.j2", explanation=explanation, headed=True)
