"""Read wiki links, such as `[[Note#Heading|label]]`, and embedded notes, such as `![[Note]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.base.model import LinkKind
from kg.read.mathematics import spans
from kg.read.syntax.extension import Extension, Markup, Piece, Target

_PATTERN: Final = r"!?(?<!\\)(?<!\\!)\[\[(?!\s)(?=[^\[\]\n]*[^\W\d_])[^\[\]\n]+\]\](?!\()"
"""Finds wiki links: the text in brackets contains a letter and does not begin with a space, and no `(` follows.

These are therefore no wiki links: `[[1, 2]]` (a matrix), `[[ -f x ]]` (a shell test), `[[a]](b)` (a Markdown link).
"""
_LINK = re.compile(_PATTERN)
_ATTACHMENT = re.compile(
    r"\.(?:3gp|avif|base|bmp|canvas|csv|docx?|flac|gif|jpe?g|m4a|mkv|mov|mp[34]|og[agv]|opus|pdf|png|pptx?|svg|wav|web[mp]"
    r"|xlsx?|zip)$",
    re.IGNORECASE,
)


def wiki_names(text: str) -> Iterator[str]:
    """Yield the name of the note to which each wiki link in a Markdown file refers.

    Links in front matter, code and mathematics are ignored.
    """
    body = text.partition("\n---\n")[2] if text.startswith("---\n") else text
    taken = list(spans(body))
    for link in _LINK.finditer(body):
        target = _target(link[0])
        if target and not any(span.start <= link.start() < span.end for span in taken):
            yield target.address


def wiki_targets(text: str) -> list[Target]:
    """Return the targets of the wiki links in the text of a front-matter field."""
    if "[[" not in text:
        return []  # most fields
    found = (_target(link[0]) for link in _LINK.finditer(text))
    return [target for target in found if target]


def without_brackets(text: str) -> str:
    """Return the text of a front-matter field with the label of each wiki link in place of the link."""
    return _LINK.sub(lambda link: _shown(link[0]), text)


def _read(match: re.Match[str]) -> Iterator[Piece]:
    text = match[0]
    yield Markup(match.start(), match.end(), "" if text.startswith("!") else _shown(text), _target(text))


def _shown(link: str) -> str:
    """Return the text that is published for a wiki link: its label, or else the names of its note and heading."""
    place, label = _split(link)
    name, *headings = (step.strip() for step in place.split("#"))
    return label.strip() or " > ".join(step for step in (name, *headings) if step and not step.startswith("^"))


def _target(link: str) -> Target | None:
    """Return the target of a wiki link, which is a note.

    The result is None if the link refers to an attachment, or to a heading of the page that contains the link.
    """
    name = _split(link)[0].partition("#")[0].strip()
    if not name or _ATTACHMENT.search(name):
        return None
    return Target(name, LinkKind.NAME, name.rpartition("/")[2])


def _split(link: str) -> tuple[str, str]:
    """Split a wiki link into its destination and its label. The label is "" if the link has none."""
    place, _, label = link.removeprefix("!")[2:-2].replace("\\|", "|").partition("|")
    return place, label


WIKI_LINK: Final = Extension("wiki_link", "![", _PATTERN, _read)
