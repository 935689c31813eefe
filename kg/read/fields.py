"""Read the fields of a front matter as typed values. kg.toml can say which names a field has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.base.model import Link, LinkKind, Problem, Severity
from kg.read.frontmatter import FrontMatter
from kg.read.language import language_tag
from kg.read.syntax.wiki_links import wiki_target

# Control characters (including NUL) and two noncharacters. XML does not allow them, a terminal may act on them, and RDF
# parsers differ in how they treat them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_TIME = re.compile(r"(?<=\d)[T\s].*", re.DOTALL)
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


def clean(text: str) -> str:
    """Return `text` with U+FFFD in place of each character that an output file cannot contain."""
    return _UNWRITABLE.sub("\ufffd", text)


@dataclass(slots=True)
class FieldReader:
    """Reads the fields of one file's front matter as typed values.

    A value of a wrong type is reported in `problems` and read as absent. The methods take the names that a field may
    have, and try them in order.
    """

    matter: FrontMatter
    file: str
    problems: list[Problem] = field(default_factory=list)

    def problem(self, severity: Severity, code: str, name: str | None, message: str) -> None:
        """Add a problem of the field `name`.

        The problem gets the line of the field. If that is not known, it gets the line of the field that contains this
        field, or else the first line.
        """
        lines = self.matter.lines
        line = lines.get(name) or lines.get(name.rpartition(".")[0], 1) if name else 1
        self.problems.append(Problem(severity, code, self.file, line, name, message))

    def text(self, names: tuple[str, ...]) -> str | None:
        """Return a text without white space around it, or None if it is absent, empty or not a text."""
        for name, value in self._present(names):
            if isinstance(value, str):
                return clean(value).strip() or None
            self._wrong(name, value, "text")
            return None
        return None

    def texts(self, names: tuple[str, ...], *, comma: bool, space: bool = False) -> tuple[str, ...]:
        """Return the texts of the first field that is not empty, without duplicates.

        The value of the field is a list of texts or a single text, which counts as a list of one.

        With `comma`, a single text is split at commas. With `comma` and `space`, a single text that contains no comma
        is split at white space.
        """
        for name, value in self._present(names):
            if isinstance(value, str):
                items: list[object] = [value]
                if comma:
                    items = list(value.split() if space and "," not in value else value.split(","))
            elif isinstance(value, list):
                items = value
            else:
                self._wrong(name, value, "text or a list of texts")
                return ()
            if wrong := [item for item in items if not isinstance(item, str)]:
                self._wrong(name, wrong[0], "a list of texts")
            stripped = (" ".join(clean(item).split()) for item in items if isinstance(item, str))
            return tuple(dict.fromkeys(item for item in stripped if item))
        return ()

    def date(self, names: tuple[str, ...]) -> dt.date | None:
        """Return the first date in the fields, or None if no date is found.

        A date is written in ISO 8601, such as "2025-01-31". If a time follows it, the time is ignored. The field
        `published` may be a date, but in Jekyll it is true or false. So the values "true" and "false" are skipped
        without a report.
        """
        for name, value in self._present(names):
            if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
                continue
            if not isinstance(value, str):
                self._wrong(name, value, "a date")
                return None
            try:
                return dt.date.fromisoformat(_TIME.sub("", value.strip()))
            except ValueError:
                message = f'{name}: "{_short(value)}" is not a date (write it like 2025-01-31)'
                self.problem(Severity.ERROR, "wrong-type", name, message)
        return None

    def language(self, names: tuple[str, ...]) -> str | None:
        """Return the tag of the first language in the fields, such as "en-us", or None if no language is found."""
        for name, value in self._present(names):
            tag, is_shortened = language_tag(value) if isinstance(value, str) else (None, False)
            if tag is None:
                self.problem(Severity.WARNING, "wrong-type", name, f'{name}: "{value}" is no language like "en"')
                continue
            if is_shortened:
                message = f'{name}: "{_short(str(value))}" is no valid language tag; it is read as "{tag}"'
                self.problem(Severity.WARNING, "wrong-type", name, message)
            return tag
        return None

    def flag(self, names: tuple[str, ...]) -> bool:
        """Return whether any of the fields is true; the result is False if all of them are absent."""
        for name, value in self._present(names):
            if isinstance(value, str) and value.strip().lower() in _TRUE:
                return True
            if not isinstance(value, str) or value.strip().lower() not in _FALSE:
                self._wrong(name, value, "true or false")
        return False

    def draft(self, names: tuple[str, ...]) -> str | None:
        """Return the name of the field that marks the file as a draft, or None if the file is not a draft.

        The field is one of `names` with the value true, or Jekyll's `published` with the value false.
        """
        published = self._get("published")
        if isinstance(published, str) and published.strip().lower() == "false":
            return "published"
        return next((name for name in names if self.flag((name,))), None)

    def links(self, names: tuple[str, ...]) -> tuple[Link, ...]:
        """Return the related links of all fields; the value of a field is one link or a list of links.

        A link is written as a url, as a wiki link, or as a mapping with some of the keys url, id, title and subject.
        """
        return tuple(link for name, value in self._present(names) for link in self._links_of(name, value))

    def _links_of(self, name: str, value: object) -> Iterator[Link]:
        for item in value if isinstance(value, list) else [value]:
            line = self.matter.lines.get(name)
            if isinstance(item, str):
                url = clean(item).strip()
                if note := wiki_target(url):
                    yield Link(note.address, None, note.title, None, line, LinkKind.NAME)
                else:
                    yield Link(url, None, None, None, line)
            elif isinstance(item, Mapping):
                parts = {key: item.get(key) for key in ("url", "id", "title", "subject")}
                if wrong := [key for key, part in parts.items() if not isinstance(part, str | None)]:
                    self._wrong(f"{name}.{wrong[0]}", parts[wrong[0]], "text")
                    continue
                texts = {key: clean(part).strip() or None for key, part in parts.items() if isinstance(part, str)}
                link = Link(texts.get("url"), texts.get("id"), texts.get("title"), texts.get("subject"), line)
                if link.url or link.id or link.title:
                    yield link
                else:
                    self.problem(
                        Severity.ERROR, "wrong-type", name, f"{name}: a link needs a url, or an id and a title"
                    )
            else:
                self._wrong(name, item, "a link (url, id, title, subject)")

    def _present(self, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
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
                if value is not None and not (isinstance(value, str) and not value.strip()):
                    yield key, value

    def _get(self, name: str) -> object:
        value: object = self.matter.values
        for key in name.split("."):
            if not isinstance(value, Mapping):
                return None
            value = value.get(key)
        return value

    def _wrong(self, name: str, value: object, wanted: str) -> None:
        if isinstance(value, str):
            found = f'"{_short(value)}"'
        else:
            kinds = {list: "a list", dict: "a mapping", type(None): "nothing"}
            found = kinds.get(type(value), "a value of another type")
        self.problem(Severity.ERROR, "wrong-type", name, f"{name}: expected {wanted}, found {found}")


def _by_number(key: str) -> tuple[str, int, str]:
    digits = re.search(r"\d{1,9}$", key)
    return (key[: digits.start()], int(digits[0]), key) if digits else (key, 0, key)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
