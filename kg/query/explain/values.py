"""The data types of explanations: an explanation has sections, a section has findings, and a finding has quotes.

An explanation also has the best paths between its two ends; a path has steps, and a step has quotes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.base.plural import counted
from kg.base.terminal_text import printable
from kg.graph.best_paths import MOST_STEPS
from kg.graph.passages import Piece
from kg.graph.rows import FocusKind, NeighbourKind
from kg.query.explain.text import explanation_lines, path_lines
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

    def origin(self, ends: Mapping[str, End], says: str) -> str:
        """Return a text that tells the reader which article the quote is from.

        If it is one of the articles in `ends`, the text is the key of this article there, "A" or "B". Otherwise it is
        the title of the quoted article, or empty if `says`, which the quote proves, already ends with this title.
        """
        for letter, end in ends.items():
            if end.kind is FocusKind.ARTICLE and end.key == self.article:
                return letter
        return "" if says.endswith(self.title) else self.title

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


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path, from one article or concept to the next.

    `kind` tells what the next one is for the one before, for example a broader concept. `weight` is in (0, 1], see
    `kg.graph.best_paths`. `says` is the step as a line of text, `facts` has the data on which it is based, and `quotes`
    has the sentence that proves it, if there is one.
    """

    kind: NeighbourKind
    weight: float
    says: str
    facts: dict[str, Any]
    quotes: tuple[Quote, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the step as data that can be written as JSON."""
        return {
            "kind": self.kind.value,
            "weight": round(self.weight, 4),
            "says": self.says,
            "facts": self.facts,
            "quotes": [quote.to_dict() for quote in self.quotes],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Path:
    """A path between two articles or concepts: the nodes on it, which are n, and the n - 1 steps between them."""

    nodes: tuple[End, ...]
    steps: tuple[Step, ...]

    @property
    def weight(self) -> float:
        """The weight of the path, in (0, 1]: the product of the weights of its steps."""
        return math.prod(step.weight for step in self.steps)

    @property
    def says(self) -> str:
        """The titles of the articles and the labels of the concepts on the path, as a line of text."""
        return " – ".join(f'"{end.label}"' if end.kind is FocusKind.CONCEPT else end.label for end in self.nodes)

    @property
    def measures(self) -> str:
        """The number of steps and the weight, as a line of text."""
        return f"{counted(len(self.steps), 'step')}, weight {self.weight:.4f}"

    def to_dict(self) -> dict[str, Any]:
        """Return the path as data that can be written as JSON."""
        return {
            "weight": round(self.weight, 4),
            "nodes": [end.to_dict() for end in self.nodes],
            "steps": [step.to_dict() for step in self.steps],
        }

    def __repr__(self) -> str:
        return f"<Path {printable(self.says)}: {self.measures}>"


@dataclass(frozen=True, slots=True, repr=False)
class Paths:
    """The best paths between the articles or concepts `a` and `b`, the best first.

    It is also a sequence: `len` returns the number of paths, and `paths[0]` is the best one.
    """

    a: End
    b: End
    paths: tuple[Path, ...]

    @property
    def ends(self) -> dict[str, End]:
        """The two articles or concepts that the paths connect; the keys are the letters A and B."""
        return {"A": self.a, "B": self.b}

    @property
    def title(self) -> str:
        """The heading under which the paths are shown."""
        return "Best paths, by the product of the weights of their steps"

    @property
    def summary(self) -> str:
        """One sentence that tells how many paths there are, or that there is none."""
        if not self.paths:
            return f"No path of at most {MOST_STEPS} steps connects A with B."
        return f"The best of {counted(len(self.paths), 'path')} has {self.paths[0].measures}."

    def to_dict(self) -> dict[str, Any]:
        """Return the paths as data that can be written as JSON."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "summary": self.summary,
            "paths": [path.to_dict() for path in self.paths],
        }

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, number: int) -> Path:
        return self.paths[number]

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    def __repr__(self) -> str:
        return f"<Paths {self.a.label!r}, {self.b.label!r}: {printable(self.summary)}>"

    def __str__(self) -> str:
        return "\n".join(path_lines(self))

    def _repr_html_(self) -> str:
        return render("explanation.html.j2", explanation=None, paths=self, headed=True)


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The explanation of how the articles or concepts `a` and `b` are connected.

    If they are not connected, the sections show the nearest indirect connections, such as a concept that shares
    articles with both. `paths` has the best paths between them, whether they are connected or not.
    """

    a: End
    b: End
    connected: bool
    summary: str
    sections: tuple[Section, ...]
    paths: Paths
    notes: tuple[str, ...] = field(default=())
    """Notes about other articles or concepts that the names given by the user could mean."""

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as data that can be written as JSON; `kg explain --json` prints this data."""
        return {
            "a": self.a.to_dict(),
            "b": self.b.to_dict(),
            "connected": self.connected,
            "summary": self.summary,
            "sections": [section.to_dict() for section in self.sections],
            "paths": [path.to_dict() for path in self.paths],
            "notes": list(self.notes),
        }

    @property
    def ends(self) -> dict[str, End]:
        """The two articles or concepts whose connection is explained; the keys are the letters A and B."""
        return self.paths.ends

    def __repr__(self) -> str:
        return f"<Explanation {self.a.label!r}, {self.b.label!r}: {printable(self.summary)}>"

    def __str__(self) -> str:
        return "\n".join(explanation_lines(self))

    def _repr_html_(self) -> str:
        return render("explanation.html.j2", explanation=self, paths=self.paths, headed=True)
