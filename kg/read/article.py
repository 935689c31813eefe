"""Parse a file into a `ParsedArticle`, and report the problems found in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from kg.base.config import Config, Fields
from kg.base.iris import url_path
from kg.base.model import Link, ParsedArticle, Part, PartName, Problem, SegmentKind, Severity
from kg.read.dialects.dialect import Dialect, EmptyArticle
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import place
from kg.read.failure import failure
from kg.read.fields import FieldReader, clean
from kg.read.files import read_bytes
from kg.read.folder_problems import DRAFT
from kg.read.frontmatter import FrontMatterError, split
from kg.read.language import reads_as_english
from kg.read.markdown import Text, read_text
from kg.read.mathematics import decode_line_breaks
from kg.read.related_links import link_to


def read_article(root: Path, path: str, config: Config) -> tuple[ParsedArticle | None, list[Problem]]:
    """Read the file `root`/`path` and parse it; see `parse_article` for the result."""
    return parse_article(path, read_bytes(root / path), config)


def parse_article(path: str, raw: bytes | OSError, config: Config) -> tuple[ParsedArticle | None, list[Problem]]:
    """Parse an article.

    Args:
        path: path of the file, relative to the articles folder, with forward slashes.
        raw: the bytes of the file, or the error that was raised when they were read.
        config: the resolved configuration.

    Returns:
        The article and all problems, including errors. The article is None if the file or its front matter cannot be
        read, if it is a draft and drafts are left out, if it has no text, or if a field that gives its url, title or
        text is wrong. An optional field with a wrong value is read as absent. If reading fails with an error of any
        other kind, this error is the only problem, so that one file never ends a command.
    """
    try:
        return _parsed(path, raw, config)
    except Exception as error:
        return None, [failure(path, error)]


def _parsed(path: str, raw: bytes | OSError, config: Config) -> tuple[ParsedArticle | None, list[Problem]]:
    if isinstance(raw, OSError):
        return None, [Problem(Severity.ERROR, "unreadable", path, 1, None, f"cannot be read: {raw.strerror}")]
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        at = error.start + len(raw) - len(error.object)  # a byte order mark is not part of error.object
        line = raw.count(b"\n", 0, at) + 1
        message = f"not UTF-8: byte 0x{raw[at]:02x} at offset {at}; save the file as UTF-8"
        return None, [Problem(Severity.ERROR, "not-utf-8", path, line, None, message)]
    try:
        matter = split(text)
    except FrontMatterError as error:
        return None, [Problem(Severity.ERROR, error.code, path, error.line, None, str(error))]
    reader = FieldReader(matter, path)
    article = _article(reader, raw, config)
    return article, reader.problems


def _article(reader: FieldReader, raw: bytes, config: Config) -> ParsedArticle | None:
    fields, options = config.fields, config.read
    dialect = get_dialect(options.tool)
    for name, line in reader.matter.repeated.items():
        message = f"{name}: is given twice; the last one counts"
        reader.problems.append(Problem(Severity.WARNING, "repeated-field", reader.file, line, name, message))
    draft = reader.draft(fields.draft)
    is_draft = draft or not dialect.draft_folders.isdisjoint(PurePosixPath(reader.file).parts)
    if is_draft and not options.drafts:
        reader.problem(Severity.WARNING, DRAFT, draft, "is a draft; it is left out")
        return None
    url = reader.text(fields.url)
    written_title = reader.text(fields.title)
    texts = _texts(reader, fields, dialect)
    parts = tuple(text.part for text, _ in texts)
    if _is_fatal(reader, fields):
        return None
    if not any(_has_text(part) for part in parts if part.name is not PartName.QUESTION):
        _report_empty(reader, fields, dialect)
        return None
    at_spaces = dialect.keywords_end_at_spaces
    categories = reader.texts(fields.categories, comma=True, space=at_spaces)
    keywords = [
        stripped
        for keyword in reader.texts(fields.keywords, comma=True, space=at_spaces)
        if (stripped := keyword.removeprefix(dialect.keyword_prefix).strip())
    ]
    tags = [tag for text, _ in texts for tag in text.tags]
    found = place(reader.file, options, url=url, name=reader.text(fields.slug), categories=categories)
    title = written_title or _heading(texts, dialect) or found.title
    if not url_path(found.url):
        reader.problem(Severity.ERROR, "wrong-type", fields.url[0], f'the url "{url}" names no page of its own')
        return None
    language = reader.language(fields.language) or "en"
    return ParsedArticle(
        url=found.url,
        path=reader.file,
        line=next((reader.matter.lines[name] for name in fields.url if name in reader.matter.lines), 1),
        sha256=hashlib.sha256(raw).hexdigest(),
        title=" ".join(title.split()),
        parts=parts,
        id=reader.text(fields.id),
        date=reader.date(fields.date) or found.date,
        authors=reader.texts(fields.authors, comma=False),
        language=language,
        is_english=language.partition("-")[0] == "en" and reads_as_english(parts) is not False,
        subject=reader.text(fields.subject) or next(iter(categories), found.subject),
        keywords=tuple(dict.fromkeys([*keywords, *categories[bool(keywords) :], *tags])),
        aliases=reader.texts(fields.aliases, comma=True),
        links=(*reader.links(fields.links), *_links(texts, config.site)),
        no_index=reader.flag(fields.no_index),
    )


def _is_fatal(reader: FieldReader, fields: Fields) -> bool:
    """Return whether a field for the url, the title or the text of the article has a wrong type."""
    needed = {*fields.url, *fields.title, *fields.question, *fields.answer}
    return any(problem.severity is Severity.ERROR and problem.field in needed for problem in reader.problems)


def _texts(reader: FieldReader, fields: Fields, dialect: Dialect) -> list[tuple[Text, int | None]]:
    """Return the texts of the article, each with the number of its first line in the file.

    The number is None for the text of a field, since the lines of a field may be folded into one.
    """
    texts: list[tuple[Text, int | None]] = []
    for part, names in ((PartName.QUESTION, fields.question), (PartName.ANSWER, fields.answer)):
        if source := reader.text(names):
            # A value that is folded into one line has its line breaks as the two characters "\n". Other values do not.
            texts.append((read_text(part, clean(source if "\n" in source else decode_line_breaks(source))), None))
    below = reader.matter.body.replace("&nbsp;", " ")
    if body := below.strip():
        first = reader.matter.body_line + below.count("\n", 0, len(below) - len(below.lstrip()))
        texts.append((read_text(PartName.BODY, clean(body), dialect.extensions), first))
    return texts


def _links(texts: Iterable[tuple[Text, int | None]], site: str | None) -> Iterator[Link]:
    """Yield the links in `texts` that may lead to other articles, in order."""
    for text, first in texts:
        for target in text.targets:
            if link := link_to(target, None if first is None else first + target.line, site):
                yield link


def _report_empty(reader: FieldReader, fields: Fields, dialect: Dialect) -> None:
    """Report an article without text.

    The `empty_article` of the dialect decides whether an error, a warning or nothing is reported.
    """
    where = next((name for name in fields.answer if name in reader.matter.lines), None)
    match dialect.empty_article:
        case EmptyArticle.UNWRITTEN:
            reader.problem(Severity.WARNING, "empty", where, "the note has no text; it is left out")
        case EmptyArticle.LAYOUT if reader.matter.values:
            pass
        case _:
            reader.problem(Severity.ERROR, "empty", where, "the article has no text")


def _has_text(part: Part) -> bool:
    return any(c.isalnum() for segment in part.segments for c in part.text[segment.start : segment.end])


def _heading(texts: Iterable[tuple[Text, int | None]], dialect: Dialect) -> str | None:
    """Return the title of an article that has none in its front matter: its first heading.

    The dialect decides whether this is the first heading of level 1 or the first heading of any level.
    """
    if not dialect.any_heading_is_title:
        return next((text.title for text, _ in texts if text.title), None)
    headings = (
        text.part.text[segment.start : segment.end]
        for text, _ in texts
        for segment in text.part.segments
        if segment.kind is SegmentKind.HEADING
    )
    return next(headings, None)
