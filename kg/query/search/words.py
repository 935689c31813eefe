"""The words of a query: which of them the index has, and which others are meant by the rest."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from typing import Final

from kg.base.errors import UsageError
from kg.export.search_index import LONGEST_WORD
from kg.graph.spelling import within_distance
from kg.query.search.database import Database

MOST_WORDS: Final = 64
"""Maximum number of different words of a query."""

_WORD: Final = re.compile(r"[^\W_]+")
_COMPLETIONS: Final = 20
_SHORTEST_PREFIX: Final = 2
_SHORTEST_CORRECTED: Final = 3
_TWO_EDITS: Final = 6
"""Length of the shortest word in which two edits are corrected. In shorter words, it is one."""


@dataclass(frozen=True, slots=True)
class QueryWords:
    """The words of a query, in lower case and without repetitions."""

    words: tuple[str, ...]
    """The words that are searched, after correction."""
    distinctive: tuple[str, ...]
    """The words in `words` that at most half of the articles have; all of `words` if there are none."""
    completions: tuple[str, ...]
    """The commonest words that begin with the last word, if that is the last of `distinctive`."""
    expansions: tuple[str, ...]
    """The same words, if no text has the last word itself, so that they replace it; otherwise, there are none."""
    corrections: dict[str, str]
    """Similar words for words that no text has; the keys are the words of the query."""
    unknown: tuple[str, ...]
    """Words of the query that no text has, and that are similar to no other word."""


class WordIndex:
    """The words of all articles and labels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def _counts(self) -> dict[str, int]:
        """The number of articles and concepts that have each word; the words are sorted."""
        return dict(self._database.rows("SELECT word, texts FROM word ORDER BY rowid"))

    @cached_property
    def _sorted(self) -> list[str]:
        return [*self._counts]

    @cached_property
    def _stems(self) -> dict[str, int]:
        """The number of articles that have each stem."""
        return dict(self._database.rows("SELECT stem, articles FROM stem"))

    @cached_property
    def _of_length(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for word in self._counts:
            found[len(word)].append(word)
        return found

    @cached_property
    def _articles(self) -> int:
        count: int = self._database.one("SELECT count(*) FROM article")
        return count

    def read(self, text: str) -> QueryWords:
        """Return the words of a query; the quotes and operators of FTS5 have no meaning in it.

        The last word may be the beginning of a word. Any other word that the index does not have is replaced by the
        most similar word that it has.

        Raises:
            UsageError: if the query has no word, or too many.
        """
        typed = tuple(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", text).lower())))
        if not typed:
            raise UsageError("there is nothing to search for: give at least one word")
        if len(typed) > MOST_WORDS:
            raise UsageError(f"a search can have {MOST_WORDS} different words, and this one has {len(typed):,}")
        completions = self._completions(typed[-1])
        words: dict[str, None] = {}
        corrections: dict[str, str] = {}
        unknown: list[str] = []
        for word in typed:
            if self._is_known(word) or (word == typed[-1] and completions):
                words[word] = None
            elif meant := self._corrected(word):
                corrections[word] = " ".join(meant)
                words |= dict.fromkeys(meant)
            else:
                unknown.append(word)
        rare = [word for word in words if 2 * self._count(word) <= self._articles] if len(words) > 1 else ()
        distinctive = tuple(rare or words)
        if distinctive[-1:] != typed[-1:]:
            completions = ()
        expansions = () if self._is_known(typed[-1]) else completions
        return QueryWords(tuple(words), distinctive, completions, expansions, corrections, tuple(unknown))

    def weights(self, stems: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each stem, which is above 0 even if all articles have the stem."""
        return {stem: math.log((self._articles + 2) / self._stems.get(stem, 1)) for stem in stems}

    def _is_known(self, word: str) -> bool:
        return any(
            self._database.one(f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1", any_of([word])) is not None
            for table in ("article_text", "concept_label")
        )

    def _count(self, word: str) -> int:
        """Return the number of articles that have a word, in any form."""
        count: int = self._database.one("SELECT count(*) FROM article_text WHERE article_text MATCH ?", any_of([word]))
        return count

    def _completions(self, word: str) -> tuple[str, ...]:
        if not _SHORTEST_PREFIX <= len(word) <= LONGEST_WORD:
            return ()
        first, last = bisect_right(self._sorted, word), bisect_left(self._sorted, f"{word}\U0010ffff")
        return tuple(nsmallest(_COMPLETIONS, self._sorted[first:last], key=lambda other: (-self._counts[other], other)))

    def _corrected(self, word: str) -> tuple[str, ...]:
        """Return the words of the index that `word` probably means; there are none if it is similar to no word.

        It is the most similar word; of equally similar ones, the commonest. If there is none, it is two words that were
        written as one. Numbers, and words with a digit, are not corrected.
        """
        if not _SHORTEST_CORRECTED <= len(word) <= LONGEST_WORD or not word.isalpha():
            return ()
        counts = self._counts
        edits = 1 if len(word) < _TWO_EDITS else 2
        lengths = range(len(word) - edits, len(word) + edits + 1)
        if near := within_distance(word, [one for length in lengths for one in self._of_length[length]], edits):
            best, _ = min(near, key=lambda found: (found[1], found[0][0] != word[0], -counts[found[0]], found[0]))
            return (best,)
        cuts = range(_SHORTEST_CORRECTED, len(word) - _SHORTEST_CORRECTED + 1)
        pairs = [(word[:cut], word[cut:]) for cut in cuts if word[:cut] in counts and word[cut:] in counts]
        return max(pairs, key=lambda pair: min(map(counts.__getitem__, pair)), default=())


def any_of(words: Iterable[str]) -> str:
    """Return a query in the syntax of FTS5 for texts that have at least one of these words."""
    return " OR ".join(f'"{word}"' for word in words)


def all_of(groups: Iterable[Iterable[str]]) -> str:
    """Return a query in the syntax of FTS5 for texts that have at least one word of each group."""
    return " AND ".join(f"({any_of(group)})" for group in groups)
