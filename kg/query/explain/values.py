"""Value types of an explanation: it has sections, a section has findings, and a finding has quotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.graph.index import FocusKind
from kg.graph.passages import Piece
from kg.render.html import render


@dataclass(frozen=True, slots=True)
class End:
    """One end of an explanation; `key` is an article's url or a concept's slug."""

    kind: FocusKind
    key: str
    label: str
    iri: str
    address: str | None = None
    """The web address of an article, if it is known."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON data."""
        return {"kind": self.kind.value, "key": self.key, "label": self.label, "iri": self.iri}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article; `start` and `end` are code points of its part, `pieces` the excerpt to show."""

    article: str
    title: str
    address: str | None
    """The web address of the article, if it is known."""
    part: str
    start: int
    end: int
    pieces: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON data; `marks` are pairs of start and end in code points of the excerpt."""
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
    """One reason: a line of text, the numbers behind it, and the sentences that prove it."""

    says: str
    facts: dict[str, Any]
    quotes: tuple[Quote, ...] = ()
    measures: str = ""
    """The facts as text for a reader, shown below `says`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON data."""
        return {"says": self.says, "facts": self.facts, "quotes": [quote.to_dict() for quote in self.quotes]}


@dataclass(frozen=True, slots=True)
class Section:
    """Reasons of one kind, best first; `total` is their number before the limit was applied."""

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
    """The connection of `a` and `b`; if they are not connected, the sections list the nearest relations."""

    a: End
    b: End
    connected: bool
    summary: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())
    """Notes about other possible meanings of the names."""

    @property
    def ends(self) -> dict[str, End]:
        """The two ends by their letters, A and B."""
        return {"A": self.a, "B": self.b}

    def origin(self, finding: Finding, quote: Quote) -> str:
        """Return the source of a quote: "A" or "B" if it is that end, else the title unless `finding` ends with it."""
        for letter, end in self.ends.items():
            if end.kind is FocusKind.ARTICLE and end.key == quote.article:
                return letter
        return "" if finding.says.endswith(quote.title) else quote.title

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON data, as printed by `kg explain --json`."""
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
