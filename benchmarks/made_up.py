"""Words that nobody has used, and terms of words that nobody has put together."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from corpus_parts import Pool

_ONSETS = "b br c ch d dr f fl g gr k l m n p pl qu r s sh st t th tr v w z".split()
_VOWELS = "a e i o u ea ou".split()
_ENDINGS = "ance ation er ics ide ism ist ity ium or um ure".split()
_STRIDE = 1_000_003
"""Prime to the numbers of onsets, vowels and endings, so that words that follow each other do not look alike."""

_KEPT = 50_000
"""Uses of made-up terms that are remembered of a subject; later ones replace earlier ones at random."""

Words = tuple[str, ...]


def made_up_word(number: int) -> str:
    """A word that can be pronounced, a different one for every number."""
    syllables, ends = len(_ONSETS) * len(_VOWELS), len(_ONSETS) * len(_ENDINGS)
    size = 1
    while number >= syllables**size * ends:
        number -= syllables**size * ends
        size += 1
    number, end = divmod(number * _STRIDE % (syllables**size * ends), ends)
    word = ""
    for _ in range(size):
        number, syllable = divmod(number, syllables)
        word += _ONSETS[syllable % len(_ONSETS)] + _VOWELS[syllable // len(_ONSETS)]
    return word + _ONSETS[end % len(_ONSETS)] + _ENDINGS[end // len(_ONSETS)]


class Inventor:
    """Makes terms up, and says again those that it has made up: the more often, the likelier (Simon 1955).

    Args:
        pool: the words that are known.
        choice: where randomness comes from.
    """

    def __init__(self, pool: Pool, choice: random.Random) -> None:
        self.words = 0
        """Words that were made up."""
        self._pool = pool
        self._choice = choice
        self._used: dict[str, list[Words]] = defaultdict(list)

    def make(self, run: Words, subject: str, within: str, *, of_new_word: bool) -> Words:
        """A term as long as `run` that differs from it in one word.

        Args:
            run: the words that it stands for in a text, two or more.
            subject: the source's subject, whose words are taken.
            within: the subject in which it is used again.
            of_new_word: make a word up too.
        """
        place = self._choice.randrange(len(run))
        if of_new_word:
            self.words += 1
            new = (*run[:place], made_up_word(self.words), *run[place + 1 :])
        else:
            known = self._pool.heads[subject] if place == len(run) - 1 else self._pool.modifiers[subject]
            new = (*run[:place], self._choice.choice(known), *run[place + 1 :])
        self._remember(new, within)
        return new

    def again(self, within: str) -> Words | None:
        """A term that was made up before, if there is one."""
        used = self._used[within]
        if not used:
            return None
        term = self._choice.choice(used)
        self._remember(term, within)
        return term

    def _remember(self, term: Words, within: str) -> None:
        used: list[Words] = self._used[within]
        if len(used) < _KEPT:
            used.append(term)
        else:
            used[self._choice.randrange(_KEPT)] = term


def capitalised(words: Sequence[str], like: str) -> str:
    """The words as a text, with a capital letter where `like` begins with one."""
    text = " ".join(words)
    return text[0].upper() + text[1:] if like[:1].isupper() else text
