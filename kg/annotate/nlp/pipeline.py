"""Load the spaCy pipeline and tag texts with it.

Only the pipeline's tokenizer, vectors and tagger are used. The other components, such as the parser, are not loaded, to
save time.
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
from kg.annotate.nlp.package import check_files, pipeline_package
from kg.base.errors import KgError, UsageError
from kg.base.threads import one_thread
from kg.read.failure import TooLargeError
from kg.read.markdown import MAX_CHARACTERS

MAX_WORDS: Final = 1 << 16
"""Maximum size of spaCy's vocabulary. If it is larger, the words that a batch of articles adds are removed again.

A vocabulary of this size takes about 30 MB, including the tokenizer's cache for its words. For comparison: a corpus of
three million tokens has about half as many different words.
"""

MAX_TOKENS: Final = 200_000
"""Maximum number of tokens of a text. A million characters of English prose have 165,000.

At this limit, a worker takes 0.7 GB for prose, and 1.3 GB for a text in which each word is a noun, so that all runs of
up to six words are candidates.
"""

_EXCLUDED: Final = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]


@dataclass(frozen=True, slots=True)
class Tagger:
    """A loaded spaCy pipeline, in which some parts may have been replaced by faster ones."""

    pipeline: Language
    acceleration: dict[str, str | None]
    """Key: part of the tagger, such as "tokenizer". Value: why no faster part is used instead; None if one is used."""


@lru_cache(maxsize=1)
def load_tagger(name: str | None) -> Tagger:
    """Load the spaCy pipeline `name`, and replace parts of it by faster ones.

    If `name` is None, the installed small English pipeline is loaded. A second call with the same name returns the same
    object.

    Raises:
        UsageError: if the pipeline is not installed, cannot be loaded, fails on a short text, or computes no vectors.
    """
    pipeline = untouched_pipeline(name)
    with one_thread(), _usable(name):
        tagger = Tagger(pipeline, accelerate(pipeline))
        vectors = next(tag(pipeline, ["Data drift"])).tensor
    if getattr(vectors, "ndim", 0) != 2:
        raise UsageError(f"the spaCy pipeline {pipeline_package(name)} gives no vectors: it needs a tok2vec component")
    return tagger


def untouched_pipeline(name: str | None) -> Language:
    """Load the spaCy pipeline `name` as it is, without the faster parts of `kg.annotate.nlp.accelerate`.

    Raises:
        UsageError: if the pipeline is not installed, cannot be loaded, or has other files than its release.
    """
    package = pipeline_package(name)
    check_files(package)
    with _usable(name):
        pipeline = importlib.import_module(package).load(exclude=_EXCLUDED)
    if not isinstance(pipeline, Language):
        raise UsageError(f'"{package}" is no spaCy pipeline: its load() returned no pipeline')
    pipeline.max_length = 4 * MAX_CHARACTERS  # an article has up to three texts; `tag` limits the number of tokens
    tokenizer = pipeline.tokenizer
    if isinstance(tokenizer, Tokenizer):  # without the rule that splits "id" like "I'd": in articles, it is one word
        tokenizer.rules = {word: tokens for word, tokens in tokenizer.rules.items() if word.lower() != "id"}
    return pipeline


@contextmanager
def _usable(name: str | None) -> Iterator[None]:
    """Turn an exception that a spaCy pipeline raises in the `with` statement into a UsageError.

    A `MemoryError` and a `KgError` are raised unchanged.
    """
    try:
        yield
    except (KgError, MemoryError):
        raise
    except Exception as error:  # a pipeline is third-party code and may raise anything
        said = f"{type(error).__name__}: {error}"
        raise UsageError(f"the spaCy pipeline {pipeline_package(name)} cannot be used ({said})") from error


def tag(pipeline: Language, texts: Sequence[str]) -> Iterator[Doc]:
    """Tag one text after the other and yield the results. The tags of a text do not depend on the other texts.

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
    """Return a context manager that keeps spaCy's vocabulary small; in the context, one batch of articles is tagged.

    If the vocabulary has more than `MAX_WORDS` words at the beginning, the words that are added to it in the context
    are removed at the end. A vocabulary of this size has all common words, so that only rare words are removed.
    """
    return pipeline.memory_zone() if len(pipeline.vocab) > MAX_WORDS else nullcontext()
