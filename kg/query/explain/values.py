"""Why two things of the graph are connected, as values: an explanation has sections, these findings, these quotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.graph.index import FocusKind
from kg.graph.passages import Piece


@dataclass(frozen=True, slots=True)
class End:
    """One of the two things; `key` is an article's url or a concept's slug."""

    kind: FocusKind
    key: str
    label: str
    iri: str
    address: str | None = None
    """Where an article is on the web, if it is known."""

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"kind": self.kind.value, "key": self.key, "label": self.label, "iri": self.iri}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article; `start` and `end` are code points of its part, and `pieces` what is shown of it."""

    article: str
    title: str
    address: str | None
    """Where the article is on the web, if it is known."""
    part: str
    start: int
    end: int
    pieces: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON; a mark is a start and an end in code points of what is shown."""
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
    """One reason: what it says in a line, the numbers behind it, and the sentences that prove it."""

    says: str
    facts: dict[str, Any]
    quotes: tuple[Quote, ...] = ()
    measures: str = ""
    """What a person reads of the facts, below what is said."""

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"says": self.says, "facts": self.facts, "quotes": [quote.to_dict() for quote in self.quotes]}


@dataclass(frozen=True, slots=True)
class Section:
    """Reasons of one kind, best first; `total` where there are more than are given."""

    kind: str
    title: str
    total: int
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """As it stands in JSON."""
        findings = [finding.to_dict() for finding in self.findings]
        return {"kind": self.kind, "title": self.title, "total": self.total, "findings": findings}


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """Why `a` and `b` are connected; where they are not, the sections say what comes nearest."""

    a: End
    b: End
    connected: bool
    summary: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())
    """What else one of the names could have meant."""

    @property
    def ends(self) -> dict[str, End]:
        """The two things by the letter that stands for them."""
        return {"A": self.a, "B": self.b}

    def origin(self, finding: Finding, quote: Quote) -> str:
        """Where a quote is from: "A" or "B" where that is the article, else its title, unless that was just said."""
        for letter, end in self.ends.items():
            if end.kind is FocusKind.ARTICLE and end.key == quote.article:
                return letter
        return "" if finding.says.endswith(quote.title) else quote.title

    def to_dict(self) -> dict[str, Any]:
        """As `kg explain --json` prints it."""
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
        from kg.query.explain.page import render_fragment

        return render_fragment(self)
