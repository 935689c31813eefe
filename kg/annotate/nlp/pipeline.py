"""Load the spaCy pipeline and tag texts with it: its tokenizer and tagger, since nothing else has earned its time."""

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
"""Words of a vocabulary, some 30 MB with what the tokenizer keeps; three million tokens have half as many."""

_EXCLUDED: Final = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]


@dataclass(frozen=True, slots=True)
class Tagger:
    """A loaded pipeline, and what `accelerate` says of its parts."""

    pipeline: Language
    acceleration: dict[str, str | None]


@lru_cache(maxsize=1)
def load_tagger(name: str | None) -> Tagger:
    """Load the pipeline `name`, or the installed small English one; once in a process.

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
    if isinstance(tokenizer, Tokenizer):  # in articles an "id" is an identifier, and not what is left of "I'd"
        tokenizer.rules = {word: tokens for word, tokens in tokenizer.rules.items() if word.lower() != "id"}
    return pipeline


@contextmanager
def _usable(name: str | None) -> Iterator[None]:
    """Raise a UsageError for whatever a pipeline raises while it is loaded and tried."""
    try:
        yield
    except (KgError, MemoryError):
        raise
    except Exception as error:  # a pipeline is somebody else's code
        said = f"{type(error).__name__}: {error}"
        raise UsageError(f"the spaCy pipeline {pipeline_package(name)} cannot be used ({said})") from error


def tag(pipeline: Language, texts: Sequence[str]) -> Iterator[Doc]:
    """Tag each of `texts` by itself, so that its tags never depend on its neighbours.

    The matrix products of several texts may be rounded otherwise than those of one, and are no faster with this model.
    """
    for text in texts:
        doc = pipeline.make_doc(text)
        for _, pipe in pipeline.pipeline:
            doc = pipe(doc)
        yield doc


def bounded_memory(pipeline: Language) -> AbstractContextManager[object]:
    """Return a context that forgets the words of a batch of texts, where many are known: common ones are by then."""
    return pipeline.memory_zone() if len(pipeline.vocab) > MAX_WORDS else nullcontext()
