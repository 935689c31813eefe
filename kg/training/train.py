"""`kg train`: fit a model to a corpus whose articles have keywords, and evaluate it on held-out subjects."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kg.base.errors import UsageError
from kg.base.iris import slug
from kg.base.paths import real_path
from kg.concepts.ranking.ranker import FILES
from kg.engine.local import available_cores
from kg.read.settings import read_settings
from kg.storage.staging import check_can_write, check_place, staging, swap_in
from kg.training.corpus import read_corpus
from kg.training.fit import Fitted, TokenModels, fit
from kg.training.held_out import AT, HeldOut, best_cut

Progress = Callable[[str, int, int], None]
"""Callback that receives the name of a stage, the amount of work done in it, and the total amount (0 if unknown)."""


class Score(msgspec.Struct, frozen=True):
    """The F1 scores of a model on one group of articles that it was not trained on.

    There is one score for 5, one for 10 and one for 15 concepts per article.
    """

    group: str
    articles: int
    f1_at_5: float
    f1_at_10: float
    f1_at_15: float


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """The report of a training.

    `model` is the folder of the model. `candidate_recall` is the share of the authors' keywords that are candidates.
    `cut` is the least probability at which a candidate is kept as a concept. `precision` and `concepts` are the results
    of this cut on held-out articles: the share of the kept concepts that the authors chose as keywords, and the mean
    number of kept concepts per article.
    """

    model: str
    articles: int
    keywords: int
    candidate_recall: float
    scores: list[Score]
    cut: float
    precision: float
    concepts: float
    seconds: float


def train(
    articles: str | Path,
    out: str | Path | None = None,
    *,
    config: str | Path | None = None,
    folds: str | Path | None = None,
    jobs: int | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Training:
    """Fit the concept ranker to a corpus whose articles have keywords, and write the model to a folder.

    Args:
        articles: the folder of the articles.
        out: the folder for the model; by default `models/NAME`, where NAME is the name of the articles folder.
        config: a kg.toml; by default the one in `articles` or beside it, if there is one.
        folds: a folder for the models that are trained to compute the scores of the report. Each of these models was
            trained without one group of articles, and is in a subfolder with the slug of this group as its name. By
            default these models are not kept.
        jobs: number of worker processes for reading and tagging; by default one per processor core.
        progress: called with the name of each stage, the amount of work done in it, and the total amount.

    Returns:
        The report. Its scores are measured on each group of articles with a model that was trained on all other
        groups. A subject with enough articles is a group of its own.

    Raises:
        UsageError: if `articles` is not a folder, kg.toml is invalid, or `out` exists and is not a model.
        DataError: if too few articles have keywords, or if no candidate is a keyword of its article.
    """
    start = time.perf_counter()
    root = Path(articles)
    target = Path(out) if out is not None else Path("models") / real_path(root).name
    check_place(target)
    if target.exists() and not {path.name for path in target.iterdir()} <= set(FILES):
        raise UsageError(f"{target} exists and is not a model; choose another folder with --out")
    settings, _ = read_settings(root, Path(config) if config is not None else None)
    check_can_write(target)
    progress("read and tag", 0, 0)
    with tempfile.TemporaryDirectory(prefix="kg-train-") as work:
        corpus = read_corpus(
            root,
            settings,
            Path(work),
            jobs=jobs or available_cores(),
            on_done=lambda done, total: progress("read and tag", done, total),
        )
    groups = sorted(set(corpus.groups.tolist()))
    models = TokenModels(corpus)
    held_out: dict[str, HeldOut] = {}
    parts: dict[str, Fitted] = {}
    for number, group in enumerate(groups):
        progress("score on held-out articles", number, len(groups))
        parts[group], held = fit(corpus, models, group)
        assert held is not None
        held_out[group] = held
    progress("fit to all", 0, 0)
    fitted, _ = fit(corpus, models)
    articles_used = corpus.articles.num_rows
    model = fitted.model(target.name, articles_used, list(held_out.values()))
    with staging(target) as folder:
        model.write(folder / "model")
        swap_in(folder / "model", target)
    for group, part in parts.items() if folds is not None else ():
        others = [held for name, held in held_out.items() if name != group]
        inside = len(held_out[group].keywords)
        one = part.model(f"{target.name} without {group}", articles_used - inside, others)
        one.write(Path(folds or ".") / slug(group))
    cut = best_cut(list(held_out.values()), model.ranker.card.slope, model.ranker.card.offset)
    return Training(
        model=str(target),
        articles=articles_used,
        keywords=sum(len(found) for found in corpus.keywords),
        candidate_recall=round(_recall(list(held_out.values())), 4),
        scores=[
            Score(group, len(held.keywords), *(round(held.f1(count), 4) for count in AT))
            for group, held in held_out.items()
        ],
        cut=cut.at,
        precision=round(cut.precision, 4),
        concepts=round(cut.concepts, 2),
        seconds=round(time.perf_counter() - start, 1),
    )


def _recall(held_out: list[HeldOut]) -> float:
    return sum(int(group.chosen.sum()) for group in held_out) / max(
        sum(int(group.keywords.sum()) for group in held_out), 1
    )
