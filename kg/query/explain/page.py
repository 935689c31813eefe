"""Explanations as standalone HTML pages."""

from __future__ import annotations

from kg.query.explain.values import Explanation
from kg.render.html import render


def render_page(explanation: Explanation, about: str) -> str:
    """Return a whole HTML page of an explanation, without scripts or external resources.

    Args:
        explanation: the explanation.
        about: the title of the graph.
    """
    return render("explain.html.j2", explanation=explanation, about=about, headed=False)
