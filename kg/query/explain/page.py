<<<<<<< HEAD
"""Explanations as standalone HTML pages."""
=======
"""Explanations as HTML: as standalone pages, and as fragments for notebooks."""
>>>>>>> 96a7ab1871874a7fe4d0a2e8a2cf127bf7937cf2

from __future__ import annotations

from kg.query.explain.values import Explanation
from kg.render.html import render


def render_page(explanation: Explanation, about: str) -> str:
    """Return an explanation as an HTML page without scripts and external resources.

    `about` is the title of the graph.
    """
    return render("explain.html.j2", explanation=explanation, about=about, headed=False)
