"""Rules that find the singular of English words.

A statistical lemmatizer could find the singular, too. But then the version of a model and part-of-speech tags would
decide which terms are one concept.

The rules follow R. Quirk et al., A Comprehensive Grammar of the English Language (1985), sections 5.73-5.104. They also
cover technical words for which the tested libraries return a wrong singular ("indices", "matrices", "analysis",
"Kubernetes"); see docs/decisions/0004-singular-by-rule.md.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(">") for pair in text.split())


_IRREGULAR: Final = _pairs(
    """
    children>child grandchildren>grandchild feet>foot teeth>tooth geese>goose mice>mouse lice>louse oxen>ox
    criteria>criterion phenomena>phenomenon automata>automaton polyhedra>polyhedron ganglia>ganglion
    mitochondria>mitochondrion bacteria>bacterium curricula>curriculum spectra>spectrum quanta>quantum strata>stratum
    memoranda>memorandum millennia>millennium symposia>symposium errata>erratum taxa>taxon genera>genus corpora>corpus
    schemata>schema stigmata>stigma indices>index subindices>subindex matrices>matrix vertices>vertex
    appendices>appendix vortices>vortex codices>codex helices>helix apices>apex cortices>cortex simplices>simplex
    submatrices>submatrix radii>radius nuclei>nucleus stimuli>stimulus foci>focus fungi>fungus cacti>cactus
    alumni>alumnus syllabi>syllabus loci>locus bacilli>bacillus moduli>modulus calculi>calculus tori>torus
    algae>alga larvae>larva vertebrae>vertebra antennae>antenna formulae>formula nebulae>nebula
    leaves>leaf lives>life knives>knife wolves>wolf shelves>shelf halves>half selves>self calves>calf loaves>loaf
    thieves>thief wives>wife hooves>hoof scarves>scarf elves>elf
    axes>axis crises>crisis theses>thesis hypotheses>hypothesis syntheses>synthesis parentheses>parenthesis
    prostheses>prosthesis geneses>genesis diagnoses>diagnosis prognoses>prognosis neuroses>neurosis oases>oasis
    symbioses>symbiosis metastases>metastasis emphases>emphasis
    potatoes>potato tomatoes>tomato heroes>hero echoes>echo vetoes>veto torpedoes>torpedo mosquitoes>mosquito
    volcanoes>volcano cargoes>cargo embargoes>embargo dominoes>domino tornadoes>tornado zeroes>zero noes>no
    lenses>lens biases>bias gases>gas aliases>alias atlases>atlas canvases>canvas pancreases>pancreas
    biogases>biogas quizzes>quiz caches>cache aches>ache headaches>headache niches>niche avalanches>avalanche
    psyches>psyche movies>movie cookies>cookie calories>calorie ties>tie pies>pie lies>lie dies>die zombies>zombie
    brownies>brownie selfies>selfie rookies>rookie genies>genie prairies>prairie eyries>eyrie smoothies>smoothie
    buses>bus minibuses>minibus viruses>virus ids>id vms>vm pcs>pc cpus>cpu gpus>gpu ads>ad menus>menu bureaus>bureau
    guis>gui
    """
)
_INVARIANT: Final = frozenset(
    """
    data series species subspecies means news lens bias gas atlas canvas chaos alias kubernetes devops mlops redis
    diabetes rabies always perhaps paris texas jesus goods corps chassis sheep fish aircraft spacecraft headquarters
    bayes keras pandas postgres sales proceeds earnings savings premises thanks ios macos cosmos pathos ethos logos
    athos asbestos rhinoceros pancreas biogas christmas overseas whereas plus minus versus yes james jones charles
    hodges socrates sophocles hermes archimedes descartes los las analytics chess herpes measles mumps shambles
    innings crossroads gallows barracks works maths stats windows
    wales athens brussels netherlands philippines sas aws dns css https tls cors sms gps cms crs xss os ics ms vs us
    its this is as has was does
    """.split()
)
_MEN_KEPT: Final = frozenset("specimen regimen abdomen omen semen acumen lumen stamen ramen hymen yemen".split())
_COUNTABLE_ICS: Final = re.compile(
    r"(?:metr|top|characterist|heurist|fabr|crit|clin|com|graph|tact|antibiot|plast|ceram|cosmet|mosa|epidem|pandem"
    r"|rel|rubr|log|gener|mus|pin|picn|psychedel|asympt|narcot|cyn|scept|skept|cathol|synthet|bas"
    r"|publ|republ|med|mim|academ|alcohol|diuret|ep)ics$"
)
_KEEPS_E: Final = re.compile(r"(?:a|o|f|m|exc|re|mis|ab|hypoten|recl|per|^)use$")


@lru_cache(maxsize=1 << 17)
def singular(word: str) -> str:
    """Return the singular of a lower-case word, or the word itself if it is not a plural.

    >>> [singular(word) for word in ("models", "analyses", "indices", "matrix", "bias", "kubernetes", "statistics")]
    ['model', 'analysis', 'index', 'matrix', 'bias', 'kubernetes', 'statistics']
    """
    if word in _INVARIANT or word in _MEN_KEPT:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 4 and word.isalpha():
        return word[:-2] + "an" if re.search(r"(?:wo|s|e|r|h|i|t)men$", word) else word
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word
    if word.endswith("ics"):
        return word[:-1] if _COUNTABLE_ICS.search(word) else word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith("yses"):
        return word[:-2] + "is"
    if word.endswith(("sses", "shes", "xes", "zzes")) or (word.endswith("ches") and not word.endswith("aches")):
        return word[:-2]
    if word.endswith("aches"):
        return word[:-2]
    if word.endswith("uses"):
        return word[:-1] if _KEEPS_E.search(word[:-1]) else word[:-2]
    return word[:-1]
