"""The statements of a sentence: hypernym pairs and definitions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pattern(StrEnum):
    """The words that state in a sentence that X is a Y."""

    TYPE_OF = "type of"
    """X is a type of Y."""
    IS_A = "is a"
    """X is a Y that ..."""
    IS_THE = "is the"
    """X is the Y of ...: a definition, but no hypernym."""
    ARE = "are"
    """X are Y that ..."""
    REFERS_TO = "refers to"
    """X refers to, means, is defined as ...: a definition."""
    SUCH_AS = "such as"
    """Y such as X."""
    AND_OTHER = "and other"
    """X and other Y."""
    INCLUDING = "including"
    """Y, including X."""


@dataclass(frozen=True, slots=True)
class HypernymPair:
    """A sentence states that `narrower` is a kind of `broader`; both are normal forms of whole noun phrases."""

    pattern: Pattern
    narrower: str
    broader: str
    part: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that defines `term`: it has `words` words and is number `position` of its part, from 0."""

    pattern: Pattern
    term: str
    position: int
    words: int
    bare: bool
    """Whether the term has no article before it, or an indefinite one."""
    part: int
    start: int
    end: int
