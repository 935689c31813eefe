"""Read macros in double braces, such as `{{Glossary("branch")}}`, as MDN has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.read.syntax.extension import Extension, Markup, Piece, line_breaks

_ARGUMENTS = r"""(?:[^{}"'()]|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')*"""
_WITHOUT_ARGUMENTS = (
    r"(?:Compat|Specifications|SeeCompatTable|InheritanceDiagram|AvailableInWorkers|CSSInfo|CSSSyntax(?:Raw)?|Draft"
    r"|ListGroups|InterfaceOverview|QuickLinks\w*|Baseline\w*|\w+Sidebar|\w+Ref|\w+_(?:[Hh]eader|[Ii]nline))"
)
_PATTERN: Final = (
    rf"\{{\{{[ \t]*(?:[A-Za-z][\w-]*[ \t]*\({_ARGUMENTS}\)|{_WITHOUT_ARGUMENTS}(?:[ \t]*\([ \t]*\))?)[ \t]*\}}\}}"
)
_NAME = re.compile(r"\{\{\s*([\w-]+)")
_STRING = re.compile(r""""((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'""")
_SHOWN: Final = frozenset(
    "ariarole csp cssxref domxref event glossary htmlattr htmlattrxref htmlelement httpheader httpmethod httpstatus "
    "jsxref mathmlelement mathmlxref svgattr svgelement svgxref webextapiref xsltelement".split()
)
"""Names, in lower case, of the macros that show the name or the text that is one of their arguments."""
_ELEMENTS: Final = frozenset({"htmlelement", "svgelement", "mathmlelement", "xsltelement"})


def _read(match: re.Match[str]) -> Iterator[Piece]:
    """Yield the markup of a macro. A cross-reference is replaced by its text or its target, other macros are hidden."""
    name = _NAME.match(match[0])
    kind = name[1].lower() if name else ""
    texts = [(found[1] or found[2] or "").replace("\\", "") for found in _STRING.finditer(match[0])]
    shown = ""
    if kind in _SHOWN and texts:
        own = texts[1].strip() if len(texts) > 1 else ""
        shown = own or (f"<{texts[0]}>" if kind in _ELEMENTS else texts[0])
    elif kind == "rfc" and texts:
        shown = f"RFC {texts[0]}"
    yield Markup(match.start(), match.end(), shown + line_breaks(match[0]))


MACRO: Final = Extension("macro", "{", _PATTERN, _read)
"""Calls such as `{{name("x")}}`, and known macros without arguments, such as `{{Compat}}`."""
