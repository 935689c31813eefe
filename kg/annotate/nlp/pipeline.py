"""Load the spaCy pipeline and tag texts with its tokenizer and tagger; no other component is worth its time."""

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

MAX_WORDS: Final = 1 << 16
"""Words of a vocabulary, about 30 MB with the tokenizer's cache; three million tokens have half as many."""

_EXCLUDED: Final = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]


@dataclass(frozen=True, slots=True)
class Tagger:
    """A loaded pipeline, and the result of `accelerate` for it."""

    pipeline: Language
    acceleration: dict[str, str | None]


@lru_cache(maxsize=1)
def load_tagger(name: str | None) -> Tagger:
    """Load the pipeline `name`, or the installed small English one; once per process.

    Raises:
        UsageError: if it is not installed, cannot be loaded, fails on a short text, or gives no vectors.
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
        UsageError: if it is not installed or cannot be loaded.
    """
    package = pipeline_package(name)
    with _usable(name):
        pipeline = importlib.import_module(package).load(exclude=_EXCLUDED)
    if not isinstance(pipeline, Language):
        raise UsageError(f'"{package}" is no spaCy pipeline: its load() returned no pipeline')
    tokenizer = pipeline.tokenizer
    if isinstance(tokenizer, Tokenizer):  # in articles, "id" is an identifier, not "I'd"
        tokenizer.rules = {word: tokens for word, tokens in tokenizer.rules.items() if word.lower() != "id"}
    return pipeline


@contextmanager
def _usable(name: str | None) -> Iterator[None]:
    """Turn any error of a pipeline, while it is loaded and tried, into a UsageError."""
    try:
        yield
    except (KgError, MemoryError):
        raise
    except Exception as error:  # a pipeline is third-party code and may raise anything
        said = f"{type(error).__name__}: {error}"
        raise UsageError(f"the spaCy pipeline {pipeline_package(name)} cannot be used ({said})") from error


def tag(pipeline: Language, texts: Sequence[str]) -> Iterator[Doc]:
    """Yield each of `texts`, tagged by itself, so that its tags do not depend on the other texts.

    Matrix products over several texts may round differently from those over one, and are no faster with this model.
    """
    for text in texts:
        doc = pipeline.make_doc(text)
        for _, pipe in pipeline.pipeline:
            doc = pipe(doc)
        yield doc


def bounded_memory(pipeline: Language) -> AbstractContextManager[object]:
    """Return a context that forgets a batch's new words if `MAX_WORDS` are known; these include the common ones."""
    return pipeline.memory_zone() if len(pipeline.vocab) > MAX_WORDS else nullcontext()
