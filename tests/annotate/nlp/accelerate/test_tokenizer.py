"""Texts are cut as spaCy's own tokenizer cuts them, whatever was cut before, and words do not fill the memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from kg.annotate.nlp.accelerate import tokenizer as module
from kg.annotate.nlp.accelerate.tokenizer import CachingTokenizer

TEXTS = (
    "It isn't (e.g.) a U.K.-based firm's v1.2, is it?\n\nDon't: see https://example.org/a?b=c, or don't...",
    "isn't isn't, (isn't) 'isn't' e.g., ((e.g. 10km/h 5-10% $5 x=y a/b :) :-) C++ state-of-the-art\tcan't've",
    "firm's firm (firm's) don't, don't. a a. a.m. 10a.m. I'm im Im cannot gotta (cannot) \u2019tis it\u2019s",
    "",
    "  \n ",
)


class Counted(Tokenizer):
    """A tokenizer that remembers what it was asked for."""

    def __call__(self, string: str) -> Doc:
        self.__dict__.setdefault("asked", []).append(string)
        return super().__call__(string)


@pytest.fixture
def plain() -> Tokenizer:
    """What spaCy makes of a text; it has read none."""
    return spacy.blank("en").tokenizer


@pytest.fixture
def pipeline() -> Iterator[Language]:
    """With the tokenizer that caches."""
    made = spacy.blank("en")
    made.tokenizer = CachingTokenizer(made.tokenizer)
    return made


def facts(doc: Doc) -> list[tuple[str, str, str, str, str, str]]:
    """All that the tagger sees of the tokens."""
    return [(t.text, t.norm_, t.prefix_, t.suffix_, t.shape_, t.whitespace_) for t in doc]


@pytest.mark.parametrize("order", [1, -1])
def test_texts_are_cut_as_by_a_new_tokenizer_of_spacy(pipeline: Language, order: int) -> None:
    for text in TEXTS[::order] * 2:
        assert facts(pipeline(text)) == facts(spacy.blank("en").tokenizer(text))


def test_what_is_new_is_cut_once_by_itself(plain: Tokenizer) -> None:
    counted = _counted(plain)
    caching = CachingTokenizer(counted)
    caching("It isn't new, it isn't.")
    caching("It isn't old, " + "x" * 41)
    assert counted.asked == [
        *("It", "isn't", "isn't.", "it", "new,", "It isn't new, it isn't."),
        *("old,", "It isn't old, " + "x" * 41),
    ]


def test_nothing_more_is_cached_once_much_is(plain: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CHUNKS", 2)
    counted = _counted(plain)
    caching = CachingTokenizer(counted)
    caching("one two")
    caching("three")
    assert counted.asked == ["one", "two", "one two", "three"]


def _counted(plain: Tokenizer) -> Counted:
    return Counted(
        plain.vocab,
        plain.rules,
        prefix_search=plain.prefix_search,
        suffix_search=plain.suffix_search,
        infix_finditer=plain.infix_finditer,
        url_match=plain.url_match,
    )
