"""What is found of candidates, from notes in any order to columns in the order of the text."""

import numpy as np
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.annotate.extract.columns import Occurrences, Sentences, in_columns
from kg.annotate.extract.noun_phrases import find_candidates
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import tagger_view
from tests.annotate.sentences import article, candidates, tagged
from tests.annotate.spans import ranges, spans_of

TEXT = "Data drift hurts. Drift of data."
TAGS = "Data/NNS drift/NN hurts/VBZ ./. Drift/NN of/IN data/NNS ./."


def test_columns_are_in_the_order_of_the_text_whatever_was_noted_first() -> None:
    view = tagger_view(article(TEXT))
    tokens = Tokens(tagged(view, TAGS), view)
    sentences = Sentences.of([(0, 4, 0, False, False, False), (4, 8, 0, False, False, False)])
    noted = [
        (4, 7, "drift of data", "i"),
        (6, 7, "data", ""),
        (1, 2, "drift", ""),
        (4, 5, "drift", ""),
        (0, 1, "data", ""),
    ]
    found = in_columns([Occurrences.of(noted[:2]), Occurrences.of(noted[2:])], sentences, tokens, view.text)
    assert [*found.terms] == ["data", "drift", "drift of data"]
    assert ranges(found.spans) == [[(0, 1), (6, 7)], [(1, 2), (4, 5)], [(4, 7)]]
    assert [*found.shapes] == ["nn", "nn", "nni"]
    assert found.columns["first"].tolist() == [0, 1, 4]
    assert found.columns["last"].tolist() == [6, 4, 4]
    assert found.columns["words"].tolist() == [1, 1, 3]


def test_nothing_found() -> None:
    view = tagger_view(article("They fail."))
    found = find_candidates(Tokens(tagged(view, "They/PRP fail/VBP ./."), view), view)
    assert [len(column) for column in (*found.columns.values(), *found.places.values())] == [0] * 15
    assert found.words == [("fail", "other")]
    empty = tagger_view(article("```\nx\n```"))
    assert candidates(find_candidates(Tokens(Doc(Vocab(), words=[]), empty), empty)) == {}


def test_totals() -> None:
    spans = spans_of([[(0, 1), (2, 3)], [(4, 5)]])
    assert spans.starts.tolist() == [0, 2]
    assert spans.totals([np.array([True, True, False]), np.array([False, True, True])]).tolist() == [[2, 0], [1, 1]]
    assert spans_of([]).totals([np.zeros(0, np.bool_)] * 2).shape == (2, 0)
