"""spaCy's tokenizer, made faster: before it splits a text, its cache is filled for the words of the text.

Most of the tokenizer's work is to split chunks, the pieces of text between spaces, into tokens. The tokenizer can cache
the tokens of a chunk. But it does not use this cache inside a memory zone (a context after which spaCy forgets new
words). It also does not use it in the part of a text after the first special case (such as "isn't" or "e.g."). Most
articles contain a special case.
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
    """Tokenizer that uses a spaCy tokenizer, gives the same tokens, and takes less time.

    Before the spaCy tokenizer splits a text, it is called for each new chunk of the text (piece between spaces), so
    that it caches the tokens of the chunk.
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
