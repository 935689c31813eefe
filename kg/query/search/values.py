"""The answer to a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.graph.passages import Piece
from kg.graph.rows import FocusKind


@dataclass(frozen=True, slots=True)
class Hit:
    """An article or a concept that a search has found."""

    kind: FocusKind
    label: str
    """The title of the article, or the preferred label of the concept."""
    key: str
    """The url of the article, or the slug of the concept."""
    iri: str
    score: float
    """The fit to the query, from 0 to 1; see `kg.query.search`."""
    pieces: tuple[Piece, ...]
    """A sentence that shows why, divided so that the words can be highlighted. It is empty if no sentence has them."""
    article: str | None
    """The url of the article that has the sentence; None if there is no sentence."""

    @property
    def sentence(self) -> str:
        """The sentence as plain text."""
        return "".join(piece.text for piece in self.pieces)

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as a dictionary for JSON, in which `marks` has the start and end of each highlighted piece.

        The offsets are counted in code points of `sentence`, and the end is exclusive.
        """
        marks, end = [], 0
        for piece in self.pieces:
            start, end = end, end + len(piece.text)
            if piece.marked:
                marks.append([start, end])
        return {
            "kind": self.kind.value,
            "label": self.label,
            "key": self.key,
            "iri": self.iri,
            "score": self.score,
            "sentence": self.sentence,
            "marks": marks,
            "article": self.article,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a search, best first, and how the words of the query were understood."""

    query: str
    corrections: Mapping[str, str]
    """Words that no article and no label has, and the similar words that were searched instead."""
    unknown: tuple[str, ...]
    """Words that no article and no label has, and that are similar to no other word."""
    hits: tuple[Hit, ...]
    near: tuple[str, ...]
    """If there is no hit: names of articles and concepts that are similar to the query."""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as a dictionary for JSON."""
        return {
            "query": self.query,
            "corrections": dict(self.corrections),
            "unknown": list(self.unknown),
            "near": list(self.near),
            "hits": [hit.to_dict() for hit in self.hits],
        }
