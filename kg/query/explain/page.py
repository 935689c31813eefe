"""Rendering of explanations as self-contained HTML pages."""

from __future__ import annotations

from kg.query.explain.values import Explanation
from kg.render.html import render


def render_page(explanation: Explanation, about: str) -> str:
    """Return a complete HTML page that shows an explanation, without scripts or external resources.

    Args:
        explanation: the explanation to show.
        about: the title of the graph, which the page names.
    """
    return render("explain.html.j2", explanation=explanation, paths=explanation.paths, about=about, headed=False)
