"""What Obsidian, Hugo, Jekyll and MkDocs write beyond Markdown, and what of it is published.

Shortcodes, tags of templates, comments, block ids and attributes vanish; wiki links leave their words behind; the title
of a callout or an admonition is a paragraph of its own, and so is the text in it. What cannot be mistaken is read in
every folder: `==x==` and `[[x]]` are, a `#tag` or a `%%comment%%` only in a vault.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.base.model import LinkKind
from kg.read.mathematics import SourceSpan, SpanKind, spans

TITLE: Final = "\ufddb"
"""Stands before the title of a callout or an admonition, which ends with its line."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a link in a text leads to, as it is written; `line` is 0-based in that text."""

    address: str
    kind: LinkKind
    title: str | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Markup:
    """A stretch of source that `shown` stands for, with the link or the tag that it is."""

    start: int
    end: int
    shown: str = ""
    target: Target | None = None
    tag: str | None = None


_WIKI: Final = r"!?(?<!\\)(?<!\\!)\[\[(?!\s)(?=[^\[\]\n]*[^\W\d_])[^\[\]\n]+\]\](?!\()"
"""With a letter in it: `[[1, 2]]` is a matrix, `[[ -f x ]]` a shell's, `[[a]](b)` a Markdown link."""
_WIKI_LINK = re.compile(_WIKI)
_EVERYWHERE: Final = (
    ("wiki", _WIKI),
    ("shortcode", r"\{\{(?:<(?!/\*)[^{}]*>|%(?!/\*)[^{}]*%)\}\}"),
    ("liquid", r"\{%[^{}]*%\}"),
    ("highlight", r"==(?<![=\w]==)(?=[^\s=])(?:(?!==)[^\n])*(?<=\S)==(?![=\w])"),
)
_ATTRIBUTES: Final = ("attributes", r"\{:?[ \t]*[#.:][^{}\n]*\}[ \t]*$")
_OF_TOOL: Final = {
    "obsidian": (
        ("comment", r"%%.*?%%"),
        ("block", r"\^(?<!\S\^)[A-Za-z0-9-]+[ \t]*$"),
        ("tag", r"#(?<!\S#)(?!\d+(?![\w/-]))\w[\w/-]*"),
    ),
    "hugo": (_ATTRIBUTES,),
    "jekyll": (("output", r"\{\{[^{}]*\}\}"), _ATTRIBUTES),
    "mkdocs": (_ATTRIBUTES,),
}
_PATTERNS: Final = {
    tool: re.compile(
        "|".join(f"(?P<{name}>{pattern})" for name, pattern in (*_EVERYWHERE, *_OF_TOOL.get(tool, ()))),
        re.MULTILINE | re.DOTALL,
    )
    for tool in ("plain", *_OF_TOOL)
}
_START = re.compile(r"[!\[{=%#^]")
"""What all of them begin with."""

_SHORTCODE = re.compile(r"""\{\{[<%][ \t]*(?P<name>/?[\w.\-/]*)\s*(?:path=)?(?P<quote>["'`]?)(?P<value>[^"'`\s]*)""")
_LIQUID = re.compile(r"\{%-?\s*(?P<name>\w+)\s+(?P<value>.*?)\s*-?%\}", re.DOTALL)
_QUOTED = re.compile(r"""["']([^"']+)["']\s*\|\s*(?:relative|absolute)_url""")
_ENDS = {
    "highlight": re.compile(r"\{\{[<%]\s*/highlight\s*[>%]\}\}|\{%-?\s*endhighlight\s*-?%\}"),
    "comment": re.compile(r"\{\{[<%]\s*/comment\s*[>%]\}\}|\{%-?\s*endcomment\s*-?%\}"),
}
_ATTACHMENT = re.compile(
    r"\.(?:3gp|avif|base|bmp|canvas|csv|docx?|flac|gif|jpe?g|m4a|mkv|mov|mp[34]|og[agv]|opus|pdf|png|pptx?|svg|wav|web[mp]"
    r"|xlsx?|zip)$",
    re.IGNORECASE,
)

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_CALLOUT = re.compile(r"( {0,3}>(?:[ \t]*>)*[ \t]*)\[![\w-][^\]\n]*\][+-]?[ \t]*")
_ADMONITION = re.compile(
    r"""
    [ \t]* (?: (?:!!!|\?\?\?\+?) [ \t]+[\w-]+ (?:[ \t]+[\w-]+)* (?:[ \t]+"(?P<title>.*)")?
    | ===[+!]? [ \t]+"(?P<tab>.*)" ) [ \t]*$
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(r"^[ \t>]*(?:!!!|\?\?\?|===[+!]?[ \t]|\[!)", re.MULTILINE)


def wiki_names(text: str) -> Iterator[str]:
    """What the wiki links lead to in the Markdown of a file, below its front matter, outside code and mathematics."""
    body = text.partition("\n---\n")[2] if text.startswith("---\n") else text
    taken = list(spans(body))
    for link in _WIKI_LINK.finditer(body):
        target = wiki_target(link[0])
        if target and not any(span.start <= link.start() < span.end for span in taken):
            yield target.address


def wiki_target(text: str) -> Target | None:
    """What `text`, which is one wiki link and nothing else, leads to."""
    return _wiki(0, text).target if _WIKI_LINK.fullmatch(text) else None


def unwrapped(source: str) -> str:
    """`source` with the text of admonitions and tabs moved out to its margin and the titles of callouts marked.

    Line n of the result is line n of `source`.
    """
    if not _BLOCK.search(source):
        return source
    lines = source.split("\n")
    inside: list[int] = []  # the margins of the admonitions that are open
    fence: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        margin = _margin(line)
        while inside and margin < inside[-1] + 4:
            inside.pop()
        if fence and len(inside) < fence[0]:
            fence = None
        line = _moved(line, 4 * len(inside))
        if fence:
            if line.strip(" \t>").startswith(fence[1]) and not line.strip(" \t>" + fence[1][0]):
                fence = None
        elif opening := _FENCE.match(line):
            fence = len(inside), opening[1]
        elif (found := _ADMONITION.match(line)) and _has_text_inside(lines, number, margin):
            inside.append(margin)
            title = found["title"] or found["tab"]
            line = line[: len(line) - len(line.lstrip())] + TITLE + title if title else ""
        else:
            line = _CALLOUT.sub(rf"\1{TITLE}", line, count=1) if _CALLOUT.match(line) else line
        lines[number] = line
    return "\n".join(lines)


def _has_text_inside(lines: Sequence[str], number: int, margin: int) -> bool:
    following = next((line for line in lines[number + 1 : number + 4] if line.strip()), "")
    return _margin(following) >= margin + 4


def _margin(line: str) -> int:
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blank.expandtabs(4))


def _moved(line: str, columns: int) -> str:
    if not columns:
        return line
    rest = line.lstrip(" \t")
    return " " * (_margin(line) - columns) + rest


def masked(source: str, tool: str) -> list[SourceSpan | Markup]:
    """All that Markdown must not see, in order and apart: mathematics, and what `tool` writes beyond Markdown."""
    taken = list(spans(source))
    starts = [span.start for span in taken]
    pattern = _PATTERNS[tool]
    absent: set[str] = set()
    found: list[SourceSpan | Markup] = []
    position = 0
    while start := _START.search(source, position):
        around = bisect_right(starts, start.start()) - 1
        if around >= 0 and start.start() < taken[around].end:
            position = taken[around].end
        elif match := pattern.match(source, start.start()):
            pieces = list(_pieces(source, match, absent))
            found += pieces
            position = match.start() + 2 if match.lastgroup == "highlight" else pieces[-1].end
        else:
            position = start.end()
    return _in_order([span for span in taken if span.kind is not SpanKind.CODE], found)


def _in_order(mathematics: Sequence[SourceSpan], found: Sequence[SourceSpan | Markup]) -> list[SourceSpan | Markup]:
    """Both in the order of the source; of what overlaps, that which begins first."""
    if not found:
        return list(mathematics)
    result: list[SourceSpan | Markup] = []
    for piece in sorted([*mathematics, *found], key=lambda piece: (piece.start, -piece.end)):
        if not result or piece.start >= result[-1].end:
            result.append(piece)
    return result


def _pieces(source: str, match: re.Match[str], absent: set[str]) -> Iterator[SourceSpan | Markup]:
    """What a match stands for; `absent` has the names of the tags that are not closed from here on."""
    start, end, text = match.start(), match.end(), match[0]
    match match.lastgroup:
        case "wiki":
            yield _wiki(start, text)
        case "highlight":
            yield Markup(start, start + 2)
            yield Markup(end - 2, end)
        case "tag":
            yield Markup(start, end, text, tag=text[1:].strip("/"))
        case "shortcode" | "liquid":
            name, target = _shortcode(text) if text.startswith("{{") else _liquid(text)
            closing = _ENDS[name].search(source, end) if name in _ENDS and name not in absent else None
            if closing is None:
                absent.add(name)
                yield Markup(start, end, _breaks(text), target)
            elif name == "comment":
                yield Markup(start, closing.end(), _breaks(source[start : closing.end()]))
            else:
                yield from _code(source, start, end, closing)
        case "output":
            written = _QUOTED.search(text)
            yield Markup(start, end, _breaks(text), Target(written[1], LinkKind.PATH, None) if written else None)
        case "block" | "attributes":
            while start and source[start - 1] in " \t":
                start -= 1
            yield Markup(start, end)
        case _:
            yield Markup(start, end, _breaks(text))


def _code(source: str, start: int, end: int, closing: re.Match[str]) -> Iterator[SourceSpan | Markup]:
    """The code between two tags."""
    code = source[end : closing.start()]
    first = end + len(code) - len(code.lstrip("\n"))
    last = end + len(code.rstrip())
    yield Markup(start, end, _breaks(source[start:end]))
    if first < last:
        yield SourceSpan(first, last, SpanKind.DISPLAY)
    yield Markup(closing.start(), closing.end(), _breaks(closing[0]))


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")


def _wiki(start: int, text: str) -> Markup:
    inner = text.removeprefix("!")[2:-2].replace("\\|", "|")
    place, _, label = inner.partition("|")
    name, *headings = (step.strip() for step in place.split("#"))
    shown = label.strip() or " > ".join(step for step in (name, *headings) if step and not step.startswith("^"))
    target = None
    if name and not _ATTACHMENT.search(name):
        target = Target(name, LinkKind.NAME, name.rpartition("/")[2])
    return Markup(start, start + len(text), "" if text.startswith("!") else shown, target)


def _shortcode(text: str) -> tuple[str, Target | None]:
    found = _SHORTCODE.match(text)
    name = found["name"] if found else ""
    if found and name in {"ref", "relref"} and (address := found["value"].partition("#")[0]):
        return name, Target(address, LinkKind.REFERENCE, None)
    return name, None


def _liquid(text: str) -> tuple[str, Target | None]:
    found = _LIQUID.match(text)
    if found is None:
        return text.strip("{%-} \t\n"), None
    name, value = found["name"], found["value"].partition("#")[0]
    if name == "link":
        return name, Target("/" + value.lstrip("/"), LinkKind.PATH, None)
    return name, Target(value, LinkKind.NAME, None) if name == "post_url" else None
