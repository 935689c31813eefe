"""How likely it is that an author would choose a term as a keyword of an article: gradient boosted trees.

`kg.training` fits a model to a corpus whose articles carry keywords; `kg/models/en` is the one that is shipped, see
docs/model-card.md. The trees are LightGBM's (G. Ke et al., "LightGBM: a highly efficient gradient boosting decision
tree", NIPS 2017); what they say is calibrated after J. Platt, "Probabilistic outputs for SVMs" (1999).
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
from kg.concepts.ranking.background import FILE_NAME as BACKGROUND
from kg.concepts.ranking.background import Background, read_background
from kg.concepts.ranking.features import Features, feature_names, matrix
from kg.concepts.ranking.score_cache import Matrix, ScoreCache
from kg.concepts.terms.candidate_store import Candidates
from kg.engine.local import available_cores

TREES: Final = "trees.txt.gz"
CARD: Final = "model.json"
FILES: Final = (CARD, TOKENS, TREES, BACKGROUND)
_FIRST: Final = 30
"""Trees that all candidates ask, since hardly any is decided before."""
_NEXT: Final = 20
"""Trees that are asked one after the other: so few stay in the first cache of a processor, which saves a quarter."""
_DECIDED: Final = 4.0
"""Log odds, 55 to 1, after which no more trees count; `_EVERY` so many trees they are looked at.

That halves the time. Of a million candidates, 75 came to the other side of 0.08, one to that of 0.27, none of 0.5.
"""
_EVERY: Final = 10
SHIPPED: Final = Path(__file__).parents[2] / "models" / "en"


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """model.json: what the numbers of the other files mean."""

    name: str
    articles: int
    """That it was trained on."""
    features: list[str]
    slope: float
    offset: float
    """The probability is that of the odds `slope` * o + `offset`, where o are the trees' log odds."""
    cut: float
    """The least probability of a concept under `auto`."""
    precision: float
    """Of those that are kept with it, the share that authors of subjects not trained on had chosen."""


@dataclass(frozen=True)
class Ranker:
    """A trained model."""

    card: Card
    trees: Any  # lightgbm.Booster
    background: Background
    remember: Callable[[], AbstractContextManager[ScoreCache | None]] = nullcontext
    """What the trees said in an earlier build, and what they say now, while they are asked."""

    def salience(self, candidates: Candidates, words: pa.Table) -> Floats:
        """The probability of each candidate, from 0 to 1.

        Args:
            candidates: of a whole corpus.
            words: rows of `kg.annotate.rows.WORDS`.
        """
        if not len(candidates.file):
            return np.empty(0)
        vocabulary = candidates.words
        with self.remember() as remembered:
            with ThreadPoolExecutor(available_cores()) as threads:  # NumPy and the trees let go of the interpreter
                nested = threads.submit(lambda: vocabulary.inner)  # which all features ask for, and takes a while
                features = Features(candidates, words, self.background)
                nested.result()
                asked = partial(self._of_part, candidates, features, remembered)
                odds = list(threads.map(asked, candidates.parts))
            del features, asked  # what is remembered is written now, and needs room
        return calibrated(np.concatenate(odds), self.card.slope, self.card.offset)

    def _of_part(
        self, candidates: Candidates, features: Features, remembered: ScoreCache | None, number: int
    ) -> Floats:
        """The log odds of each row of a part, all of which are independent of the others."""
        rows = matrix(features.of(candidates.part(number)))
        if remembered is None:
            return self._of_trees(rows)
        return remembered.of(rows, self._of_trees)

    def _of_trees(self, rows: Matrix) -> Floats:
        """What the trees say of each row, to the last bit as LightGBM adds it up and stops early."""
        result = np.empty(len(rows))
        asked, odds = np.arange(len(rows)), np.zeros(len(rows))
        for trees, values in self._blocks:
            leaves = trees.predict(rows, pred_leaf=True, num_threads=1).reshape(len(rows), len(values))
            for tree, (value, leaf) in enumerate(zip(values, leaves.T, strict=True)):
                if tree % _EVERY == 0:
                    is_open = np.abs(odds) <= _DECIDED
                odds += np.where(is_open, value[leaf], 0.0)
            result[asked] = odds
            is_open = np.abs(odds) <= _DECIDED
            asked, odds, rows = asked[is_open], odds[is_open], rows[is_open]
            if not len(asked):
                break
        return result

    @cached_property
    def _blocks(self) -> list[tuple[Any, list[Floats]]]:
        """Models of some of the trees each, with what each leaf of each tree says.

        They are models of their own, since threads may not ask one for different trees.
        """
        blocks: list[tuple[Any, list[Floats]]] = []
        count = self.trees.num_trees()
        for first, end in pairwise([0, *range(_FIRST, count, _NEXT), count]):
            text = self.trees.model_to_string(start_iteration=first, num_iteration=end - first)
            values = re.findall(r"^leaf_value=(.*)$", text, re.MULTILINE)
            blocks.append((lightgbm().Booster(model_str=text), [np.array(one.split(), np.float64) for one in values]))
        return blocks


def calibrated(odds: Floats, slope: float, offset: float) -> Floats:
    """Log odds as probabilities."""
    result: Floats = 1 / (1 + np.exp(-(slope * odds + offset)))
    return result


def model_folder(named: str | None, config: Path | None) -> Path:
    """The folder of a model that a kg.toml names, relative to it; of the shipped one where it names none."""
    if named is None:
        return SHIPPED
    return ((config.parent if config else Path()) / named).resolve()


def load_ranker(folder: Path) -> Ranker:
    """Read a model that `kg train` wrote.

    Raises:
        UsageError: if there is none, or it is another version's.
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
        raise UsageError(f"{folder}: its files are of different models")
    if card.features != feature_names():
        raise UsageError(f"{folder}: was trained with another version of kg: train it again with kg train")
    return Ranker(card, trees, background)


def lightgbm() -> Any:
    """The library, loaded when it is needed, since it takes a while.

    Raises:
        MachineError: if it cannot be loaded.
    """
    try:
        return importlib.import_module("lightgbm")
    except OSError as error:
        raise MachineError(
            f"LightGBM cannot be loaded ({error}): it needs the OpenMP library, "
            "which is libgomp1 on Debian and Ubuntu (apt-get install libgomp1), libomp on macOS (brew install libomp)"
        ) from error


def model_version(folder: Path) -> str:
    """The name of a model and the beginning of the SHA-256 of its files, as it goes into the report.

    Raises:
        UsageError: if there is none.
    """
    digest = hashlib.sha256()
    try:
        for name in FILES:
            digest.update((folder / name).read_bytes())
        name = msgspec.json.decode((folder / CARD).read_bytes(), type=Card).name
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: not a model that kg train wrote ({error})") from error
    return f"{name} {digest.hexdigest()[:12]}"
