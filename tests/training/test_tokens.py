"""What a token model is fitted to, and that it learns."""

import numpy as np
import pytest

from kg.annotate.extract.token_model import BEGIN, END, FEATURES, INSIDE, OUTSIDE, SINGLE, WEIGHTS, WINDOW, TokenModel
from kg.training.tokens import Vectors, _labels, fit_tokens, load_vectors
from tests.annotate.annotating import annotated
from tests.annotate.spans import ranges, spans_of

WIDTH = 6


def corpus(articles: int, seed: int = 1) -> tuple[Vectors, list[np.ndarray]]:
    """Articles of forty tokens with ten candidates of two; keywords are those whose vectors point in one direction."""
    rng = np.random.default_rng(seed)
    values, starts, chosen = [np.zeros((WINDOW, WIDTH))], [], []
    spans = spans_of([[(4 * at, 4 * at + 2)] for at in range(10)])
    for number in range(articles):
        vectors = rng.normal(size=(40, WIDTH))
        wanted = rng.random(10) < 0.3
        for at in np.flatnonzero(wanted):
            vectors[4 * at : 4 * at + 2, 0] += 4
        values += [vectors, np.zeros((WINDOW, WIDTH))]
        starts.append(WINDOW + number * (40 + WINDOW))
        chosen.append(wanted)
    lengths = np.full(articles, 40)
    return Vectors(np.concatenate(values).astype(np.float16), np.array(starts), lengths, [spans] * articles), chosen


def test_labels_are_of_the_longest_keyword_that_a_token_stands_in() -> None:
    spans = spans_of([[(0, 1), (5, 6)], [(0, 3)], [(4, 6)], [(6, 7)]])
    assert _labels(8, spans, np.array([True, True, False, True])).tolist() == [
        BEGIN,
        INSIDE,
        END,
        OUTSIDE,
        OUTSIDE,
        SINGLE,
        SINGLE,
        OUTSIDE,
    ]
    assert _labels(2, spans_of([]), np.array([], np.bool_)).tolist() == [OUTSIDE, OUTSIDE]


def test_vectors_of_all_batches_lie_in_the_order_of_the_files(tmp_path) -> None:
    texts = {"a.md": "Data drift hurts.", "b.md": "```\nx\n```", "c.md": "We fear a loss of data."}
    for name, text in texts.items():
        (tmp_path / name).write_text(text + "\n")
    batches = [("a.md", "b.md"), ("c.md",)]
    found = load_vectors([annotated(tmp_path / "rows", tmp_path, *files) for files in batches])
    together = load_vectors([annotated(tmp_path / "rows", tmp_path, *texts)])
    assert found.lengths.tolist() == together.lengths.tolist()
    assert [*map(ranges, found.spans)] == [*map(ranges, together.spans)]
    for number in range(3):
        assert (found.article(number) == together.article(number)).all()
        start, end = found.starts[number], found.starts[number] + found.lengths[number]
        assert not found.values[start - WINDOW : start].any()
        assert not found.values[end : end + WINDOW].any()
        assert found.wanted(number).sum() == len(
            {t for spans in ranges(found.spans[number]) for b, e in spans for t in range(b, e)}
        )


def test_a_token_model_learns_and_says_the_same_after_it_was_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.training.tokens.EPOCHS", 20)
    vectors, chosen = corpus(200)
    model = fit_tokens(vectors, range(150), chosen, "some_pipeline")
    assert model.pipeline == "some_pipeline"
    inside = np.concatenate([rows[:, FEATURES.index("best_fit")] for rows in vectors.summaries(model, range(150, 200))])
    wanted = np.concatenate(chosen[150:])
    assert inside[wanted].mean() > 0.5 > 0.2 > inside[~wanted].mean()
    stored = TokenModel("some_pipeline", *(getattr(model, name).astype("f2").astype("f4") for name in WEIGHTS))
    assert all((getattr(stored, name) == getattr(model, name)).all() for name in WEIGHTS)


def test_a_token_model_is_of_the_articles_that_it_is_given_alone() -> None:
    vectors, chosen = corpus(30)
    others = [*chosen[:20], *(~wanted for wanted in chosen[20:])]
    one, other = (fit_tokens(vectors, range(20), given, "x") for given in (chosen, others))
    assert one.to_bytes() == other.to_bytes()
    assert fit_tokens(vectors, range(30), chosen, "x").to_bytes() != one.to_bytes()
