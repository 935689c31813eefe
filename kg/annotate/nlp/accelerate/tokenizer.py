"""spaCy's tokenizer with a cache that is filled for every text.

spaCy's tokenizer can cache the tokens of a chunk, a stretch of text between spaces. It does so neither inside a memory
zone nor after the first special case of a text ("isn't", "e.g."), which most articles have. Splitting chunks is most of
its work.
"""

from __future__ import annotations

from typing import Final

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

MAX_CHUNKS: Final = 1 << 17
"""Chunks kept in the cache."""
_MAX_CHUNK_LENGTH: Final = 40
"""Characters of a cached chunk; longer ones are rarely repeated."""


class CachingTokenizer:
    """Tokenizes a text as `tokenizer` does, after caching each new chunk of the text by tokenizing it alone."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.max_cache_size = MAX_CHUNKS
        self._tokenizer = tokenizer
        self._known: set[str] = set()

    def __call__(self, text: str) -> Doc:
        """Return the tokens of a text."""
        if len(self._known) < MAX_CHUNKS and not self._tokenizer.vocab.in_memory_zone:
            new = {chunk for chunk in set(text.split()) - self._known if len(chunk) <= _MAX_CHUNK_LENGTH}
            self._known |= new
            for chunk in sorted(new):
                self._tokenizer(chunk)
        doc: Doc = self._tokenizer(text)
        return doc
