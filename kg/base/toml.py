"""A TOML parser with limits on memory."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any, Final

MAX_LENGTH: Final = 1_000_000
"""Maximum length of a TOML document, in characters."""
MAX_STEPS: Final = 20
"""Maximum number of steps of a dotted key. For example, `a.b.c` has three steps.

tomllib stores each prefix of such a key, so its memory is quadratic in the number of steps: a key of 20,000 steps,
which is a line of 40 kB, takes 1.5 GB. With at most 20 steps, a document of the maximum length takes 0.5 GB.
"""

_KEY: Final = r"""(?:[\w-]++|"(?:[^"\\\n]|\\[^\n])*+"|'[^'\n]*+')"""
_STEP: Final = rf"[ \t]*+\.[ \t]*+{_KEY}"
# Strings and comments are matched too, so that no key is found inside them. An unclosed string extends to the end of
# its line or of the document.
_TOKEN = re.compile(
    rf"""
    (?P<long>{_KEY}(?:{_STEP}){{{MAX_STEPS}}})
    | \"""(?:[^"\\]|\\.|"(?!""))*+(?:\"""|\Z) | '''(?:[^']|'(?!''))*+(?:'''|\Z)
    | "(?:[^"\\\n]|\\[^\n])*+"? | '[^'\n]*+'?
    | \#[^\n]*+ | [\w-]++
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class TomlError(ValueError):
    """Raised if a TOML document cannot be read. The text gives the reason and, if it is known, the place.

    `reason` is the text without the place. `line` is the number of the line, from 1.
    """

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.reason = _PLACE.sub("", text)
        self.line = line


class TomlLimitError(TomlError):
    """Raised if a TOML document is over a limit, so that it is not parsed."""


def parse_toml(source: str, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Parse a TOML document.

    Args:
        source: the document.
        parse_float: function that converts the text of each floating-point number.

    Raises:
        TomlLimitError: if the document is over a limit.
        TomlError: if the document is not valid TOML.
    """
    if len(source) > MAX_LENGTH:
        raise TomlLimitError(f"it has {len(source):,} characters, over the limit of {MAX_LENGTH:,}", 1)
    for token in _TOKEN.finditer(source):
        if token["long"]:
            line = source.count("\n", 0, token.start()) + 1
            raise TomlLimitError(f"a dotted key has more than {MAX_STEPS} steps (at line {line}, column 1)", line)
    try:
        return tomllib.loads(source, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found and found[1] else source.rstrip().count("\n") + 1
        raise TomlError(str(error), line) from error
    except ValueError as error:
        raise TomlError("a number has thousands of digits", 1) from error
    except RecursionError as error:
        raise TomlError("its values are nested too deep", 1) from error
