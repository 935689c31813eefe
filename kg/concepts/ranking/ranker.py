"""The ranker: gradient boosted trees for the probability that an author would choose a term as a keyword.

`kg.training` fits a model to a corpus whose articles have keywords. The model in `kg/models/en` is shipped with kg and
described in docs/model-card.md. The trees are LightGBM's (G. Ke et al., "LightGBM: a highly efficient gradient boosting
decision tree", NIPS 2017). Their output is calibrated as in J. Platt, "Probabilistic outputs for SVMs" (1999).
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import re
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from kg.annotate.extract.token_model import FILE_NAME as TOKENS
from kg.base.arrays import Floats
from kg.base.errors import MachineError, UsageError
from kg.base.paths import real_path
from kg.concepts.ranking.background import FILE_NAME as BACKGROUND
from kg.concepts.ranking.background import Background, read_background
from kg.concepts.ranking.features import Features, feature_names, matrix
from kg.concepts.ranking.score_cache import Matrix, ScoreCache
from kg.concepts.terms.candidate_store import Candidates
from kg.engine.local import available_cores

TREES: Final = "trees.txt.gz"
CARD: Final = "model.json"
FILES: Final = (CARD, TOKENS, TREES, BACKGROUND)
_FIRST_BLOCK: Final = 30
"""Number of trees in the first block of a model. The trees of a model are evaluated block by block.

The first block is larger than the others, since hardly any candidate can be decided with fewer trees.
"""
_BLOCK: Final = 20
"""Number of trees in each block of a model except the first one. The trees of a model are evaluated block by block.

So few trees fit into the L1 cache of a processor, which saves a quarter of the time.
"""
_DECIDED: Final = 4.0
"""If the log odds of a candidate exceed this in absolute value (odds of 55 to 1), no more trees are evaluated for it.

This is checked every `_CHECK_EVERY` trees. Stopping early halves the time, and hardly changes the probabilities. Of a
million candidates, 75 were below the threshold 0.08 with all trees and above it with early stopping, or the reverse.
For the threshold 0.27, this happened to one candidate, and for 0.5 to none.
"""
_CHECK_EVERY: Final = 10
SHIPPED: Final = Path(__file__).parents[2] / "models" / "en"


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The contents of model.json: metadata of a model, and its calibration."""

    name: str
    articles: int
    """Number of articles that the model was trained on."""
    features: list[str]
    """The feature names, in column order."""
    slope: float
    offset: float
    """The calibrated log odds are `slope` * x + `offset`, where x is the output of the trees (log odds)."""
    cut: float
    """Minimum probability at which a candidate can become a concept, if `per_article` in kg.toml is "auto"."""
    precision: float
    """Precision at `cut`: the share of keywords of the author among the candidates with at least this probability.

    It was measured on articles of subjects that were held out from training.
    """


@dataclass(frozen=True)
class Ranker:
    """A trained model that computes the salience of candidate terms."""

    card: Card
    trees: Any  # lightgbm.Booster
    background: Background
    remember: Callable[[], AbstractContextManager[ScoreCache | None]] = nullcontext
    """Function that returns a context manager, in which `salience` runs.

    The context manager provides the cache of the log odds of the last build, or None if there is no cache.
    """

    def salience(self, candidates: Candidates, words: pa.Table) -> Floats:
        """Compute the probability that each candidate is a concept of its article, as an array of shape (candidates,).

        Args:
            candidates: the candidates of all articles.
            words: rows of `kg.annotate.rows.WORDS` of these articles.
        """
        if not len(candidates.file):
            return np.empty(0)
        vocabulary = candidates.words
        with self.remember() as remembered:
            with ThreadPoolExecutor(available_cores()) as threads:  # NumPy and LightGBM release the GIL
                nested = threads.submit(lambda: vocabulary.inner)  # slow, and needed by all parts
                features = Features(candidates, words, self.background)
                nested.result()
                score = partial(self._score_part, candidates, features, remembered)
                odds = list(threads.map(score, candidates.parts))
            del features, score  # free memory before the cache is written
        return calibrated(np.concatenate(odds), self.card.slope, self.card.offset)

    def _score_part(
        self, candidates: Candidates, features: Features, remembered: ScoreCache | None, number: int
    ) -> Floats:
        """Return the log odds of each candidate in the part (block of rows) with the given number.

        The log odds that are in the cache `remembered` are taken from there. The others are computed.
        """
        rows = matrix(features.of(candidates.part(number)))
        if remembered is None:
            return self._predict(rows)
        return remembered.of(rows, self._predict)

    def _predict(self, rows: Matrix) -> Floats:
        """Compute the log odds of each row of features.

        The result has the same bits as a prediction by LightGBM with early stopping.
        """
        result = np.empty(len(rows))
        undecided, odds = np.arange(len(rows)), np.zeros(len(rows))
        for trees, values in self._blocks:
            leaves = trees.predict(rows, pred_leaf=True, num_threads=1).reshape(len(rows), len(values))
            for tree, (value, leaf) in enumerate(zip(values, leaves.T, strict=True)):
                if tree % _CHECK_EVERY == 0:
                    is_open = np.abs(odds) <= _DECIDED
                odds += np.where(is_open, value[leaf], 0.0)
            result[undecided] = odds
            is_open = np.abs(odds) <= _DECIDED
            undecided, odds, rows = undecided[is_open], odds[is_open], rows[is_open]
            if not len(undecided):
                break
        return result

    @cached_property
    def _blocks(self) -> list[tuple[Any, list[Floats]]]:
        """The trees of the model, divided into blocks of consecutive trees.

        A block is a pair: a LightGBM model that has only these trees, and a list with the leaf values of each of them.
        Each block is a model of its own, since two threads cannot use different trees of one model at the same time.
        """
        blocks: list[tuple[Any, list[Floats]]] = []
        count = self.trees.num_trees()
        for first, end in pairwise([0, *range(_FIRST_BLOCK, count, _BLOCK), count]):
            text = self.trees.model_to_string(start_iteration=first, num_iteration=end - first)
            values = re.findall(r"^leaf_value=(.*)$", text, re.MULTILINE)
            blocks.append((lightgbm().Booster(model_str=text), [np.array(one.split(), np.float64) for one in values]))
        return blocks


def calibrated(odds: Floats, slope: float, offset: float) -> Floats:
    """Convert log odds to calibrated probabilities."""
    result: Floats = 1 / (1 + np.exp(-(slope * odds + offset)))
    return result


def model_folder(named: str | None, config: Path | None) -> Path:
    """Return the path of the folder of the model that kg.toml names.

    Args:
        named: the folder's path in kg.toml, relative to the folder of kg.toml; None for the model shipped with kg.
        config: the path of kg.toml, if there is one.
    """
    if named is None:
        return SHIPPED
    return real_path((config.parent if config else Path()) / named)


def load_ranker(folder: Path) -> Ranker:
    """Read a model that `kg train` wrote.

    Raises:
        UsageError: if the folder has no model, or its model was made by another version of kg.
        MachineError: if LightGBM cannot be loaded.
    """
    library = lightgbm()
    try:
        card = msgspec.json.decode((folder / CARD).read_bytes(), type=Card)
        text = gzip.decompress((folder / TREES).read_bytes()).decode()
        background = read_background(folder / BACKGROUND)
        trees = library.Booster(model_str=text)
    except (OSError, EOFError, KeyError, ValueError, zlib.error, library.basic.LightGBMError) as error:
        raise UsageError(f"{folder}: not a model that kg train wrote ({error})") from error
    if trees.feature_name() != [name.replace(" ", "_") for name in card.features]:
        raise UsageError(f"{folder}: its files belong to different models")
    if card.features != feature_names():
        raise UsageError(f"{folder}: was trained with another version of kg: train it again with kg train")
    return Ranker(card, trees, background)


def lightgbm() -> Any:
    """Import LightGBM on demand, since the import is slow.

    Raises:
        MachineError: if LightGBM cannot be loaded.
    """
    try:
        return importlib.import_module("lightgbm")
    except OSError as error:
        raise MachineError(
            f"LightGBM cannot be loaded ({error}): it needs the OpenMP library, "
            "which is libgomp1 on Debian and Ubuntu (apt-get install libgomp1), libomp on macOS (brew install libomp)"
        ) from error


def model_version(folder: Path) -> str:
    """Return a model's name and the first 12 hex digits of the SHA-256 of its files, for the build report.

    Raises:
        UsageError: if the folder has no model.
    """
    digest = hashlib.sha256()
    try:
        for name in FILES:
            digest.update((folder / name).read_bytes())
        name = msgspec.json.decode((folder / CARD).read_bytes(), type=Card).name
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: not a model that kg train wrote ({error})") from error
    return f"{name} {digest.hexdigest()[:12]}"
