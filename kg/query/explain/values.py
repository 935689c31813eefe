"""The data types of explanations: an explanation has sections, a section has findings, and a finding has quotes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.graph.passages import Piece
from kg.graph.rows import FocusKind
from kg.render.html import render


@dataclass(frozen=True, slots=True)
class End:
    """One of the two articles or concepts whose connection is explained.

    `key` is the url of an article, or the slug of a concept. `label` is the title or the preferred label.
    """

    kind: FocusKind
    key: str
    label: str
    iri: str
    address: str | None = None
    """The web address of an article, if it is known; None for a concept."""

    def to_dict(self) -> dict[str, Any]:
        """Return the article or concept as data that can be written as JSON."""
        return {"kind": self.kind.value, "key": self.key, "label": self.label, "iri": self.iri}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article that is quoted as proof.

    `part` is the name of the part of the article that has the sentence (question, answer or body). `start` and `end`
    are the offsets of the sentence in the text of this part, in code points. `pieces` is the text to show, which may be
    shortened; the concepts in it are marked.
    """

    article: str
    title: str
    address: str | None
    """The web address of the quoted article, or None if it is not known."""
    part: str
    start: int
    end: int
    pieces: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the quote as data that can be written as JSON.

        "text" is the text to show. "marks" has the start and the end of each marked range of this text, in code points.
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
    """One reason why two articles or concepts are connected.

    `says` is the reason as a line of text, `facts` has the data on which the reason is based, and `quotes` has the
    sentences that prove it.
    """

    says: str
    facts: dict[str, Any]
    quotes: tuple[Quote, ...] = ()
    measures: str = ""
    """The most important facts as text, which is shown to the reader below `says`."""

    def to_dict(self) -> dict[str, Any]:
        """Return the reason as data that can be written as JSON."""
        return {"says": self.says, "facts": self.facts, "quotes": [quote.to_dict() for quote in self.quotes]}


@dataclass(frozen=True, slots=True)
class Section:
    """The section of an explanation that has the reasons of one kind, the best first.

    `findings` has at most as many reasons as the user asked for; `total` is the number of all reasons of this kind.
    """

    kind: str
    title: str
    total: int
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the section as data that can be written as JSON."""
        findings = [finding.to_dict() for finding in self.findings]
        return {"kind": self.kind, "title": self.title, "total": self.total, "findings": findings}


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The explanation of how the articles or concepts `a` and `b` are connected.

    If they are not connected, the sections show the nearest indirect connections, such as a concept that shares
    articles with both.
    """

    a: End
    b: End
    connected: bool
    summary: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())
    """Notes about other articles or concepts that the names given by the user could mean."""

    @property
    def ends(self) -> dict[str, End]:
        """The two articles or concepts whose connection is explained; the keys are the letters A and B."""
        return {"A": self.a, "B": self.b}

    def origin(self, finding: Finding, quote: Quote) -> str:
        """Return a text that tells the reader which article a quote is from.

        If it is one of the two articles whose connection is explained, the text is the letter "A" or "B". Otherwise it
        is the title of the quoted article, or empty if the text of `finding` already ends with this title.
        """
        for letter, end in self.ends.items():
            if end.kind is FocusKind.ARTICLE and end.key == quote.article:
                return letter
        return "" if finding.says.endswith(quote.title) else quote.title

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as data that can be written as JSON; `kg explain --json` prints this data."""
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
