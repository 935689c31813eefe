"""Read links and similar constructs that are not part of Markdown.

These are links to files with spaces in their names (`[x](My note.md)`), roles of MyST (`` {doc}`text <page>` ``), spans
with attributes (`[text]{.class}`), and the tags of Microsoft Learn (`[!INCLUDE [x](y.md)]`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.base.model import LinkKind
from kg.read.mathematics import SourceSpan, SpanKind
from kg.read.syntax.attributes import CLASS_LIST
from kg.read.syntax.extension import Extension, Markup, Piece, Target

_PATH = re.compile(r"""[ \t]*(?P<path>[^"'\s][^"]*?\.(?:md|markdown|mdx)(?:[#?][^"]*?)?)[ \t]*(?:"[^"]*"[ \t]*)?$""")
_MAX_PATH: Final = 500
_ROLE = re.compile(r"\{(?:[\w:+.-]*:)?(?P<role>[\w.-]+)\}`(?P<text>[^`]*)`")
_TEXT_AND_TARGET = re.compile(r"(?P<text>.*?)[ \t]*<(?P<target>[^<>]+)>$", re.DOTALL)
_SHOWN_ROLES: Final = frozenset("abbr any bdg doc download eq numref ref sub sup term".split())
_LINK_ROLES: Final = {
    "doc": LinkKind.PATH,
    **dict.fromkeys(("any", "eq", "numref", "ref"), LinkKind.LABEL),
}
_HIDDEN_ROLES: Final = frozenset("cite fab far fas index octicon".split())


def _spaced(match: re.Match[str]) -> Iterator[Piece]:
    """Read the address of a link, if it is the path of a Markdown file and has a space."""
    if match.end() - match.start() > _MAX_PATH:
        return
    found = _PATH.match(match[0][2:-1])
    if found and re.search(r"\s", found["path"]):
        start = match.start() + 2 + found.start("path")
        yield Markup(start, start + len(found["path"]), target=Target(found["path"], LinkKind.PATH, None))


def _role(match: re.Match[str]) -> Iterator[Piece]:
    """Read a role.

    The text of a role that is neither a link nor a formula is code. Its target is hidden. If a tilde precedes the path
    of an object, as in `` {class}`~orchard.trees.Pear` ``, only the object's name is published.
    """
    found = _ROLE.fullmatch(match[0])
    role, text = (found["role"].partition("-")[0], found["text"]) if found else ("", "")
    start, end = match.span()
    code = end - len(text) - 1
    if role == "math":
        yield Markup(start, code)
        yield SourceSpan(code, end - 1, SpanKind.INLINE)
        yield Markup(end - 1, end)
    elif role in _HIDDEN_ROLES:
        yield Markup(start, end)
    elif role in _SHOWN_ROLES:
        parts = _TEXT_AND_TARGET.match(text)
        shown, address = (parts["text"], parts["target"]) if parts and parts["text"] else (_last_step(text), text)
        kind = _LINK_ROLES.get(role)
        yield Markup(start, end, shown, Target(address, kind, shown) if kind else None)
    else:
        parts = _TEXT_AND_TARGET.match(text)
        shown = parts["text"] if parts and parts["text"] else text
        shown = shown[1:].rpartition(".")[2] if shown[0] == "~" else shown.removeprefix("!")
        yield Markup(start, end, shown, is_code=True)


def _last_step(target: str) -> str:
    return target.strip("<>!~").rpartition("/")[2]


def _bracketed(match: re.Match[str]) -> Iterator[Piece]:
    yield Markup(match.start(), match.start() + 1)
    yield Markup(match.start() + match[0].index("]{"), match.end())


def _learn_tag(match: re.Match[str]) -> Iterator[Piece]:
    """Hide a tag, except the words in `[!UICONTROL Save]` and `[!DNL Contoso]`."""
    name, _, words = match[0][2:-1].partition(" ")
    yield Markup(match.start(), match.end(), words if name in {"UICONTROL", "DNL"} else "")


LINKS: Final = (
    Extension(
        "learn_tag",
        "[",
        r"\[!(?<!\\\[!)(?:[A-Za-z][\w-]*[ \t]*\[[^\[\]\n]*\]\([^()\n]*\)[ \t]*"
        r"|(?:VIDEO|video|Video|div|UICONTROL|DNL|BADGE)[ \t][^\[\]\n]*)\]",
        _learn_tag,
    ),
    Extension("bracketed", "[", rf"\[(?<![\]!\\]\[)[^\[\]\n]+\]{CLASS_LIST}", _bracketed, is_container=True),
    Extension("spaced_link", "]", r"\]\((?:[^()<>\n]|\([^()<>\n]*\))+\)", _spaced),
    Extension("role", "{", r"\{[A-Za-z][\w:+.-]*\}`(?!`)[^`\n]+`(?!`)", _role),
)
