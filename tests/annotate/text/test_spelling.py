"""British and American spellings are one word, and words that only look British stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate.text.inflection import singular
from kg.annotate.text.normal_form import normal_form
from kg.annotate.text.spelling import american

BRITISH = """
    optimise>optimize optimised>optimized optimising>optimizing optimiser>optimizer optimisation>optimization
    organisational>organizational recognisable>recognizable minimise>minimize customise>customize
    criticise>criticize publicise>publicize collectivise>collectivize tokenisation>tokenization
    analyse>analyze analysed>analyzed analyser>analyzer catalyse>catalyze hydrolysed>hydrolyzed
    behaviour>behavior behavioural>behavioral colour>color coloured>colored colourise>colorize favourite>favorite
    neighbourhood>neighborhood labour>labor tumour>tumor vapour>vapor odour>odor watercolour>watercolor
    centre>center centred>centered epicentre>epicenter metre>meter kilometre>kilometer fibre>fiber litre>liter
    catalogue>catalog cataloguing>cataloging dialogue>dialog analogue>analog
    modelling>modeling labelled>labeled traveller>traveler cancelled>canceled signalling>signaling
    defence>defense licence>license fulfilment>fulfillment programme>program grey>gray artefact>artifact
    haemoglobin>hemoglobin anaemia>anemia leukaemic>leukemic paediatric>pediatric oestrogen>estrogen foetus>fetus
    sulphate>sulfate manoeuvre>maneuver palaeolithic>paleolithic
"""
EVERYWHERE = """
    wise otherwise exercise enterprise promise promised premise compromise surprise precise concise noise raise cruise
    advertise advertising supervise supervised unsupervised revise device devise improvisation franchise merchandise
    expertise paradise treatise disable disability advisable rising ising crisis basis
    four hour our your tour flour contour detour glamour troubadour source course
    genre acre timbre parametre pre more store software
    prologue epilogue synagogue rogue vogue
    controlled controller compelled excelled metallic cell cellular called filling installed skilled
    aerobic anaerobic michael israel phoenix shoe poem coefficient archaeology amoeba aesthetic does
    analysis catalysis size prize seize pariser fence hence commence
    storey draught disc
"""


@pytest.mark.parametrize(("british", "expected"), [pair.split(">") for pair in BRITISH.split()])
def test_british_becomes_american(british: str, expected: str) -> None:
    assert american(british) == expected


@pytest.mark.parametrize("word", EVERYWHERE.split())
def test_what_is_spelt_so_everywhere_stays(word: str) -> None:
    assert american(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Behavioural Analyses", "behavioral analysis"),
        ("data centres", "Data Center"),
        ("hyper-parameter optimisation", "hyper parameter optimization"),
        ("the neighbours' catalogues", "the neighbor catalog"),
    ],
)
def test_both_spellings_are_one_normal_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@given(st.sampled_from([pair.split(">")[0] for pair in BRITISH.split()] + EVERYWHERE.split()) | st.text(max_size=12))
def test_an_american_word_is_its_own_spelling_and_no_plural(word: str) -> None:
    once = american(singular(word.casefold()))
    assert american(once) == once
