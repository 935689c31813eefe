"""Fitting of a model to training data.

First, token models are fitted, which estimate how likely each token is part of a keyword. Then gradient boosted trees
are fitted, which estimate how likely each candidate is a keyword. The features of the trees include the output of the
token models. The token models are cross-fitted (each is applied to subjects that it was not fitted to), see `fit`.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.annotate.extract.token_model import FILE_NAME as TOKENS
from kg.annotate.extract.token_model import TokenModel
from kg.base.arrays import Bools, Floats, Ints
from kg.concepts.ranking.background import FILE_NAME as BACKGROUND
from kg.concepts.ranking.background import Background, Counts, hashes
from kg.concepts.ranking.features import Features, matrix
from kg.concepts.ranking.ranker import CARD, TREES, Card, Ranker, lightgbm
from kg.concepts.terms.candidate_store import Candidates, candidates_of
from kg.concepts.terms.corpus import in_one_part
from kg.concepts.terms.merge_candidates import merge_variants, of_several_names
from kg.concepts.terms.term_index import strings
from kg.training.corpus import TrainingCorpus, hash_of
from kg.training.held_out import HeldOut, best_cut, calibration
from kg.training.tokens import fit_tokens

ROUNDS: Final = 300
"""Number of gradient boosted trees of a model."""
PARAMETERS: Final = {
    "objective": "binary",
    "num_leaves": 63,
    "max_bin": 127,
    "learning_rate": 0.06,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
SMALL: Final = (10, 40, 150)
"""Possible sizes of a small corpus, in articles. Some of the training articles are divided into such small corpora.

The features of their candidates are computed as if the small corpus were the whole corpus. So the trees learn how
little the statistics of a few articles tell.
"""
_SHARE_SMALL: Final = 0.3
"""Share of the articles of a large subject that are put into small corpora for training, see `_corpora`."""
_MARKUP: Final = frozenset({"bold", "heading", "opens item", "share of headings"})
"""Names of features that depend on markup, such as headings.

In every second small corpus, these features are set to 0, so that the trees also learn from texts without markup.
"""
_LEAST_SEEN: Final = 3
"""Minimum count of a term or word that is kept in the background statistics of a model, see `_background`."""


@dataclass(frozen=True)
class Model:
    """A trained model: a token model, and a ranker whose features include the output of token models."""

    tokens: TokenModel
    ranker: Ranker

    def write(self, folder: Path) -> None:
        """Write the model to a folder, as the files named in `kg.concepts.ranking.ranker.FILES`.

        The folder is created if it does not exist.
        """
        folder.mkdir(parents=True, exist_ok=True)
        text = self.ranker.trees.model_to_string(importance_type="gain")
        (folder / TOKENS).write_bytes(self.tokens.to_bytes())
        (folder / TREES).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        (folder / BACKGROUND).write_bytes(self.ranker.background.to_bytes())
        card = msgspec.json.format(msgspec.json.encode(self.ranker.card), indent=2)
        (folder / CARD).write_bytes(card + b"\n")


@dataclass(frozen=True)
class Fitted:
    """A fitted model whose probabilities are not calibrated yet."""

    tokens: TokenModel
    trees: Any  # lightgbm.Booster
    background: Background
    features: list[str]

    def model(self, name: str, articles: int, held_out: Sequence[HeldOut]) -> Model:
        """Calibrate the model's probabilities, and return the calibrated model.

        Args:
            name: the name of the model.
            articles: number of articles that the model was trained on.
            held_out: the candidates of each group of articles, scored by a model that was trained without this group.
        """
        slope, offset = calibration(held_out)
        cut = best_cut(held_out, slope, offset)
        card = Card(
            name=name,
            articles=articles,
            features=self.features,
            slope=round(slope, 4),
            offset=round(offset, 4),
            cut=cut.at,
            precision=round(cut.precision, 3),
        )
        return Model(self.tokens, Ranker(card, self.trees, self.background))


class TokenModels:
    """A cache of token models, each of which is fitted to some articles of a corpus only once.

    `fit` needs a token model for each half of the subjects. If a subject is held out, only the half with this subject
    changes, so the model of the other half is taken from the cache.
    """

    def __init__(self, corpus: TrainingCorpus) -> None:
        self._corpus = corpus
        self._fitted: dict[bytes, TokenModel] = {}

    def of(self, used: Bools) -> TokenModel:
        """Return the token model fitted to the articles for which the mask `used` is True.

        The model is fitted at the first call with these articles, and then kept.
        """
        key = np.packbits(used).tobytes()
        if key not in self._fitted:
            numbers = np.flatnonzero(used).tolist()
            self._fitted[key] = fit_tokens(self._corpus.vectors, numbers, self._corpus.chosen, self._corpus.pipeline)
        return self._fitted[key]


def fit(corpus: TrainingCorpus, models: TokenModels, left_out: str | None = None) -> tuple[Fitted, HeldOut | None]:
    """Fit a model to all articles except the group `left_out`. The keywords of this group are not used at all.

    A token model is less reliable for subjects that it was not fitted to, and the trees must learn how far they can
    trust its probabilities for such subjects. Therefore three token models are fitted. The subjects of the used
    articles are divided into two halves. The first token model is fitted to the first half and applied to the second
    half; the second token model is fitted to the second half and applied to the first half. The trees are fitted to the
    resulting probabilities. The third token model is fitted to both halves, applied to the held-out articles, and
    stored in the model.

    Args:
        corpus: the training data.
        models: a cache of the token models that were fitted so far.
        left_out: name of the group to hold out; None to use all articles.

    Returns:
        Two values: the model, and the candidates of the held-out articles with their scores. The second value is None
        if no group is held out.
    """
    used = corpus.groups != left_out
    first = _half(corpus, used)
    tokens = models.of(used)
    said: list[npt.NDArray[np.float32]] = [np.empty((0, len(TOKEN_FEATURES)), np.float32)] * len(used)
    for model, described in (
        (models.of(used & ~first), used & first),
        (models.of(used & first), used & ~first),
        (tokens, ~used),
    ):
        numbers = np.flatnonzero(described).tolist()
        for number, values in zip(numbers, corpus.vectors.summaries(model, numbers), strict=True):
            said[number] = values
    read = in_one_part(_with_token_features(corpus.candidates, np.concatenate(said)))
    united = pa.concat_tables(merge_variants(read, corpus.variants, of_several_names(read, corpus.variants)))
    whole = candidates_of([united], corpus.articles, corpus.repeated)
    names = strings(whole.terms, whole.term)
    chosen = np.array([name in corpus.keywords[file] for name, file in zip(names, whole.file, strict=True)], np.bool_)
    learned = used[whole.file]
    columns = _columns(corpus, united, whole, chosen & learned, learned)
    stacked = matrix(columns)
    trees = _fit_trees(stacked[learned], chosen[learned], list(columns))
    fitted = Fitted(tokens, trees, _background(whole, chosen & learned, learned, _LEAST_SEEN), list(columns))
    if left_out is None:
        return fitted, None
    odds = trees.predict(stacked[~learned], raw_score=True)
    index = np.cumsum(~used) - 1
    counts = np.array([len(corpus.keywords[number]) for number in np.flatnonzero(~used)], np.int64)
    return fitted, HeldOut(left_out, index[whole.file[~learned]], odds, chosen[~learned], counts)


def _half(corpus: TrainingCorpus, used: Bools) -> Bools:
    """Divide the subjects into two halves with about equally many articles.

    `used` is the mask of the articles that are not held out. The halves are the same whichever group is held out,
    unless one half would have no used article. In this case, only the subjects of the used articles are divided. If all
    used articles have the same subject, the articles are divided by a hash of their urls.

    Returns:
        A mask of all articles: True for each article in the first half.
    """
    subjects = _subjects(corpus)
    for counted in (np.ones(len(used), np.bool_), used):
        first = np.isin(subjects, _first_half(Counter(subjects[counted].tolist())))
        if first[used].any() and not first[used].all():
            return first
    order = np.argsort([hash_of(url) for url in corpus.articles["url"].to_pylist()])
    return np.array(order % 2 == 0, np.bool_)


def _first_half(sizes: Counter[str]) -> list[str]:
    totals = [0, 0]
    first: list[str] = []
    for subject, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        half = int(totals[1] < totals[0])
        totals[half] += size
        if half == 0:
            first.append(subject)
    return first


def _subjects(corpus: TrainingCorpus) -> npt.NDArray[np.object_]:
    return np.array([(subject or "").casefold() for subject in corpus.articles["subject"].to_pylist()], object)


def _with_token_features(candidates: pa.Table, values: npt.NDArray[np.float32]) -> pa.Table:
    for name, column in zip(TOKEN_FEATURES, values.T, strict=True):
        place = candidates.schema.get_field_index(name)
        candidates = candidates.set_column(place, candidates.schema.field(place), pa.array(column))
    return candidates


def _columns(
    corpus: TrainingCorpus, united: pa.Table, whole: Candidates, chosen: Bools, learned: Bools
) -> dict[str, npt.NDArray[np.float32]]:
    """Compute the features of all candidates. The result maps each feature's name to an array of shape (candidates,).

    The articles of each subject are divided into corpora, see `_corpora`. The features of a candidate are computed as
    if the articles of its corpus were the only articles. The background statistics for a candidate are counted in the
    training articles of all other subjects.

    Args:
        corpus: the training data.
        united: the candidates as a table, with one row for each article and concept.
        whole: the same candidates, for the background statistics.
        chosen: a mask of the candidates: True for each keyword of a training article.
        learned: a mask of the candidates: True for each candidate of a training article.
    """
    subjects = _subjects(corpus)
    result: dict[str, npt.NDArray[np.float32]] = {}
    for subject in sorted(set(subjects)):
        elsewhere = learned & (subjects[whole.file] != subject)
        background = _background(whole, chosen & elsewhere, elsewhere, 1)
        for place, numbers in enumerate(_corpora(np.flatnonzero(subjects == subject))):
            rows = np.flatnonzero(np.isin(whole.file, numbers))
            part = candidates_of([united.take(rows)], corpus.articles, corpus.repeated)
            for name, column in Features(part, corpus.words, background).of_all().items():
                of_all = result.setdefault(name, np.zeros(len(whole.file), np.float32))
                of_all[rows] = 0 if place % 2 and name in _MARKUP else column
    return result


def _corpora(numbers: Ints) -> list[Ints]:
    """Divide the articles of a subject into a large corpus and several small corpora.

    `numbers` has the numbers of the articles. If there are few of them, they are one corpus.
    """
    rng = np.random.default_rng(1)
    mixed = rng.permutation(numbers)
    large = len(mixed) - int(_SHARE_SMALL * len(mixed)) if len(mixed) > max(SMALL) else len(mixed)
    result, rest = [mixed[:large]], mixed[large:]
    while len(rest):
        size = rng.choice(SMALL)
        result.append(rest[:size])
        rest = rest[size:]
    return result


def _background(whole: Candidates, chosen: Bools, learned: Bools, least: int) -> Background:
    """Count how often each term and word is in the candidates, and how often authors chose it as a keyword.

    Only candidates for which the mask `learned` is True are counted. The mask `chosen` is True for candidates that
    authors chose. Terms and words with a count below `least` are dropped. A term is counted once for each article that
    has it. A word is counted once for each article and term that has it: if an article has the terms "data lake" and
    "data model", this adds 2 to the count of "data". Articles that repeat another article are not counted.
    """
    rows = learned & whole.counted
    size = len(whole.terms)
    seen = np.bincount(whole.term[rows], minlength=size).astype(np.float64)
    picked = np.bincount(whole.term[rows & chosen], minlength=size).astype(np.float64)
    words: dict[str, int] = {}
    terms = whole.terms.to_pylist()
    split = [[words.setdefault(word, len(words)) for word in term.split(" ")] for term in terms]
    owner = np.repeat(np.arange(size), [len(found) for found in split])
    flat = np.array([word for found in split for word in found], np.int64)
    word_seen = np.bincount(flat, weights=seen[owner], minlength=len(words)).astype(np.float64)
    word_chosen = np.bincount(flat, weights=picked[owner], minlength=len(words)).astype(np.float64)
    articles = len(np.unique(whole.file[rows]))
    rate = float(picked.sum() / max(seen.sum(), 1))
    return Background(
        articles,
        rate,
        _counts(terms, seen, picked, least),
        _counts(list(words), word_seen, word_chosen, least),
    )


def _counts(keys: Sequence[str], seen: Floats, chosen: Floats, least: int) -> Counts:
    kept = np.flatnonzero(seen >= least)
    hashed = hashes([keys[number] for number in kept.tolist()])
    order = np.argsort(hashed)
    return Counts(hashed[order], seen[kept][order], chosen[kept][order])


def _fit_trees(columns: npt.NDArray[np.float32], chosen: Bools, names: Sequence[str]) -> Any:
    library = lightgbm()
    data = library.Dataset(columns, chosen.astype(np.float32), feature_name=[name.replace(" ", "_") for name in names])
    return library.train(PARAMETERS, data, ROUNDS)
