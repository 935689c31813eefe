"""Read the lines that begin and end directives, which are named blocks of text.

These are the containers of Docusaurus, VitePress, Pandoc and others (`:::tip[Title]`, `::: warning Title`), those of
Microsoft Learn (`:::row:::`), the directives of MyST (`:::{note}`, or a fence with `{note}`), leaf directives
(`::name[Label]{#id}`), and the blocks of Python-Markdown (`/// note | Title`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.read.syntax.extension import Extension, Markup, Piece

_VERBATIM: Final = frozenset(
    "code code-block code-cell csv-table doctest eval-rst graphviz ipython jupyter-execute literalinclude math mermaid"
    " parsed-literal plantuml prompt raw sourcecode testcode testoutput toctree".split()
)
"""Names of directives whose text is not Markdown."""
_PROSE: Final = frozenset(
    "admonition aside attention card caution danger deprecated details dropdown epigraph error exercise figure"
    " figure-md glossary grid grid-item grid-item-card highlights hint important list-table margin note pull-quote"
    " seealso sidebar solution tab-item tab-set table tip todo topic versionadded versionchanged versionremoved"
    " warning".split()
)
"""Names of directives whose text is Markdown, even if they are written as a fence of backticks.

Any other such fence, as in "{r}", is code.
"""
_UNTITLED: Final = frozenset(
    "audio code-group contents container div embed figure figure-md grid html iframe image include video zone".split()
)
"""Names of directives whose argument is not text, but an address, a class or a number of columns."""

_NAME: Final = r"[A-Za-z][\w.+-]*"
_ATTRIBUTE: Final = r"""[\w-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+)"""
_INLINE: Final = r":::[ \t]*[A-Za-z][\w-]*(?:[ \t](?:(?!:::)[^\n])*)?:::"
_COLUMN = re.compile(r":::[ \t]*column\b")
_BRACES = re.compile(r"\{(?P<name>[^{}\n]*)\}[ \t]*(?P<argument>.*)$")
_WORD = re.compile(rf"(?P<name>{_NAME})(?:\[(?P<label>.*)\])?(?P<argument>.*)$")
_ROLE_NAME = re.compile(r"[A-Za-z][\w:+-]*")
_FENCE = re.compile(r"(?P<marks>`{3,}|~{3,})[ \t]*\{(?P<name>[A-Za-z][\w:+-]*)\}(?P<argument>[^`\n]*)$")
_FENCE_END = re.compile(r"(`{3,}|~{3,})[ \t]*$")
_SHORT = re.compile(rf"::{_NAME}(?=[\[{{])(?:\[(?P<label>[^\n]*)\])?(?:\{{[^{{}}\n]*\}})?$")
_SLASHES = re.compile(rf"/{{3,}}(?:[ \t]+(?P<name>{_NAME})[ \t]*(?:\|(?P<argument>.*))?)?$")
_SHOWN = re.compile(r"""\b(?:title|alt-text|text)=(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)')""")
_ATTRIBUTES = re.compile(rf"[ \t]*{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE})*[ \t]*$")
_HAS_ATTRIBUTE = re.compile(r"""\w=["']""")
_FIELD_OPTION: Final = re.compile(r"[ \t]*:[A-Za-z][\w-]*:(?:[ \t]|$)")
_SHOWN_OPTION = re.compile(r"[ \t]*:(?:alt|caption|footer|header|title):[ \t]+(?P<text>.*)$")
_LINK_OPTION = re.compile(r"[ \t]*:link:[ \t]+(?P<address>[^\s<>]+)[ \t]*$")
_BLOCK_OPTION: Final = re.compile(r"[ \t]{4,}[\w-]+:(?:[ \t]|$)")
_INDENTED_OPTION: Final = re.compile(r"[ \t]{2,}\S")


@dataclass(frozen=True, slots=True)
class Directive:
    """The meaning of a line that begins or ends a directive."""

    title: str = ""
    """The title that is shown on the page."""
    fence: str = ""
    """The opening marks of the directive, such as ":::", if a closing fence is needed to find its end."""
    is_verbatim: bool = False
    """Whether the text of the directive is not Markdown."""
    options: re.Pattern[str] | None = None
    """Matches lines right after this one that are options of the directive, and not text."""
    is_column: bool = False
    """Whether the text of the directive is indented."""


def read_directive(line: str, *, has_slashes: bool) -> Directive | None:
    """Parse a line. Return None if it neither begins nor ends a directive.

    Args:
        line: the line, without list markers and other marks before it.
        has_slashes: whether lines of slashes can begin and end directives in the text that has the line.
    """
    line = line.rstrip()
    if line.startswith(":::"):
        return _container(line)
    if line.startswith("::"):
        short = _SHORT.match(line)
        return Directive(short["label"] or "") if short else None
    if line.startswith("///"):
        block = _SLASHES.match(line) if has_slashes else None
        title = (block["argument"] or "").strip() if block and block["name"] not in _UNTITLED else ""
        return Directive(title, options=_BLOCK_OPTION if block["name"] else None) if block else None
    fence = _FENCE.match(line) if line.startswith(("```", "~~~")) else None
    if fence and fence["name"].rpartition(":")[2] in _PROSE:
        return _named(fence["name"], fence["argument"].strip(), fence["marks"])
    return None


def ends_fence(line: str, fence: str) -> bool:
    """Whether a line, without marks before it, is the closing fence of a directive that begins with `fence`."""
    found = _FENCE_END.match(line)
    return found is not None and found[1].startswith(fence)


def option_text(line: str) -> str:
    """Return the Markdown of an option that is shown on the page: a caption, or a link without a text.

    The result is empty for other options.
    """
    if link := _LINK_OPTION.match(line):
        return f"[](<{link['address']}>)"
    shown = _SHOWN_OPTION.match(line)
    return shown["text"] if shown else ""


def _container(line: str) -> Directive | None:
    rest = line.lstrip(":")
    marks, rest = line[: len(line) - len(rest)], rest.strip()
    if leaf := re.match(_INLINE, line):
        is_whole = not line[leaf.end() :].strip(": \t\\")
        if not is_whole or _shown_attribute(leaf[0]):
            return None  # read as an inline directive
        return Directive(is_column=_COLUMN.match(line) is not None)
    if braces := _BRACES.match(rest):
        if _ROLE_NAME.fullmatch(braces["name"]):
            return _named(braces["name"], braces["argument"], marks)
        return Directive(_shown_attribute(braces["name"]))
    word = _WORD.match(rest)
    if word is None:
        return None if rest else Directive()
    name, argument = word["name"], _without_braces(word["argument"].strip())
    if "." in name:  # an object of a program, whose documentation is included here
        return Directive(options=_INDENTED_OPTION)
    if word["label"] is not None:
        title = word["label"]
    elif not argument or _HAS_ATTRIBUTE.search(argument) or _ATTRIBUTES.match(argument):
        title = _shown_attribute(word["argument"])
    else:
        title = "" if name in _UNTITLED else argument
    return Directive(title, marks, name.lower() in _VERBATIM)


def _named(name: str, argument: str, marks: str) -> Directive:
    """Return a directive of MyST. Its argument is its title or the beginning of its text."""
    short = name.rpartition(":")[2]
    is_verbatim = short in _VERBATIM
    is_title = not is_verbatim and short not in _UNTITLED and any(c.isalpha() for c in argument)
    return Directive(argument if is_title else "", marks, is_verbatim, _FIELD_OPTION)


def _without_braces(text: str) -> str:
    start = text.rfind("{")
    return text[:start].rstrip() if text.endswith("}") and start >= 0 else text


def _shown_attribute(attributes: str) -> str:
    """Return the text of the attribute that is shown on the page: a title or the alt text of a picture."""
    found = _SHOWN.search(attributes)
    return found["double"] or found["single"] or "" if found else ""


def _inline(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.end(), _shown_attribute(match[0]))


INLINE_DIRECTIVE: Final = Extension("inline_directive", ":", _INLINE, _inline)
"""A directive of Microsoft Learn that is in one line: `:::image source="x.png" alt-text="Text":::`."""
