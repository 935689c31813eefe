"""spaCy's tokenizer, with what it learns of words kept from one text to the next.

It can keep how it cut what stands between two spaces, but does so neither inside a memory zone nor in what follows
the first special case of a text ("isn't", "e.g."), which most articles have. Cutting is most of its work.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Final

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

MOST_WORDS: Final = 1 << 16
"""Words of a vocabulary, some 30 MB with their `MOST_CHUNKS`; a corpus of three million tokens has half as many."""
MOST_CHUNKS: Final = 1 << 17
_LONGEST: Final = 40
"""Characters of what is kept: what is longer hardly comes again."""


class LearningTokenizer:
    """Cuts a text exactly as `tokenizer` does, and what is new in it once by itself before that, so that it is kept."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.max_cache_size = MOST_CHUNKS
        self._tokenizer = tokenizer
        self._known: set[str] = set()

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        if len(self._known) < MOST_CHUNKS and not self._tokenizer.vocab.in_memory_zone:
            new = {chunk for chunk in set(text.split()) - self._known if len(chunk) <= _LONGEST}
            self._known |= new
            for chunk in sorted(new):
                self._tokenizer(chunk)
        doc: Doc = self._tokenizer(text)
        return doc


def bounded_memory(pipeline: Language) -> AbstractContextManager[object]:
    """Forget the words of a batch of texts after it, once many are known: a common word is known by then."""
    return pipeline.memory_zone() if len(pipeline.vocab) > MOST_WORDS else nullcontext()
