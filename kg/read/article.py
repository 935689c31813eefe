"""Parse a file into a `ParsedArticle`, and report the problems found in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from kg.base.config import Config, Fields, ToolSettings
from kg.base.iris import slug, url_path
from kg.base.model import Link, LinkKind, ParsedArticle, Part, PartName, Problem, SegmentKind, Severity
from kg.read.dialects.dialect import Dialect, EmptyArticle, Page, TitleHeading
from kg.read.dialects.registry import get_dialect
from kg.read.dialects.resolve import place
from kg.read.failure import failure
from kg.read.field_links import field_links
from kg.read.fields import FieldReader, as_title, clean
from kg.read.files import read_bytes
from kg.read.folder_problems import DRAFT, EMPTY, FILLED, LEFT_OUT
from kg.read.frontmatter import FrontMatterError, split
from kg.read.language import language_of
from kg.read.markdown import Text, read_text
from kg.read.mathematics import decode_line_breaks
from kg.read.related_links import has_template, link_to
from kg.read.syntax.extension import Target


def read_article(
    root: Path, path: str, config: Config, language: str = "en"
) -> tuple[ParsedArticle | None, list[Problem]]:
    """Read the file `root`/`path` and parse it; see `parse_article` for the arguments and the result."""
    return parse_article(path, read_bytes(root / path), config, language)


def parse_article(
    path: str, raw: bytes | OSError, config: Config, language: str = "en"
) -> tuple[ParsedArticle | None, list[Problem]]:
    """Parse an article.

    Args:
        path: path of the file, relative to the articles folder, with forward slashes.
        raw: the bytes of the file, or the error that was raised when they were read.
        config: the resolved configuration.
        language: the language of an article whose language is not found.

    Returns:
        The article and all problems, including errors. The article is None if the file or its front matter cannot be
        read, if it is a draft and drafts are left out, or if it has no text. A field with a wrong value is read as
        absent. If reading fails with an error of any other kind, this error is the only problem, so that one file never
        ends a command.
    """
    try:
        return _parsed(path, raw, config, language)
    except Exception as error:
        return None, [failure(path, error)]


def _parsed(
    path: str, raw: bytes | OSError, config: Config, language: str
) -> tuple[ParsedArticle | None, list[Problem]]:
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
    settings = config.read.settings or ToolSettings()
    reader = FieldReader(get_dialect(config.read.tool).front_matter(matter, settings), path)
    article = _article(reader, raw, config, language)
    return article, reader.problems


def _article(reader: FieldReader, raw: bytes, config: Config, language: str) -> ParsedArticle | None:
    fields, options = config.fields, config.read
    dialect = get_dialect(options.tool)
    for name, line in reader.matter.repeated.items():
        message = f"{name}: is given twice; the last one counts"
        reader.problems.append(Problem(Severity.WARNING, "repeated-field", reader.file, line, name, message))
    if _is_left_out(reader, config, dialect):
        return None
    address = reader.address(fields.url, config.site)
    written_title = as_title(reader.text(fields.title) or "")
    settings = options.settings or ToolSettings()
    texts = _texts(reader, fields, dialect, settings)
    parts = tuple(found.text.part for found in texts)
    has_text = any(_has_text(part) for part in parts if part.name is not PartName.QUESTION)
    if not has_text and not _has_other_content(reader, texts, dialect, settings):
        _report_empty(reader, fields, dialect, settings)
        return None
    heading = _heading(texts, dialect.title_heading)
    categories = reader.texts(fields.categories, comma=True, space=dialect.keywords_end_at_spaces)
    keywords = _keywords(reader, fields, dialect)
    tags = [tag for found in texts for tag in found.text.tags]
    aliases = reader.texts(fields.aliases, comma=True)
    date, identifier = reader.date(fields.date), reader.text(fields.id)
    page = Page(
        file=PurePosixPath(reader.file),
        url=address.url,
        slug=reader.text(fields.slug),
        id=identifier,
        title=written_title,
        heading=heading,
        date=date,
        categories=categories,
        aliases=aliases,
    )
    labels = [label for found in texts for label in found.text.labels if settings.has_labels]
    found = place(reader.file, options, page)
    title = written_title or heading or found.title
    former = ["/" + url_path(url) for url in reader.texts(fields.redirects, comma=False) if url_path(url)]
    return ParsedArticle(
        url=found.url,
        path=reader.file,
        line=address.line,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=" ".join(title.split()),
        parts=parts,
        id=identifier,
        date=date or found.date,
        authors=reader.texts(fields.authors, comma=False),
        author_profiles=reader.author_profiles(fields.authors),
        language=reader.language(fields.language) or language_of(parts) or found.language or language,
        based_on=address.based_on,
        subject=reader.label(fields.subject) or next(iter(categories), found.subject),
        keywords=tuple(dict.fromkeys([*keywords, *categories[bool(keywords) :], *tags])),
        aliases=(*aliases, *former, *found.addresses, *labels),
        names=found.names,
        links=(
            *field_links(reader, fields, config.site),
            *_links(reader, texts, config.site, has_labels=settings.has_labels),
            *_tag_links([*keywords, *tags], dialect),
        ),
        no_index=reader.flag(fields.no_index),
    )


def _is_left_out(reader: FieldReader, config: Config, dialect: Dialect) -> bool:
    """Return whether a file is a draft, or is not an article by the rules of its dialect. Report the reason."""
    draft = reader.draft(config.fields.draft)
    is_draft = draft or not dialect.draft_folders.isdisjoint(PurePosixPath(reader.file).parts)
    if is_draft and not config.read.drafts:
        reader.problem(Severity.WARNING, DRAFT, draft, "is a draft; it is left out")
        return True
    reason = dialect.left_out(reader.matter.values)
    if reason:
        reader.problem(Severity.NOTE, LEFT_OUT, None, reason)
    return reason is not None


def _keywords(reader: FieldReader, fields: Fields, dialect: Dialect) -> list[str]:
    """Return the keywords in the front matter. A keyword that is only `#` is left out."""
    written = reader.texts(fields.keywords, comma=True, space=dialect.keywords_end_at_spaces)
    return [keyword.removeprefix(dialect.keyword_prefix) for keyword in written if keyword.strip("# ")]


@dataclass(frozen=True, slots=True)
class _ArticleText:
    """A text of an article, and the place in the file where it was found."""

    text: Text
    field: str | None
    """Name of the front-matter field that has the text; None if it is the text below the front matter."""
    line: int | None
    """Number of the text's first line in the file, from 1. None for a field, since YAML may fold its lines into one."""


def _texts(reader: FieldReader, fields: Fields, dialect: Dialect, settings: ToolSettings) -> list[_ArticleText]:
    """Return the texts of the article."""
    texts: list[_ArticleText] = []
    for part, names in ((PartName.QUESTION, fields.question), (PartName.ANSWER, fields.answer)):
        for name, source in islice(reader.texts_by_name(names), 1):
            # A value that is folded into one line has its line breaks as the two characters "\n". Other values do not.
            text = read_text(part, clean(source if "\n" in source else decode_line_breaks(source)))
            texts.append(_ArticleText(text, name, None))
    below = reader.matter.body
    body = below.strip() if below.replace("&nbsp;", " ").strip() else ""
    if body or not texts:
        first = reader.matter.body_line + below.count("\n", 0, len(below) - len(below.lstrip()))
        extensions = (*dialect.extensions, *dialect.more_extensions(settings))
        is_mdx = _is_mdx(reader, dialect)
        text = read_text(PartName.BODY, clean(body), extensions, is_mdx=is_mdx, indented_code=dialect.indented_code)
        texts.append(_ArticleText(text, None, first))
    return texts


def _links(reader: FieldReader, texts: Iterable[_ArticleText], site: str | None, *, has_labels: bool) -> Iterator[Link]:
    """Yield the links in `texts` that may lead to other articles, in order.

    Report each link whose address has a template expression.

    Args:
        reader: the reader of the article.
        texts: the texts of the article.
        site: web address of the articles, from kg.toml.
        has_labels: whether `#name` can be a label in another article.
    """
    for found in texts:
        for target in found.text.targets:
            line = None if found.line is None else found.line + target.line
            if has_template(target):
                message = "the address of a link has a template expression that kg does not evaluate; it is not read"
                reader.problems.append(Problem(Severity.NOTE, "template-link", reader.file, line, None, message))
            elif link := link_to(_as_label(target, found.text) if has_labels else target, line, site):
                yield replace(link, property=link.property or found.field)


def _as_label(target: Target, text: Text) -> Target:
    """Turn a link to `#name` into a link to the label `name`, unless the text itself has this heading or label."""
    name = target.address.strip().removeprefix("#")
    if target.kind is not LinkKind.PATH or name == target.address.strip() or name in text.labels:
        return target
    part = text.part
    headings = (part.text[one.start : one.end] for one in part.segments if one.kind is SegmentKind.HEADING)
    return target if slug(name) in map(slug, headings) else replace(target, address=name, kind=LinkKind.LABEL)


def _is_mdx(reader: FieldReader, dialect: Dialect) -> bool:
    return reader.file.lower().endswith(".mdx") or dialect.is_mdx(reader.matter.body)


def _tag_links(tags: Iterable[str], dialect: Dialect) -> Iterator[Link]:
    """Yield a link to the article of each tag, if the tool has articles for tags."""
    if dialect.tag_article is not None:
        for tag in dict.fromkeys(tags):
            yield Link(dialect.tag_article(tag), None, None, None, kind=LinkKind.TAG)


def _has_other_content(
    reader: FieldReader, texts: Iterable[_ArticleText], dialect: Dialect, settings: ToolSettings
) -> bool:
    """Return whether a file without text is an article because it has properties, tags or embedded notes.

    A page of MyST whose text is included from another file is an article too, if links can refer to it by a label.
    """
    if settings.has_labels:
        return any(found.text.labels for found in texts)
    if dialect.empty_article is not EmptyArticle.UNWRITTEN:
        return False
    has_properties = any(map(_has_value, reader.matter.values.values()))
    return has_properties or any(found.text.targets or found.text.tags for found in texts)


def _has_value(value: object) -> bool:
    match value:
        case Mapping():
            return any(map(_has_value, value.values()))
        case list():
            return any(map(_has_value, value))
        case str():
            return bool(value.strip())
        case _:
            return False


def _report_empty(reader: FieldReader, fields: Fields, dialect: Dialect, settings: ToolSettings) -> None:
    """Report an article without text.

    The `empty_article` of the dialect decides whether an error, a warning or nothing is reported. An MDX page without
    text consists of components, so it is not reported. A page that a layout or a template tag fills is not reported
    either.
    """
    if _is_mdx(reader, dialect) and reader.matter.body.strip():
        return
    where = next((name for name in fields.answer if name in reader.matter.lines), None)
    match dialect.empty_article:
        case EmptyArticle.UNWRITTEN:
            reader.problem(dialect.missing_severity, EMPTY, where, "the note has no text; it is left out")
        case EmptyArticle.LAYOUT if reader.matter.values or reader.matter.body.strip():
            reader.problem(Severity.NOTE, FILLED, where, "has no text; a layout fills the page")
        case _ if settings.has_layouts and (reader.matter.values or reader.matter.body.strip()):
            pass
        case _:
            reader.problem(Severity.ERROR, EMPTY, where, "the article has no text")


def _has_text(part: Part) -> bool:
    return any(c.isalnum() for segment in part.segments for c in part.text[segment.start : segment.end])


def _heading(texts: Sequence[_ArticleText], allowed: TitleHeading) -> str | None:
    """Return the heading at the beginning of an article's text, or None if there is no allowed heading."""
    text = texts[0].text
    is_allowed = allowed is TitleHeading.ANY_LEVEL or (allowed is TitleHeading.FIRST_LEVEL and text.title_level == 1)
    return text.title if is_allowed else None
