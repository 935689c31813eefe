"""Read the fields of a front matter as typed values. kg.toml can configure the names of the fields."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.base.iris import has_dot_segments, host_of, url_path, web_iri
from kg.base.model import AuthorKind, AuthorProfile, Problem, Severity
from kg.read.dates import read_date
from kg.read.frontmatter import FrontMatter, is_template
from kg.read.language import language_tag
from kg.read.syntax.attributes import ATTRIBUTES
from kg.read.syntax.template_tags import has_expression
from kg.read.syntax.wiki_links import without_brackets

# Control characters (including NUL) and two noncharacters. XML does not allow them, a terminal may act on them, and RDF
# parsers differ in how they treat them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ATTRIBUTES = re.compile(f" ?{ATTRIBUTES.pattern}")
_FRONT_PAGE = "/index.html"
_AUTHOR_KINDS = {
    "person": AuthorKind.PERSON,
    "organization": AuthorKind.ORGANIZATION,
    "organisation": AuthorKind.ORGANIZATION,
}
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


def clean(text: str) -> str:
    """Return `text` with U+FFFD in place of each character that an output file cannot contain."""
    return _UNWRITABLE.sub("\ufffd", text)


def as_title(text: str) -> str:
    """Return a title in one line, without HTML entities and without an id or class at its end, such as `{#intro}`.

    >>> as_title("Is it &ldquo;lean&rdquo; &amp; agile? {#lean}")
    'Is it “lean” & agile?'
    """
    shown = _ATTRIBUTES.sub("", " ".join(text.split()))
    return " ".join(clean(_ENTITY.sub(lambda entity: html.unescape(entity[0]), shown)).split())


def _named(value: object) -> object:
    """Return the name or label in a mapping.

    Return any other value, and a mapping without a name or label, as it is.
    """
    text = _first_text(value, ("name", "label")) if isinstance(value, Mapping) else None
    return value if text is None else text


def _first_text(mapping: Mapping[Any, object], keys: tuple[str, ...]) -> str | None:
    """Return the value of the first of these keys whose value is a text, or None if there is none."""
    found = (mapping.get(key) for key in keys)
    return next((value for value in found if isinstance(value, str)), None)


def _in_one_line(text: str) -> str:
    return " ".join(without_brackets(clean(text)).split())


def is_empty(value: object) -> bool:
    """Whether a value counts as absent: nothing, a blank text, or a template that was not filled in."""
    return value is None or (isinstance(value, str) and (not value.strip() or is_template(value)))


@dataclass(frozen=True, slots=True)
class Address:
    """The address of an article, as read from its front matter."""

    url: str | None = None
    """The address of the article."""
    line: int = 1
    """Number of the line that gives `url`, counted from 1."""
    based_on: str | None = None
    """IRI of a page of another site that the article is about."""


@dataclass(slots=True)
class FieldReader:
    """Reads the fields of one file's front matter as typed values.

    A value of a wrong type is reported in `problems` and read as absent. The methods take the names that a field may
    have, and try them in order.
    """

    matter: FrontMatter
    file: str
    problems: list[Problem] = field(init=False)

    def __post_init__(self) -> None:
        self.problems = [
            Problem(mistake.severity, mistake.code, self.file, mistake.line, mistake.field, mistake.message)
            for mistake in self.matter.mistakes
        ]

    def problem(self, severity: Severity, code: str, name: str | None, message: str) -> None:
        """Add a problem of the field `name`, or of the file if `name` is None."""
        line = self.line(name) if name else 1
        self.problems.append(Problem(severity, code, self.file, line, name, message))

    def line(self, name: str) -> int:
        """Return the number of a field's line, counted from 1.

        If it is not known, this is the line of the field that contains this field, or else the first line.
        """
        lines = self.matter.lines
        while name not in lines and "." in name:
            name = name.rpartition(".")[0]
        return lines.get(name, 1)

    def text(self, names: tuple[str, ...]) -> str | None:
        """Return the first text in the fields, without white space around it, or None if there is none."""
        return next((text for _, text in self.texts_by_name(names)), None)

    def texts_by_name(self, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each field that is not empty. Report values that are not texts."""
        for name, value in self.present(names):
            if isinstance(value, str):
                yield name, clean(value).strip()
            else:
                self.wrong(name, value, "text")

    def label(self, names: tuple[str, ...]) -> str | None:
        """Return a text in which wiki links are replaced by their labels."""
        text = self.text(names)
        return without_brackets(text) if text else None

    def texts(self, names: tuple[str, ...], *, comma: bool, space: bool = False) -> tuple[str, ...]:
        """Return the texts of the first field that is not empty, without duplicates. Wiki links become their labels.

        The value of the field is a list of texts or a single text, which counts as a list of one. Empty items are
        skipped. A mapping with a name or a label is read as this name or label; Docusaurus has such mappings for
        authors and tags.

        With `comma`, a single text is split at commas. With `comma` and `space`, a single text that contains no comma
        is split at white space.
        """
        for name, value in self.present(names):
            if isinstance(value, str):
                items: list[object] = [value]
                if comma:
                    items = list(value.split() if space and "," not in value else value.split(","))
            elif isinstance(value, list):
                items = [_named(item) for item in value if not is_empty(item)]
            elif isinstance(_named(value), str):
                items = [_named(value)]
            else:
                self.wrong(name, value, "text or a list of texts")
                continue
            if wrong := [item for item in items if not isinstance(item, str)]:
                what = "a text for each item"
                self.wrong(name, wrong[0], f"{what}, or a mapping with a name" if isinstance(wrong[0], dict) else what)
            stripped = (_in_one_line(item) for item in items if isinstance(item, str))
            return tuple(dict.fromkeys(item for item in stripped if item))
        return ()

    def author_profiles(self, names: tuple[str, ...]) -> tuple[AuthorProfile, ...]:
        """Return the data on those authors in the fields that are mappings with a name, and with a url or a type.

        A url that is not a web address, and a type other than "Person" and "Organization", count as absent.
        """
        found: dict[AuthorProfile, None] = {}
        for _, value in self.present(names):
            for item in value if isinstance(value, list) else [value]:
                name = _named(item)
                if isinstance(item, Mapping) and isinstance(name, str) and (name := _in_one_line(name)):
                    url, kind = (_first_text(item, keys) or "" for keys in (("url",), ("type", "@type")))
                    profile = AuthorProfile(name, web_iri(clean(url)), _AUTHOR_KINDS.get(kind.strip().lower()))
                    if profile.url or profile.kind:
                        found[profile] = None
        return tuple(found)

    def address(self, names: tuple[str, ...], site: str | None) -> Address:
        """Return the address of the article, as read from the fields.

        A url on another host than that of `site` is not the address of the article. It is the address of a page that
        the article is about. If `site` is None, this applies to every url with a host. The value "false" counts as
        absent.
        """
        home = host_of(site) if site else None
        based_on: str | None = None
        for name, url in self.texts_by_name(names):
            if has_expression(url):
                message = f"{name}: has a template expression that kg does not evaluate; it is not read"
                self.problem(Severity.NOTE, "template-link", name, message)
            elif host_of(url) not in {None, home}:
                based_on = based_on or web_iri(url)
            elif url.lower() != "false":
                if has_dot_segments(url):
                    message = f'{name}: has the segment "." or ".."; its IRI is that of the address to which this leads'
                    self.problem(Severity.WARNING, "dot-segments", name, message)
                return Address(url if url_path(url) else _FRONT_PAGE, self.line(name), based_on)
        return Address(based_on=based_on)

    def date(self, names: tuple[str, ...]) -> dt.date | None:
        """Return the first date in the fields, or None if no date is found; see `kg.read.dates`.

        The field `published` may be a date, but in Jekyll it is true or false. So the values "true" and "false" are
        skipped without a report.
        """
        for name, value in self.present(names):
            if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
                continue
            if not isinstance(value, str):
                self.wrong(name, value, "a date")
                continue
            try:
                return read_date(value)
            except ValueError as error:
                self.problem(Severity.WARNING, "wrong-type", name, f'{name}: "{_short(value)}" {error}')
        return None

    def language(self, names: tuple[str, ...]) -> str | None:
        """Return the tag of the first language in the fields, such as "en-us", or None if no language is found."""
        for name, value in self.present(names):
            tag, is_shortened = language_tag(value) if isinstance(value, str) else (None, False)
            if tag is None:
                self.wrong(name, value, 'a language like "en" or "English"')
                continue
            if is_shortened:
                message = f'{name}: "{_short(str(value))}" is no valid language tag; it is read as "{tag}"'
                self.problem(Severity.WARNING, "wrong-type", name, message)
            return tag
        return None

    def flag(self, names: tuple[str, ...]) -> bool:
        """Return whether any of the fields is true; the result is False if all of them are absent."""
        for name, value in self.present(names):
            if isinstance(value, str) and value.strip().lower() in _TRUE:
                return True
            if not isinstance(value, str) or value.strip().lower() not in _FALSE:
                self.wrong(name, value, "true or false")
        return False

    def draft(self, names: tuple[str, ...]) -> str | None:
        """Return the name of the field that marks the file as a draft, or None if the file is not a draft.

        The field is one of `names` with the value true, or Jekyll's `published` with the value false.
        """
        published = self._get("published")
        if isinstance(published, str) and published.strip().lower() == "false":
            return "published"
        return next((name for name in names if self.flag((name,))), None)

    def present(self, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
        """Yield the name and the value of each field that is not empty, in the order of `names`.

        A name that ends in "*", such as "link*", stands for all fields whose names begin with "link". They are yielded
        in the order of the numbers at the ends of their names: "link2" before "link10".
        """
        for name in names:
            keys = [name]
            if name.endswith("*"):
                texts = (key for key in self.matter.values if isinstance(key, str))
                keys = sorted((key for key in texts if key.startswith(name[:-1])), key=_by_number)
            for key in keys:
                value = self._get(key)
                if not is_empty(value):
                    yield key, value

    def _get(self, name: str) -> object:
        value: object = self.matter.values
        for key in name.split("."):
            if not isinstance(value, Mapping):
                return None
            value = value.get(key)
        return value

    def wrong(self, name: str, value: object, wanted: str) -> None:
        """Warn that a field has a value of a wrong type; `wanted` names the right type."""
        if isinstance(value, str):
            found = f'"{_short(value)}"'
        else:
            kinds = {list: "a list", dict: "a mapping", type(None): "nothing"}
            found = kinds.get(type(value), "a value of another type")
        self.problem(Severity.WARNING, "wrong-type", name, f"{name}: expected {wanted}, found {found}")


def _by_number(key: str) -> tuple[str, int, str]:
    digits = re.search(r"\d{1,9}$", key)
    return (key[: digits.start()], int(digits[0]), key) if digits else (key, 0, key)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
