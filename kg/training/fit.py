"""Fit a model: first token models, then trees whose features include the output of the token models.

The token models are cross-fitted by subject, as described in `fit`.
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
"""Number of trees."""
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
"""Possible sizes of a small corpus, in articles. Some of the training articles are divided into such corpora.

From small corpora, the trees learn how little the statistics of a few articles tell.
"""
_SHARE_SMALL: Final = 0.3
"""Share of the articles of a subject that are put into small corpora, if the subject is divided, see `_corpora`."""
_MARKUP: Final = frozenset({"bold", "heading", "opens item", "share of headings"})
"""Features that depend on markup. In every second small corpus they are set to 0, as they are in plain text."""
_LEAST_SEEN: Final = 3
"""The background statistics keep a term or word only if it was counted at least this often, see `_background`."""


@dataclass(frozen=True)
class Model:
    """A token model, and the ranker that was fitted to its output."""

    tokens: TokenModel
    ranker: Ranker

    def write(self, folder: Path) -> None:
        """Write the files `kg.concepts.ranking.ranker.FILES` to a folder, which is created if needed."""
        folder.mkdir(parents=True, exist_ok=True)
        text = self.ranker.trees.model_to_string(importance_type="gain")
        (folder / TOKENS).write_bytes(self.tokens.to_bytes())
        (folder / TREES).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        (folder / BACKGROUND).write_bytes(self.ranker.background.to_bytes())
        card = msgspec.json.format(msgspec.json.encode(self.ranker.card), indent=2)
        (folder / CARD).write_bytes(card + b"\n")


@dataclass(frozen=True)
class Fitted:
    """A fitted model before calibration."""

    tokens: TokenModel
    trees: Any  # lightgbm.Booster
    background: Background
    features: list[str]

    def model(self, name: str, articles: int, held_out: Sequence[HeldOut]) -> Model:
        """Calibrate the model.

        Args:
            name: the name of the model.
            articles: number of articles that the model was trained on.
            held_out: the candidates of each held-out group, scored by a model that was trained without that group.
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
    """The token models of a corpus. Each is fitted only once, and then reused.

    One model is fitted to the first half of the subjects, and one to the second, see `fit`. If a subject is held out,
    only the half with this subject changes, and the model fitted to the other half is reused.
    """

    def __init__(self, corpus: TrainingCorpus) -> None:
        self._corpus = corpus
        self._fitted: dict[bytes, TokenModel] = {}

    def of(self, used: Bools) -> TokenModel:
        """Return the token model of the articles where the mask `used` is True; fit it if that has not been done."""
        key = np.packbits(used).tobytes()
        if key not in self._fitted:
            numbers = np.flatnonzero(used).tolist()
            self._fitted[key] = fit_tokens(self._corpus.vectors, numbers, self._corpus.chosen, self._corpus.pipeline)
        return self._fitted[key]


def fit(corpus: TrainingCorpus, models: TokenModels, left_out: str | None = None) -> tuple[Fitted, HeldOut | None]:
    """Fit a model to all articles except those of the group `left_out`.

    The keywords of the group `left_out` are not used at all.

    Token probabilities are less reliable on unseen subjects, and the trees must learn how far to trust them there.
    Therefore three token models are fitted. The subjects are divided into two halves: the first token model is fitted
    to one half and applied to the other, the second the other way round. The third is fitted to all subjects, applied
    to the held-out articles, and stored in the model.

    Args:
        corpus: the training data.
        models: the token models fitted so far.
        left_out: the group to hold out; None to use all articles.

    Returns:
        A pair: the model, and the candidates of the held-out articles with their scores. The second is None if nothing
        is held out.
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
    """Divide the subjects into two halves with about equally many articles; return a mask of the articles in the first.

    `used` is the mask of the articles that are not held out. The halves are the same whichever group is held out,
    unless one half would have no used article. In that case only the subjects of the used articles are divided. If all
    used articles have the same subject, the articles are divided by a hash of their URLs.
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
    """Return a mapping from the name of each feature to its values, one value for each candidate.

    The articles of each subject are divided into corpora, see `_corpora`. The features of a candidate are computed as
    if there were no articles but those of its corpus. The background statistics for a candidate are counted without the
    articles of its own subject.
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
    """Divide a subject's articles into a large corpus and small ones; a subject with few articles is not divided."""
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
    """Count terms and words in the rows where the mask `learned` is True; drop those counted fewer than `least` times.

    A term is counted once for each article that has it. A word is counted once for each article and term that has it:
    if an article has the terms "data lake" and "data model", this adds 2 to the count of "data".
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
