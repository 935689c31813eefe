"""Trainings that are quick: of few trees, and of small groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.training.train import Training, train
from tests.training.corpus import write_corpus


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.training.fit.ROUNDS", 12)
        patch.setattr("kg.training.tokens.EPOCHS", 1)
        patch.setattr("kg.training.corpus.LEAST_GROUP", 50)
        yield


@dataclass(frozen=True)
class Trained:
    """A corpus, and what training made of it."""

    articles: Path
    model: Path
    folds: Path
    report: Training


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, _quick: None) -> Trained:
    """No test may change it."""
    folder = tmp_path_factory.mktemp("trained")
    articles = write_corpus(folder / "articles")
    model, folds = folder / "models" / "ours", folder / "folds"
    return Trained(articles, model, folds, train(articles, model, folds=folds, jobs=1))
