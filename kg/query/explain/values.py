"""The data types of explanations: an explanation has sections, a section has findings, and a finding has quotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.graph.index import FocusKind
from kg.graph.passages import Piece
from kg.render.html import render


@dataclass(frozen=True, slots=True)
class End:
    """One of the two things that an explanation is about; `key` is the url of an article, or the slug of a concept."""

    kind: FocusKind
    key: str
    label: str
    iri: str
    address: str | None = None
    """The web address, if this is an article and the address is known."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON data."""
        return {"kind": self.kind.value, "key": self.key, "label": self.label, "iri": self.iri}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted sentence of an article.

    `start` and `end` are its place in the text of the part, in code points. `pieces` is the text to show.
    """

    article: str
    title: str
    address: str | None
    """The web address of the article, if it is known."""
    part: str
    start: int
    end: int
    pieces: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the quote as JSON data.

        "text" is the text to show. "marks" has the start and end of each marked place in it, in code points.
        """
        marks, at = [], 0
        for piece in self.pieces:
            if piece.marked:
                marks.append([at, at + len(piece.text)])
            at += len(piece.text)
        return {
            "article": self.article,
            "title": self.title,
            "part": self.part,
            "start": self.start,
            "end": self.end,
            "text": "".join(piece.text for piece in self.pieces),
            "marks": marks,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why two things are connected.

    `says` is the reason as a line of text, `facts` has the data on which it is based, and `quotes` has the sentences
    that prove it.
    """

    says: str
    facts: dict[str, Any]
    quotes: tuple[Quote, ...] = ()
    measures: str = ""
    """The most important facts as text, which is shown to the reader below `says`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON data."""
        return {"says": self.says, "facts": self.facts, "quotes": [quote.to_dict() for quote in self.quotes]}


@dataclass(frozen=True, slots=True)
class Section:
    """The reasons of one kind, the best first; `total` counts also those that the limit leaves out."""

    kind: str
    title: str
    total: int
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON data."""
        findings = [finding.to_dict() for finding in self.findings]
        return {"kind": self.kind, "title": self.title, "total": self.total, "findings": findings}


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The explanation of how `a` and `b` are connected.

    If they are not connected, the sections say how near they are to each other.
    """

    a: End
    b: End
    connected: bool
    summary: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())
    """Notes about what else the given names could mean."""

    @property
    def ends(self) -> dict[str, End]:
        """The two things that the explanation is about; the keys are the letters A and B."""
        return {"A": self.a, "B": self.b}

    def origin(self, finding: Finding, quote: Quote) -> str:
        """Return the source of a quote as text for the reader.

        For a quote from one of the two articles that are explained, this is the letter "A" or "B". Otherwise it is the
        title of the quoted article, or an empty text if the text of `finding` already ends with this title.
        """
        for letter, end in self.ends.items():
            if end.kind is FocusKind.ARTICLE and end.key == quote.article:
                return letter
        return "" if finding.says.endswith(quote.title) else quote.title

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON data, as `kg explain --json` prints it."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "connected": self.connected,
            "summary": self.summary,
            "sections": [section.to_dict() for section in self.sections],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        return f"<Explanation {self.a.label!r}, {self.b.label!r}: {self.summary}>"

    def _repr_html_(self) -> str:
        return render("explanation.html.j2", explanation=self, headed=True)
