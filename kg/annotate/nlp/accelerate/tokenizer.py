"""spaCy's tokenizer with a cache that is filled for every text.

Most of the tokenizer's work is to split chunks, which are stretches of text between spaces, into tokens. It can cache
the tokens of a chunk. But it does not do so inside a memory zone, nor in a text after the first special case (such as
"isn't" or "e.g."), and most articles contain a special case.
"""

from __future__ import annotations

from typing import Final

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

MAX_CHUNKS: Final = 1 << 17
"""Maximum number of chunks in the cache."""
_MAX_CHUNK_LENGTH: Final = 40
"""Maximum length of a cached chunk in characters. Longer chunks are rarely repeated."""


class CachingTokenizer:
    """Splits a text into the same tokens as `tokenizer`.

    Before it splits the text, it splits each new chunk of the text by itself, so that `tokenizer` caches the
    chunk's tokens.
    """

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
