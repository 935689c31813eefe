"""Read the configuration of Sphinx, `conf.py`.

It is a Python program. It is not run, and only literal values in it are read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg.read.files import text_of

_MAX_BYTES: Final = 200_000
"""Maximum size of a configuration; a larger one is not read."""
_EXCLUDED: Final = frozenset({"exclude_patterns", "templates_path"})


def excluded(configuration: Path) -> Iterator[str]:
    """Yield the globs of files that are not pages, relative to the folder of the configuration."""
    try:
        module = ast.parse(text_of(configuration, limit=_MAX_BYTES))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in module.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=items) | ast.Tuple(elts=items))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.List(elts=items) | ast.Tuple(elts=items))
                | ast.AugAssign(target=ast.Name(id=name), value=ast.List(elts=items) | ast.Tuple(elts=items))
            ) if name in _EXCLUDED:
                for item in items:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str) and item.value.strip("/"):
                        yield item.value.strip("/")
            case _:
                pass
