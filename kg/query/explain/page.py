"""An explanation as a page that opens from disk with no network, and as a piece of HTML for a notebook."""

from __future__ import annotations

from kg.query.explain.values import Explanation
from kg.render.html import render


def render_page(explanation: Explanation, about: str) -> str:
    """A whole page; `about` is the title of the graph. It holds no script, and asks for nothing."""
    return render("explain.html.j2", explanation=explanation, about=about, headed=False)


def render_fragment(explanation: Explanation) -> str:
    """The same without a page around it, as a notebook shows it."""
    return render("explanation.html.j2", explanation=explanation, headed=True)
