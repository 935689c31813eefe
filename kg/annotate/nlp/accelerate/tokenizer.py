"""spaCy's tokenizer with a cache that is filled for every text.

spaCy's tokenizer can keep how it cut what stands between two spaces, but it does so neither inside a memory zone nor in
what follows the first special case of a text ("isn't", "e.g."), which most articles have. Cutting is most of its work.
"""

from __future__ import annotations

from typing import Final

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

MAX_CHUNKS: Final = 1 << 17
"""Chunks that are kept."""
_LONGEST: Final = 40
"""Characters of a chunk that is kept: a longer one is rarely repeated."""


class CachingTokenizer:
    """Cuts a text as `tokenizer` does, after it has cut each new chunk of the text by itself, so that it is cached.

    A chunk is what stands between two spaces.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.max_cache_size = MAX_CHUNKS
        self._tokenizer = tokenizer
        self._known: set[str] = set()

    def __call__(self, text: str) -> Doc:
        """Return the tokens of a text."""
        if len(self._known) < MAX_CHUNKS and not self._tokenizer.vocab.in_memory_zone:
            new = {chunk for chunk in set(text.split()) - self._known if len(chunk) <= _LONGEST}
            self._known |= new
            for chunk in sorted(new):
                self._tokenizer(chunk)
        doc: Doc = self._tokenizer(text)
        return doc
