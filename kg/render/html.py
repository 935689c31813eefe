"""Rendering of the HTML templates in kg/render/templates; all values are escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: Any) -> str:
    """Return the HTML that the template with this file name makes of `values`.

    Raises:
        jinja2.UndefinedError: if the template uses a value that is not given.
    """
    html: str = _environment().get_template(template).render(values)
    return html


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kg.render"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment
