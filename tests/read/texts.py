"""Markdown read as a dialect reads it."""

from kg.base.model import PartName
from kg.read.dialects.registry import dialects, get_dialect
from kg.read.markdown import Text, read_text

NAMES = [dialect.name for dialect in dialects()]


def read(source: str, name: str) -> Text:
    """Read a body as the dialect called `name`."""
    return read_text(PartName.BODY, source, get_dialect(name).extensions)


def published(source: str, name: str) -> str:
    return read(source, name).part.text


def targets(source: str, name: str = "plain") -> list[tuple[str, str, str | None, int]]:
    """The address, kind, title and line of each link."""
    return [(t.address, t.kind.value, t.title, t.line) for t in read(source, name).targets]


def segments(source: str, name: str) -> list[tuple[str, str]]:
    """The kind and the text of each segment that has words, without the line breaks around it."""
    part = read(source, name).part
    texts = [(segment.kind.value, part.text[segment.start : segment.end]) for segment in part.segments]
    return [(kind, text.strip("\n")) for kind, text in texts if text.strip()]
