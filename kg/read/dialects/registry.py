"""The registry of dialects, which finds the modules of this package that export a `DIALECT`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from kg.read import dialects as package
from kg.read.dialects import plain
from kg.read.dialects.dialect import Dialect


@cache
def dialects() -> tuple[Dialect, ...]:
    """Return all dialects, sorted by `precedence`. They are tried on a folder in this order."""
    names = [module.name for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    found = [module.DIALECT for module in map(import_module, names) if hasattr(module, "DIALECT")]
    return tuple(sorted(found, key=lambda dialect: dialect.precedence))


def get_dialect(name: str | None) -> Dialect:
    """Return the dialect called `name`, or the dialect of a plain folder if `name` is None.

    Raises:
        KeyError: if there is no such dialect.
    """
    return plain.DIALECT if name is None else _by_name()[name]


@cache
def _by_name() -> dict[str, Dialect]:
    return {dialect.name: dialect for dialect in dialects()}
