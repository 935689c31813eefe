"""Match paths with globs.

Paths have forward slashes; the names between them are called "steps". `*` and `?` match characters of one step, and
`**` matches any number of steps. Inside a step, `{md,mdx}` matches any of the texts between its commas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WILD: Final = {"*": "[^/]*", "?": "[^/]"}
_ALTERNATIVES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def matcher(globs: Iterable[str]) -> re.Pattern[str]:
    """Return a regular expression, to be used with its method `fullmatch`.

    It matches a path if any of `globs` matches the path itself or a folder that contains it.

    >>> found = matcher(["drafts", "**/*.tmp.md"])
    >>> [bool(found.fullmatch(path)) for path in ("drafts/a.md", "a.tmp.md", "b/c/d.tmp.md", "a.md")]
    [True, True, True, False]
    """
    fitting = "|".join(map(_expression, globs))
    return re.compile(f"(?:{fitting})(?:/.*)?" if fitting else "(?!)", re.DOTALL)


def _expression(glob: str) -> str:
    steps = [step for step in glob.split("/") if step not in {"", "."}]
    while steps and steps[-1] == "**":
        steps.pop()  # not needed, since all paths below a matched path are matched
    translated = ["(?:[^/]+/)*" if step == "**" else _step(step) + "/" for step in steps]
    return "".join(translated).removesuffix("/") or ".*"


def _step(step: str) -> str:
    texts = _ALTERNATIVES.split(step)  # every second one has alternatives
    texts[::2] = map(_text, texts[::2])
    texts[1::2] = (f"(?:{'|'.join(map(_text, text.split(',')))})" for text in texts[1::2])
    return "".join(texts)


def _text(text: str) -> str:
    return "".join(_WILD.get(character, re.escape(character)) for character in text)
