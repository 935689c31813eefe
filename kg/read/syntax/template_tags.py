"""Read template tags: Hugo's shortcodes `{{< x >}}` and `{{% x %}}`, and Liquid's tags `{% x %}`.

Tags are not published. A Liquid tag that includes a text from elsewhere becomes an ellipsis. The text between an
opening and a closing tag is published as usual, with two exceptions: text between `comment` tags is not published, and
text between `highlight` tags is code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from kg.base.model import LinkKind
from kg.read.mathematics import SourceSpan, SpanKind
from kg.read.syntax.extension import Markup, Piece, Target, line_breaks, omission, omit

PATTERN: Final = r"\{\{(?:<(?!/\*)[^{}]*>|%(?!/\*)[^{}]*%)\}\}|\{%[^{}]*%\}"

_OPENINGS: Final = ("{%", "{{%", "{{<")
_SHORTCODE = re.compile(
    r"""\{\{[<%][ \t]*(?P<name>/?[\w.\-/]*)\s*(?:path=)?(?:["'`](?P<quoted>[^"'`\n]*)|(?P<bare>[^"'`\s]*))"""
)
_LIQUID = re.compile(r"\{%-?\s*(?P<name>\w+)\s+(?P<value>.*?)\s*-?%\}", re.DOTALL)
_CLOSING: Final = {
    "highlight": re.compile(r"\{\{[<%]\s*/highlight\s*[>%]\}\}|\{%-?\s*endhighlight\s*-?%\}"),
    "comment": re.compile(r"\{\{[<%]\s*/comment\s*[>%]\}\}|\{%-?\s*endcomment\s*-?%\}"),
}


_VALUES: Final = frozenset({"data", "include", "include_relative", "render"})
"""Names of Liquid tags that include a text from elsewhere."""

_EXPRESSION = re.compile(r"\{\{|\{%|<%|\$\{")


def has_expression(address: str) -> bool:
    """Return whether an address has an expression of a template language."""
    return _EXPRESSION.search(address) is not None


def is_silent_tag(source: str, piece: Piece) -> bool:
    """Return whether a piece of a source is a template tag that is hidden and is not a link."""
    is_silent = isinstance(piece, Markup) and not piece.shown.strip() and piece.target is None
    return is_silent and source.startswith(_OPENINGS, piece.start)


def output_reader(address: re.Pattern[str]) -> Callable[[re.Match[str]], Iterator[Piece]]:
    """Return a reader of output tags, such as `{{ "/about/" | relative_url }}`.

    The address in a tag is the target of a link, and is not published. The values of other tags are unknown.

    Args:
        address: matches tags with an address. One of its groups is the address. If no group matches, the address is
            empty, as in a tag for the address of the site itself.
    """

    def read(match: re.Match[str]) -> Iterator[Piece]:
        found = address.fullmatch(match[0])
        if found is None:
            yield from omit(match)
        else:
            target = Target(next(filter(None, found.groups()), ""), LinkKind.PATH, None)
            yield Markup(match.start(), match.end(), line_breaks(match[0]), target)

    return read


class TemplateTags:
    """Reads the template tags of one text, in order.

    If the rest of the text has no closing tag with some name, the reader stores the name and does not search for such a
    closing tag again. So the reading time is linear in the length of the text.
    """

    def __init__(self) -> None:
        self._left_open: set[str] = set()

    def read(self, match: re.Match[str]) -> Iterator[Piece]:
        """Yield the pieces of a tag.

        If it is a `comment` or `highlight` tag that has a closing tag, the pieces extend to the end of the closing tag.
        """
        source, start, end = match.string, match.start(), match.end()
        name, target = _shortcode(match[0]) if match[0].startswith("{{") else _liquid(match[0])
        closing = _CLOSING[name].search(source, end) if name in _CLOSING and name not in self._left_open else None
        if closing is None:
            self._left_open.add(name)
            shown = omission(source, start) if name in _VALUES else ""
            yield Markup(start, end, shown + line_breaks(match[0]), target)
        elif name == "comment":
            yield Markup(start, closing.end(), line_breaks(source[start : closing.end()]))
        else:
            yield from _code(source, start, end, closing)


def _code(source: str, start: int, end: int, closing: re.Match[str]) -> Iterator[Piece]:
    """Yield the pieces of a `highlight` tag: the opening tag, the code (unless it is empty), and the closing tag."""
    code = source[end : closing.start()]
    first = end + len(code) - len(code.lstrip("\n"))
    last = end + len(code.rstrip())
    yield Markup(start, end, line_breaks(source[start:end]))
    if first < last:
        yield SourceSpan(first, last, SpanKind.DISPLAY)
    yield Markup(closing.start(), closing.end(), line_breaks(closing[0]))


def _shortcode(text: str) -> tuple[str, Target | None]:
    found = _SHORTCODE.match(text)
    name = found["name"].lower() if found else ""
    if found and name in {"ref", "relref"}:
        value = found["quoted"] or found["bare"] or ""
        return name, Target(value.partition("#")[0], LinkKind.REFERENCE, None)
    return name, None


def _liquid(text: str) -> tuple[str, Target | None]:
    found = _LIQUID.match(text)
    if found is None:
        return text.strip("{%-} \t\n"), None
    name, value = found["name"], found["value"].partition("#")[0]
    if name == "link":
        return name, Target("/" + value.lstrip("/"), LinkKind.PATH, None)
    return name, Target(value, LinkKind.REFERENCE, None) if name == "post_url" else None
