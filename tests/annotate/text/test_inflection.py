"""The singular of a word, which a concept's identity depends on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.text.inflection import singular

PLURALS = """
    model>model models>model feature>feature features>feature batch>batch batches>batch cache>cache caches>cache
    process>process processes>process class>class classes>class index>index indices>index indexes>index
    matrix>matrix matrices>matrix vertex>vertex vertices>vertex analysis>analysis analyses>analysis basis>basis
    hypothesis>hypothesis hypotheses>hypothesis axis>axis axes>axis bias>bias biases>bias lens>lens lenses>lens
    criterion>criterion criteria>criterion phenomena>phenomenon corpora>corpus schema>schema schemata>schema
    formulae>formula child>child children>child mice>mouse feet>foot woman>woman women>woman half>half halves>half
    query>query queries>query policy>policy policies>policy key>key keys>key day>day days>day movie>movie
    movies>movie cookie>cookie cookies>cookie series>series species>species data>data news>news
    statistics>statistics physics>physics mathematics>mathematics metric>metric metrics>metric topics>topic
    heuristics>heuristic characteristics>characteristic analytics>analytics
    kubernetes>kubernetes pandas>pandas redis>redis keras>keras postgres>postgres aws>aws dns>dns
    virus>virus viruses>virus status>status bus>bus buses>bus use>use uses>use cause>cause causes>cause
    house>house houses>house response>response responses>response database>database databases>database
    gas>gas gases>gas box>box boxes>box tax>tax taxes>tax loss>loss losses>loss address>address addresses>address
    quiz>quiz quizzes>quiz hero>hero heroes>hero embryos>embryo photos>photo ratio>ratio ratios>ratio
    specimen>specimen specimens>specimen regimen>regimen tie>tie ties>tie die>die dies>die
    is>is as>as gpus>gpu ids>id
"""


@pytest.mark.parametrize(("word", "expected"), [pair.split(">") for pair in PLURALS.split()])
def test_singular(word: str, expected: str) -> None:
    assert singular(word) == expected


@pytest.mark.parametrize("expected", sorted({pair.split(">")[1] for pair in PLURALS.split()}))
def test_a_singular_is_its_own_singular(expected: str) -> None:
    assert singular(expected) == expected


@given(st.text("abcdefghilmnoprstuvxyzé", min_size=1, max_size=12))
def test_any_word_gives_a_word(word: str) -> None:
    assert singular(word)
