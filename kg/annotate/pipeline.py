"""The spaCy pipeline: its tokenizer and tagger, and nothing else, since nothing else has earned its time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from spacy.language import Language
from spacy.pipeline import Tok2Vec, TrainablePipe
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from thinc.api import NumpyOps

from kg.annotate.embedding import keep_rows, learn_rows
from kg.annotate.encoder import encode_in_place
from kg.annotate.package import pipeline_package
from kg.annotate.tokenizer import LearningTokenizer

_EXCLUDED: Final = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]

OPS: Final = NumpyOps(use_blis=False)
"""Matrix products by numpy's BLAS, which here takes a third of the time of thinc's own; see `kg.threads`."""


@lru_cache(maxsize=1)
def load_pipeline(name: str | None) -> Language:
    """Load the pipeline, once a process."""
    pipeline: Language = importlib.import_module(pipeline_package(name)).load(exclude=_EXCLUDED)
    tokenizer = pipeline.tokenizer
    if isinstance(tokenizer, Tokenizer):  # in articles an "id" is an identifier, and not what is left of "I'd"
        tokenizer.rules = {word: tokens for word, tokens in tokenizer.rules.items() if word.lower() != "id"}
        pipeline.tokenizer = LearningTokenizer(tokenizer)
    for _, pipe in pipeline.pipeline:
        if isinstance(pipe, Tok2Vec):
            keep_rows(pipe.model)
            encode_in_place(pipe.model)
        for layer in pipe.model.walk() if isinstance(pipe, TrainablePipe) else ():
            layer.ops = OPS
    return pipeline


def tag(pipeline: Language, texts: Sequence[str]) -> Iterator[Doc]:
    """Tag each of `texts` by itself, so that its tags never depend on its neighbours.

    The matrix products of several texts may round differently from those of one (and are no faster with this small
    model); rows of the embedding do not.
    """
    docs = [pipeline.make_doc(text) for text in texts]
    for _, pipe in pipeline.pipeline:
        if isinstance(pipe, Tok2Vec):
            learn_rows(pipe.model, docs)
    for doc in docs:
        for _, pipe in pipeline.pipeline:
            doc = pipe(doc)
        yield doc
