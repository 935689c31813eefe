"""The data types of the statements that are extracted from sentences: hypernym pairs and definitions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pattern(StrEnum):
    """The wording of a sentence that states a hypernym pair or a definition of a term X."""

    TYPE_OF = "type of"
    """The sentence has the form "X is a type of Y"."""
    IS_A = "is a"
    """The sentence has the form "X is a Y that ..."."""
    IS_THE = "is the"
    """The sentence has the form "X is the Y of ..." or "X is a Y of ...".

    It gives a definition of X, but no hypernym pair.
    """
    ARE = "are"
    """The sentence has the form "X are Y that ..."."""
    REFERS_TO = "refers to"
    """The sentence has the form "X refers to ...", "X means ..." or "X is defined as ...".

    It gives a definition of X, but no hypernym pair.
    """
    SUCH_AS = "such as"
    """The sentence contains the form "Y such as X"."""
    AND_OTHER = "and other"
    """The sentence contains the form "X and other Y"."""
    INCLUDING = "including"
    """The sentence contains the form "Y, including X"."""


@dataclass(frozen=True, slots=True)
class HypernymPair:
    """Two terms, `narrower` and `broader`. A sentence states that the first is a kind of the second.

    Both terms are given as the normal forms (singular, lower case) of whole noun phrases.
    """

    pattern: Pattern
    narrower: str
    broader: str
    part: int
    """Index of the part of the article (question, answer or body) that contains the sentence."""
    start: int
    """Offset of the beginning of the sentence in the published text of the part of the article."""
    end: int
    """Offset of the end of the sentence in the published text of the part of the article."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence that defines `term`."""

    pattern: Pattern
    term: str
    """The defined term, as the normal form (singular, lower case) of a whole noun phrase."""
    position: int
    """Number of sentences that precede the definition in the same part of the article."""
    words: int
    """Number of tokens from the defined term to the end of the sentence."""
    bare: bool
    """Whether there is no "the" before the term. "a graph" and "graphs" mean any graph, "the graph" a certain graph."""
    part: int
    """Index of the part of the article (question, answer or body) that contains the definition."""
    start: int
    """Offset of the beginning of the definition in the published text of the part of the article."""
    end: int
    """Offset of the end of the definition in the published text of the part of the article."""
