"""The types of the statements that are extracted from sentences: hypernym pairs and definitions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pattern(StrEnum):
    """The wordings by which a sentence states that X is a Y."""

    TYPE_OF = "type of"
    """X is a type of Y."""
    IS_A = "is a"
    """X is a Y that ..."""
    IS_THE = "is the"
    """X is the Y of ...; this gives a definition, but no hypernym pair."""
    ARE = "are"
    """X are Y that ..."""
    REFERS_TO = "refers to"
    """X refers to ..., X means ..., X is defined as ...; this gives only a definition."""
    SUCH_AS = "such as"
    """The sentence has the form "Y such as X"."""
    AND_OTHER = "and other"
    """X and other Y."""
    INCLUDING = "including"
    """Y, including X."""


@dataclass(frozen=True, slots=True)
class HypernymPair:
    """Two terms, `narrower` and `broader`: a sentence states that the first is a kind of the second.

    Both are normal forms of whole noun phrases.
    """

    pattern: Pattern
    narrower: str
    broader: str
    part: int
    """Index of the part of the article that contains the sentence."""
    start: int
    """Offset of the sentence's beginning in the part's published text."""
    end: int
    """Offset of the sentence's end in the part's published text."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that defines `term`."""

    pattern: Pattern
    term: str
    """The defined term: the normal form of a whole noun phrase."""
    position: int
    """Number of sentences that precede the definition in its part of the article."""
    words: int
    """Number of tokens of the definition."""
    bare: bool
    """Whether the term means a thing in general: it has "a", "an" or nothing before it, but not "the"."""
    part: int
    """Index of the part of the article that contains the sentence."""
    start: int
    """Offset of the definition's beginning in the part's published text."""
    end: int
    """Offset of the definition's end in the part's published text."""
