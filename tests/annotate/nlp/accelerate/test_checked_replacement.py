"""An accelerated pipeline says what the untouched one says; a part that cannot be recognised or trusted is left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.ml.models.tok2vec import MishWindowEncoder
from spacy.pipeline import TrainablePipe
from spacy.tokenizer import Tokenizer
from thinc.api import Model, NumpyOps

from kg.annotate.extract.view import tagger_view
from kg.annotate.nlp.accelerate import accelerate
from kg.annotate.nlp.accelerate import checked_replacement as module
from kg.annotate.nlp.accelerate.encoder import encoder_layer
from kg.annotate.nlp.accelerate.tokenizer import CachingTokenizer
from kg.annotate.nlp.pipeline import load_tagger, untouched_pipeline
from kg.base.config import Config
from kg.base.threads import one_thread
from kg.read.article import parse_article

ARTICLES = Path(__file__).parents[4] / "examples" / "articles"
PARTS = ["tokenizer", "matrix products", "embedding", "encoder"]
TEXT = "Technical debt slows teams down."


def texts() -> list[str]:
    """What the tagger sees of all articles of examples/."""
    paths = [path.relative_to(ARTICLES) for path in sorted(ARTICLES.rglob("*.md"))]
    parsed = [parse_article(path.as_posix(), (ARTICLES / path).read_bytes(), Config())[0] for path in paths]
    return [tagger_view(article).text for article in parsed if article is not None]


def reading(pipeline: Language, text: str) -> tuple[list[tuple[str, ...]], np.ndarray]:
    doc = pipeline(text)
    facts = [(t.text, t.norm_, t.prefix_, t.suffix_, t.shape_, t.whitespace_, t.tag_) for t in doc]
    return facts, doc.tensor


def layers(pipeline: Language) -> list[Model]:
    pipes = [pipe for _, pipe in pipeline.pipeline if isinstance(pipe, TrainablePipe)]
    return [layer for pipe in pipes for layer in pipe.model.walk()]


def test_every_part_of_the_shipped_pipeline_is_accelerated() -> None:
    tagger = load_tagger(None)
    assert tagger.acceleration == dict.fromkeys(PARTS)
    assert {layer.ops.use_blis for layer in layers(tagger.pipeline) if layer.has_param("W")} == {False}


def test_all_examples_get_the_tokens_and_tags_of_an_untouched_pipeline() -> None:
    ours, theirs = load_tagger(None).pipeline, untouched_pipeline(None)
    found = texts()
    assert len(found) == 40
    with one_thread():
        for text in found:
            (facts, vectors), (expected, expected_vectors) = reading(ours, text), reading(theirs, text)
            assert facts == expected
            np.testing.assert_allclose(vectors, expected_vectors, atol=1e-4, rtol=0)


def test_a_pipeline_without_a_tagger_has_its_tokenizer_accelerated() -> None:
    found = accelerate(spacy.blank("en"))
    assert found.pop("tokenizer") is None
    assert found == {
        "matrix products": "the pipeline has no such layers",
        "embedding": "the pipeline has no such layers",
        "encoder": "the pipeline has no such layers",
    }


def test_a_part_of_another_structure_is_left_out() -> None:
    pipeline = untouched_pipeline(None)
    model = pipeline.get_pipe("tok2vec").model
    mish = MishWindowEncoder(width=96, window_size=1, depth=1)
    mish.initialize()
    model.replace_node(model.get_ref("encode"), mish)
    expected = reading(pipeline, TEXT)[0]
    assert accelerate(pipeline) == dict.fromkeys(PARTS) | {"encoder": "the layers are of another structure"}
    assert mish in model.layers
    assert reading(pipeline, TEXT)[0] == expected


def wrong(layer: Model) -> Model:
    """A layer that gives other vectors than it should."""

    def forward(model: Model, docs: object, is_train: bool) -> tuple[list[np.ndarray], object]:
        return [vectors + 0.01 for vectors in layer.predict(docs)], None

    return Model("wrong", forward)


def narrow(layer: Model) -> Model:
    def forward(model: Model, docs: object, is_train: bool) -> tuple[list[np.ndarray], object]:
        return [vectors[:, :0] for vectors in layer.predict(docs)], None

    return Model("narrow", forward)


def broken(layer: Model) -> Model:
    def forward(model: Model, docs: object, is_train: bool) -> tuple[object, object]:
        raise AttributeError("no such thing in this version")

    return Model("broken", forward)


@pytest.mark.parametrize("part", ["embedding", "encoder"])
@pytest.mark.parametrize(
    ("faster", "reason"),
    [(wrong, "gives vectors that differ by "), (broken, "fails: AttributeError: no such thing in this version")],
)
def test_a_part_that_fails_the_check_is_left_out(
    part: str, faster: Callable[[Model], Model], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = untouched_pipeline(None)
    before = pipeline.get_pipe("tok2vec").model.layers.copy()
    monkeypatch.setattr(module, f"{part}_layer", faster)
    found = accelerate(pipeline)
    assert found.pop(part).startswith(reason)
    assert found == {name: None for name in PARTS if name != part}
    place = ["embedding", "encoder"].index(part)
    assert pipeline.get_pipe("tok2vec").model.layers[place] is before[place]
    assert reading(pipeline, TEXT)[0] == reading(untouched_pipeline(None), TEXT)[0]


def test_layers_that_cannot_be_built_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(layer: Model) -> Model:
        raise ValueError("shapes do not fit")

    pipeline = untouched_pipeline(None)
    monkeypatch.setattr(module, "encoder_layer", fail)
    assert accelerate(pipeline)["encoder"] == "fails: ValueError: shapes do not fit"
    assert reading(pipeline, TEXT)[0] == reading(untouched_pipeline(None), TEXT)[0]


def test_vectors_of_another_shape_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = untouched_pipeline(None)
    pipeline.remove_pipe("tagger")  # which would fail before the comparison
    monkeypatch.setattr(module, "encoder_layer", narrow)
    assert accelerate(pipeline)["encoder"] == "gives vectors of another shape"


def test_a_tokenizer_that_cuts_otherwise_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = untouched_pipeline(None)
    tokenizer = pipeline.tokenizer
    monkeypatch.setattr(module, "CachingTokenizer", lambda found: Tokenizer(found.vocab))
    assert accelerate(pipeline)["tokenizer"] == "cuts a text into other tokens"
    assert pipeline.tokenizer is tokenizer


def test_a_tokenizer_that_is_left_out_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = untouched_pipeline(None)
    tokenizer, size = pipeline.tokenizer, pipeline.tokenizer.max_cache_size
    monkeypatch.setattr(CachingTokenizer, "__call__", lambda ours, text: spacy.blank("en").make_doc(text * 2))
    assert accelerate(pipeline)["tokenizer"] is not None
    assert pipeline.tokenizer is tokenizer
    assert tokenizer.max_cache_size == size


def test_a_tokenizer_of_another_kind_is_left_out() -> None:
    pipeline = untouched_pipeline(None)
    tokenizer = pipeline.tokenizer
    pipeline.tokenizer = lambda text: tokenizer(text)
    assert accelerate(pipeline)["tokenizer"] == "the pipeline has another tokenizer than spaCy's"


def test_layers_that_compute_elsewhere_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(NumpyOps):
        pass

    pipeline = untouched_pipeline(None)
    softmax = [layer for layer in layers(pipeline) if layer.name == "softmax"]
    before = [layer.ops for layer in softmax]
    monkeypatch.setattr(module, "NumpyOps", Other)
    assert accelerate(pipeline)["matrix products"] == "the layers do not all compute with numpy"
    assert len(softmax) == 1
    assert [layer.ops for layer in softmax] == before


def with_a_second_tok2vec(has_references: bool) -> Language:
    pipeline = untouched_pipeline(None)
    model = untouched_pipeline(None).get_pipe("tok2vec").model
    if not has_references:
        for name in ("embed", "encode"):
            model.set_ref(name, None)
    pipeline.add_pipe("tok2vec", name="second", first=True).model = model
    return pipeline


@pytest.mark.parametrize("has_references", [True, False])
def test_of_two_models_each_that_refers_to_its_layers_is_accelerated(has_references: bool) -> None:
    pipeline = with_a_second_tok2vec(has_references)
    assert accelerate(pipeline) == dict.fromkeys(PARTS)
    names = [[layer.name for layer in pipeline.get_pipe(name).model.layers] for name in ("tok2vec", "second")]
    assert names[0] == ["summed_embedding", "encoder_in_place"]
    assert (names[1] == names[0]) is has_references


def test_where_one_of_two_cannot_be_built_none_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = with_a_second_tok2vec(True)
    before = [pipeline.get_pipe(name).model.layers[1] for name in ("tok2vec", "second")]
    made = []

    def second_fails(layer: Model) -> Model:
        if made:
            raise ValueError("shapes do not fit")
        made.append(encoder_layer(layer))
        return made[0]

    monkeypatch.setattr(module, "encoder_layer", second_fails)
    assert accelerate(pipeline)["encoder"] == "fails: ValueError: shapes do not fit"
    assert [pipeline.get_pipe(name).model.layers[1] for name in ("tok2vec", "second")] == before


def test_too_little_memory_is_no_reason_to_leave_a_part_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(layer: Model) -> Model:
        raise MemoryError

    monkeypatch.setattr(module, "embedding_layer", fail)
    with pytest.raises(MemoryError):
        accelerate(untouched_pipeline(None))
