"""Read wiki links, such as `[[Note#Heading|label]]`, and embedded notes, such as `![[Note]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.base.model import LinkKind
from kg.read.mathematics import spans
from kg.read.syntax.extension import Extension, Markup, Piece, Target

_PATTERN: Final = r"!?(?<!\\)(?<!\\!)\[\[(?!\s)(?=[^\[\]\n]*[^\W\d_]|\d{4}-\d\d)[^\[\]\n]+\]\](?!\()"
"""Finds wiki links: the text in brackets contains a letter or begins with a date, does not begin with a space,
and no `(` follows.

So these are not wiki links: `[[1, 2]]` (a matrix), `[[ -f x ]]` (a shell test), `[[a]](b)` (a Markdown link).
"""
_PATTERN_OF_VAULT: Final = r"!?(?<!\\)(?<!\\!)\[\[(?=[^\[\]\n]*[^\W_])[^\[\]\n]+\]\](?!\()"
_LINK = re.compile(_PATTERN)
_TABLE_OF_CONTENTS = frozenset({"toc", "_toc_", "_tosp_"})
_ATTACHMENT = re.compile(
    r"\.(?:3gp|7z|aac|avif?|azw3|base|bmp|canvas|csv|djvu|docx?|epub|excalidraw|flac|gif|heic|jpe?g|m4[av]|mkv|mobi|mov"
    r"|mp[34]|od[pst]|og[agv]|opus|pdf|png|pptx?|rar|rtf|svg|tiff?|wav|web[mp]|wm[av]|xlsx?|zip)$",
    re.IGNORECASE,
)
_WEB = re.compile(r"(?:https?|mailto|obsidian|file):", re.IGNORECASE)


def wiki_names(text: str) -> Iterator[str]:
    """Yield the name of the note to which each wiki link in a Markdown file refers; see `wiki_links`."""
    for link in wiki_links(text):
        if target := _target(_split(link)[0]):
            yield target.address


def wiki_links(text: str) -> Iterator[str]:
    """Yield the wiki links in a Markdown file. Those in front matter, code and mathematics are ignored."""
    body = text.partition("\n---\n")[2] if text.startswith("---\n") else text
    taken = list(spans(body))
    for link in _LINK.finditer(body):
        if not any(span.start <= link.start() < span.end for span in taken):
            yield link[0]


def wiki_targets(text: str) -> list[Target]:
    """Return the targets of the wiki links in the text of a front-matter field."""
    if "[[" not in text:
        return []  # most fields
    found = (_target(_split(link[0])[0]) for link in _LINK.finditer(text))
    return [target for target in found if target]


def without_brackets(text: str) -> str:
    """Return the text of a front-matter field with the label of each wiki link in place of the link."""
    return _LINK.sub(lambda link: _shown(*_split(link[0])), text)


def is_note(name: str) -> bool:
    """Whether the name in a wiki link can be the name of a note, and not an attachment or a web address."""
    return not _ATTACHMENT.search(name) and not _WEB.match(name)


def _read(match: re.Match[str]) -> Iterator[Piece]:
    return _pieces(match, *_split(match[0]))


def label_first(link: str) -> tuple[str, str]:
    """Split a wiki link whose label precedes the name into its label and its destination."""
    first, second = _split(link)
    return (first, second) if second else ("", first)


def _read_label_first(match: re.Match[str]) -> Iterator[Piece]:
    label, place = label_first(match[0])
    return _pieces(match, place, label)


def _pieces(match: re.Match[str], place: str, label: str) -> Iterator[Piece]:
    """Yield the markup of a wiki link to `place`, which is shown as `label` if this is not empty.

    `[[toc]]` and `[[_TOC_]]` are replaced by a table of contents in several tools. They are not links.
    """
    if place.strip().lower() in _TABLE_OF_CONTENTS and not label:
        yield Markup(match.start(), match.end())
        return
    shown = "" if match[0].startswith("!") else _shown(place, label)
    yield Markup(match.start(), match.end(), shown, _target(place))


def _shown(place: str, label: str) -> str:
    """Return the text that is published for a wiki link: its label, or else the names of its note and heading."""
    name, *headings = (step.strip() for step in place.split("#"))
    return label.strip() or " > ".join(step for step in (name, *headings) if step and not step.startswith("^"))


def _target(place: str) -> Target | None:
    """Return the target of a wiki link to `place`, which is a note.

    The result is None if the link refers to an attachment, to a heading of the page that contains the link, or to a
    page on the web.
    """
    name = place.partition("#")[0].strip()
    if not name or not is_note(name):
        return None
    return Target(name, LinkKind.NAME, name.rpartition("/")[2])


def _split(link: str) -> tuple[str, str]:
    """Split a wiki link into its destination and its label. The label is "" if the link has none."""
    place, _, label = link.removeprefix("!")[2:-2].replace("\\|", "|").partition("|")
    return place, label


WIKI_LINK: Final = Extension("wiki_link", "![", _PATTERN, _read)
"""Wiki links for tools without a wiki-link syntax of their own. Brackets that may mean something else are not read."""

WIKI_LINK_OF_VAULT: Final = Extension("wiki_link", "![", _PATTERN_OF_VAULT, _read)
"""Wiki links for tools that have wiki links. A name may have spaces around it, and may be a number."""

LABEL_FIRST: Final = Extension("wiki_link", "![", _PATTERN_OF_VAULT, _read_label_first)
"""Wiki links with the label before the name, such as `[[the label|Note]]`, as in the wikis of GitHub and GitLab."""
