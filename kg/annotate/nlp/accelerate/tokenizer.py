"""spaCy's tokenizer, made faster: its cache is filled with the words of every text before it splits the text.

Most of the tokenizer's work is to split chunks, the pieces of text between spaces, into tokens. The tokenizer can cache
the tokens of a chunk. But it adds nothing to the cache inside a memory zone of spaCy, nor in a text after the first
special case (such as "isn't" or "e.g."), and most articles contain a special case.
"""

from __future__ import annotations

from typing import Final

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

MAX_CHUNKS: Final = 1 << 17
"""Maximum number of chunks (pieces of text between spaces) whose tokens are cached."""
_MAX_CHUNK_LENGTH: Final = 40
"""Maximum number of characters of a chunk (piece of text between spaces) whose tokens are cached.

Longer chunks rarely occur again.
"""


class CachingTokenizer:
    """Tokenizer that gives the same tokens as the given spaCy tokenizer, but makes better use of its cache.

    Before a text is split, each new chunk of the text (piece between spaces) is split by itself. So the spaCy tokenizer
    caches the tokens of this chunk.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.max_cache_size = MAX_CHUNKS
        self._tokenizer = tokenizer
        self._known: set[str] = set()

    def __call__(self, text: str) -> Doc:
        """Split a text into tokens, and return them as a spaCy `Doc`."""
        if len(self._known) < MAX_CHUNKS and not self._tokenizer.vocab.in_memory_zone:
            new = {chunk for chunk in set(text.split()) - self._known if len(chunk) <= _MAX_CHUNK_LENGTH}
            self._known |= new
            for chunk in sorted(new):
                self._tokenizer(chunk)
        doc: Doc = self._tokenizer(text)
        return doc
