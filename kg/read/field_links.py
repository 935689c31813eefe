"""Read the links in front matter, both in the fields for related articles and in other fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.base.config import Fields
from kg.base.model import Link, LinkKind, Severity
from kg.read.fields import FieldReader, as_title, clean, is_empty
from kg.read.related_links import link_to
from kg.read.syntax.extension import Target
from kg.read.syntax.wiki_links import wiki_targets

_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*<?([^()<>\s]+)>?\s*\)")


def field_links(reader: FieldReader, fields: Fields, site: str | None) -> Iterator[Link]:
    """Yield the links in the fields of a front matter: first from the fields for links, then from other fields.

    Any field may contain wiki links: in its text, in the items of a list or in a nested field. Links in a field with
    broken YAML are ignored, as in the tools themselves. A text that is a Markdown link to a path is a link too, except
    in a title. The Markdown links of a question or an answer are read together with its text.

    Args:
        reader: the front matter.
        fields: the roles of its fields.
        site: web address of the articles, from kg.toml.
    """
    related = dict(reader.present(fields.links))
    for name, value in related.items():
        for item in value if isinstance(value, list) else [value]:
            if not is_empty(item):
                yield from _related(reader, name, item, site)
    texts = {*fields.title, *fields.question, *fields.answer}
    for name, value in reader.matter.values.items():
        if isinstance(name, str) and name not in reader.matter.plain:
            for place, text in _texts(name, value, related.keys()):
                targets = wiki_targets(text) if place in texts else _targets(text)
                yield from _links(reader, place, targets, site)


def _related(reader: FieldReader, name: str, item: object, site: str | None) -> Iterator[Link]:
    """Yield the links of one item in a field for links.

    An item is a url, a text with wiki links, a Markdown link, or a mapping with some of the keys url, id, title and
    subject.
    """
    line = reader.line(name)
    if isinstance(item, str):
        if targets := _targets(item):
            yield from _links(reader, name, targets, site)
        else:
            yield Link(clean(item).strip(), None, None, None, line, property=name)
    elif isinstance(item, Mapping):
        parts = {key: item.get(key) for key in ("url", "id", "title", "subject")}
        if wrong := [key for key, part in parts.items() if not isinstance(part, str | None)]:
            reader.wrong(f"{name}.{wrong[0]}", parts[wrong[0]], "text")
            return
        texts = {key: clean(part).strip() or None for key, part in parts.items() if isinstance(part, str)}
        title = as_title(texts.get("title") or "") or None
        link = Link(texts.get("url"), texts.get("id"), title, texts.get("subject"), line, property=name)
        if link.url or link.id or link.title:
            yield link
        else:
            message = f"{name}: a link needs a url, or an id and a title"
            reader.problem(Severity.WARNING, "wrong-type", name, message)
    else:
        reader.wrong(name, item, "a link (url, id, title, subject)")


def _texts(name: str, value: object, skipped: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield all texts in a value, each with the name of its field; the fields `skipped` are left out."""
    if name in skipped:
        return
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(name, item, skipped)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(f"{name}.{key}", part, skipped)


def _targets(text: str) -> list[Target]:
    if "](" in text and (link := _MARKDOWN_LINK.fullmatch(text.strip())):
        return [Target(link[2], LinkKind.PATH, link[1].strip() or None)]
    return wiki_targets(text)


def _links(reader: FieldReader, name: str, targets: Iterable[Target], site: str | None) -> Iterator[Link]:
    for target in targets:
        if link := link_to(target, reader.line(name), site):
            yield replace(link, property=name)
