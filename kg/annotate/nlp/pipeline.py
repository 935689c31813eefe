"""Load the spaCy pipeline and tag texts with it.

Only the pipeline's tokenizer, vectors and tagger are used. The other components would take more time than they are
worth.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from kg.annotate.nlp.accelerate import accelerate
from kg.annotate.nlp.package import pipeline_package
from kg.base.errors import KgError, UsageError
from kg.base.threads import one_thread
from kg.read.failure import TooLargeError
from kg.read.markdown import MAX_CHARACTERS

MAX_WORDS: Final = 1 << 16
"""Once spaCy's vocabulary has more words than this, it forgets the new words of each batch after the batch.

A vocabulary of this many words takes about 30 MB, including the tokenizer's cache for these words. For comparison: a
corpus of three million tokens has about half of this number of different words.
"""

MAX_TOKENS: Final = 200_000
"""Maximum number of tokens of a text. A million characters of English prose have 165,000.

At this limit, a worker takes 0.7 GB for prose, and 1.3 GB for a text in which each word is a noun, so that all runs of
up to six words are candidates.
"""

_EXCLUDED: Final = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]


@dataclass(frozen=True, slots=True)
class Tagger:
    """A loaded pipeline that has been accelerated."""

    pipeline: Language
    acceleration: dict[str, str | None]
    """Maps each part of the tagger to the reason why it is not accelerated, or to None if it is."""


@lru_cache(maxsize=1)
def load_tagger(name: str | None) -> Tagger:
    """Load the pipeline `name`, or by default the installed small English one, once per process.

    Raises:
        UsageError: if the pipeline is not installed, cannot be loaded, fails on a short text, or gives no vectors.
    """
    pipeline = untouched_pipeline(name)
    with one_thread(), _usable(name):
        tagger = Tagger(pipeline, accelerate(pipeline))
        vectors = next(tag(pipeline, ["Data drift"])).tensor
    if getattr(vectors, "ndim", 0) != 2:
        raise UsageError(f"the spaCy pipeline {pipeline_package(name)} gives no vectors: it needs a tok2vec component")
    return tagger


def untouched_pipeline(name: str | None) -> Language:
    """Load the pipeline without acceleration.

    Raises:
        UsageError: if the pipeline is not installed or cannot be loaded.
    """
    package = pipeline_package(name)
    with _usable(name):
        pipeline = importlib.import_module(package).load(exclude=_EXCLUDED)
    if not isinstance(pipeline, Language):
        raise UsageError(f'"{package}" is no spaCy pipeline: its load() returned no pipeline')
    pipeline.max_length = 4 * MAX_CHARACTERS  # an article has up to three texts; `tag` limits the number of tokens
    tokenizer = pipeline.tokenizer
    if isinstance(tokenizer, Tokenizer):  # in articles, "id" is an identifier, not "I'd"
        tokenizer.rules = {word: tokens for word, tokens in tokenizer.rules.items() if word.lower() != "id"}
    return pipeline


@contextmanager
def _usable(name: str | None) -> Iterator[None]:
    """Turn any error that a pipeline raises while it is loaded or tried into a UsageError, except a lack of memory."""
    try:
        yield
    except (KgError, MemoryError):
        raise
    except Exception as error:  # a pipeline is third-party code and may raise anything
        said = f"{type(error).__name__}: {error}"
        raise UsageError(f"the spaCy pipeline {pipeline_package(name)} cannot be used ({said})") from error


def tag(pipeline: Language, texts: Sequence[str]) -> Iterator[Doc]:
    """Tag each of `texts` by itself and yield the results, so that a text's tags do not depend on the other texts.

    A matrix product over several texts may be rounded differently from a product over one text. With this model,
    the product over several texts is no faster either.

    Raises:
        TooLargeError: if a text has more than `MAX_TOKENS` tokens.
    """
    for text in texts:
        doc = pipeline.make_doc(text)
        if len(doc) > MAX_TOKENS:
            raise TooLargeError(
                f"the text has {len(doc):,} words and punctuation marks, over the limit of {MAX_TOKENS:,} for one "
                "article; split it"
            )
        for _, pipe in pipeline.pipeline:
            doc = pipe(doc)
        yield doc


def bounded_memory(pipeline: Language) -> AbstractContextManager[object]:
    """Return a context for one batch. At the end of the context, spaCy may forget the batch's new words.

    It forgets them if it knew more than `MAX_WORDS` words before the batch. A vocabulary of that size has all common
    words, so that only rare ones are forgotten.
    """
    return pipeline.memory_zone() if len(pipeline.vocab) > MAX_WORDS else nullcontext()
