"""kg train: a model of a corpus with keywords, and how good it is on subjects that it has not seen."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kg.base.config import Config, find_config, load_config
from kg.base.errors import UsageError
from kg.base.iris import slug
from kg.concepts.ranking.ranker import FILES
from kg.engine.local import available_cores
from kg.read.dialects.resolve import resolve_config
from kg.storage.staging import staging, swap_in
from kg.training.corpus import read_corpus
from kg.training.fit import Fitted, TokenModels, fit
from kg.training.held_out import AT, HeldOut, best_cut

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is."""


class Score(msgspec.Struct, frozen=True):
    """F1 at 5, 10 and 15 of a group of articles, with a model that was trained on the other groups."""

    group: str
    articles: int
    f1_at_5: float
    f1_at_10: float
    f1_at_15: float


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a training; `concepts` is how many concepts an article gets with the `cut`, on average."""

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
    """Fit the concept ranker to a corpus whose articles carry keywords.

    Args:
        articles: the folder.
        out: where the model goes; `models/NAME` by default, where NAME is the articles folder's own.
        config: a kg.toml; by default the one in `articles` or beside it, if there is one.
        folds: keep the models of the held-out report here, each trained without one subject and named after
            its slug.
        jobs: worker processes for annotating; by default one a core.
        progress: called while the training runs.

    Returns:
        The held-out report: every group of articles, which is a subject where it is large enough, is scored with a
        model that was trained on all others.

    Raises:
        UsageError: `articles` is no folder, kg.toml is wrong, or `out` holds something else than a model.
        DataError: too few articles have keywords, or no text has any of them.
    """
    start = time.perf_counter()
    root = Path(articles)
    target = Path(out) if out is not None else Path("models") / root.resolve().name
    if target.exists() and not (target.is_dir() and {path.name for path in target.iterdir()} <= set(FILES)):
        raise UsageError(f"{target} holds something else than a model; give another folder with --out")
    source = Path(config) if config is not None else find_config(root)
    settings = resolve_config(root, load_config(source) if source is not None else Config(), source)
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
        progress("score on what is left out", number, len(groups))
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
