"""Rendering of the HTML templates in kg/render/templates. Values are escaped, unless a template marks them as safe."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **values: Any) -> str:
    """Fill a template with `values`, and return the resulting HTML; `template` is the file name of the template.

    Raises:
        jinja2.UndefinedError: if the template uses a value that is not in `values`.
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
