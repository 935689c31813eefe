"""One file -> one `Article`, or the reasons why not."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from kg.config import Config, Fields
from kg.iris import slug, url_path
from kg.model import Article, Part, PartName, Problem, SegmentKind, Severity
from kg.read.fields import FieldReader, clean
from kg.read.frontmatter import FrontMatterError, split
from kg.read.markdown import to_part
from kg.read.mathematics import decode_line_breaks


def read_article(root: Path, path: str, config: Config) -> tuple[Article | None, list[Problem]]:
    """Read the file `root`/`path`.

    Returns:
        The article, or None if its identity or its text cannot be read; and every problem, errors among them. A field
        that is wrong and can be done without is left out, and the rest is kept.
    """
    try:
        raw = (root / path).read_bytes()
    except OSError as error:
        return None, [Problem(Severity.ERROR, "unreadable", path, 1, None, f"cannot be read: {error.strerror}")]
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
    article = _article(reader, raw, config.fields)
    return article, reader.problems


def _article(reader: FieldReader, raw: bytes, fields: Fields) -> Article | None:
    path = PurePosixPath(reader.file)
    for name, line in reader.matter.repeated.items():
        message = f"{name}: is given twice; the last one counts"
        reader.problems.append(Problem(Severity.WARNING, "repeated-field", reader.file, line, name, message))
    url = reader.text(fields.url)
    written_title = reader.text(fields.title)
    parts = _parts(reader, fields)
    if _is_fatal(reader, fields):
        return None
    if not any(_has_text(part) for part in parts if part.name is not PartName.QUESTION):
        where = next((name for name in fields.answer if name in reader.matter.lines), None)
        reader.problem(Severity.ERROR, "empty", where, "the article has no text")
        return None
    title = written_title or _first_heading(parts) or path.stem.replace("-", " ")
    url = url or "article/" + "/".join(slug(step) for step in path.with_suffix("").parts)
    if not url_path(url):
        reader.problem(Severity.ERROR, "wrong-type", fields.url[0], f'the url "{url}" names no page of its own')
        return None
    return Article(
        url=url,
        path=reader.file,
        line=next((reader.matter.lines[name] for name in fields.url if name in reader.matter.lines), 1),
        sha256=hashlib.sha256(raw).hexdigest(),
        title=" ".join(title.split()),
        parts=parts,
        id=reader.text(fields.id),
        date=reader.date(fields.date),
        authors=reader.texts(fields.authors, comma=False),
        language=reader.language(fields.language) or "en",
        subject=reader.text(fields.subject) or _folder_name(path),
        keywords=reader.texts(fields.keywords, comma=True),
        links=reader.links(fields.links),
        no_index=reader.flag(fields.no_index),
    )


def _is_fatal(reader: FieldReader, fields: Fields) -> bool:
    """Whether a field that an article cannot do without was of a wrong type."""
    needed = {*fields.url, *fields.title, *fields.question, *fields.answer}
    return any(problem.severity is Severity.ERROR and problem.field in needed for problem in reader.problems)


def _parts(reader: FieldReader, fields: Fields) -> tuple[Part, ...]:
    parts: list[Part] = []
    for name, names in ((PartName.QUESTION, fields.question), (PartName.ANSWER, fields.answer)):
        if source := reader.text(names):
            # A value with line breaks of its own means its backslashes; only a folded one writes them as "\n".
            parts.append(to_part(name, clean(source if "\n" in source else decode_line_breaks(source))))
    if body := reader.matter.body.replace("&nbsp;", " ").strip():
        parts.append(to_part(PartName.BODY, clean(body)))
    return tuple(parts)


def _has_text(part: Part) -> bool:
    return any(c.isalnum() for segment in part.segments for c in part.text[segment.start : segment.end])


def _first_heading(parts: tuple[Part, ...]) -> str | None:
    for part in parts:
        for segment in part.segments:
            if segment.kind is SegmentKind.HEADING:
                return part.text[segment.start : segment.end]
    return None


def _folder_name(path: PurePosixPath) -> str | None:
    return path.parts[0].replace("-", " ") if len(path.parts) > 1 else None
