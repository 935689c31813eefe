"""Rules that find the American spelling of English words, so that two spellings of a word do not become two concepts.

The rules follow P. Peters, The Cambridge Guide to English Usage (2004), entries -ize/-ise, -yze/-yse, -or/-our,
-re/-er, -l-/-ll-, -ce/-se, ae/e, oe/e and -og/-ogue. The rule for -ise holds for any stem except the listed ones. Every
other rule holds only for the listed stems, since words such as "four", "acre", "controlled" and "aerobic" look like
British spellings but are not. A spelling is not changed if the American one may have another meaning ("disc" and
"disk", "storey" and "story", "draught" and "draft"). See docs/decisions/0014-one-concept-one-node.md.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final


def _alternatives(words: str) -> str:
    return "|".join(words.split())


_WORDS: Final = dict(
    pair.split(">")
    for pair in """
    defence>defense offence>offense pretence>pretense licence>license licenced>licensed licencing>licensing
    practise>practice practised>practiced practising>practicing
    centre>center centred>centered centring>centering theatre>theater calibre>caliber sombre>somber meagre>meager
    fibreglass>fiberglass
    enrol>enroll enrolment>enrollment fulfil>fulfill fulfilment>fulfillment distil>distill instil>instill
    instalment>installment skilful>skillful wilful>willful woollen>woolen jewellery>jewelry marvellous>marvelous
    focussed>focused focussing>focusing benefitted>benefited benefitting>benefiting biassed>biased
    grey>gray greyscale>grayscale programme>program cheque>check chequebook>checkbook tyre>tire kerb>curb plough>plow
    mould>mold moulded>molded moulding>molding smoulder>smolder ageing>aging judgement>judgment
    acknowledgement>acknowledgment artefact>artifact sceptic>skeptic sceptical>skeptical scepticism>skepticism
    aeroplane>airplane aluminium>aluminum moustache>mustache gramme>gram kilogramme>kilogram cosy>cozy maths>math
    speciality>specialty sulphur>sulfur encyclopaedia>encyclopedia mediaeval>medieval caesium>cesium
    caesarean>cesarean manoeuvre>maneuver manoeuvring>maneuvering manoeuvrability>maneuverability
    """.split()
)

_ISE: Final = re.compile(r"([a-z]{2,}[b-df-hj-np-tv-z])is(e|ed|ing|ation|ational|ationally|able|ability)")
"""Pattern of words in -ise, such as "optimise", and of their other forms, such as "optimisation".

The stem before -is must end in a consonant, because "raise", "noise" and "cruise" have the same spelling in American
English.
"""
_ISER: Final = re.compile(
    r"((?:de|re|un)?(?:appet|atom|custom|dramat|discret|energ|equal|fertil|harmon|immun|initial|item|mobil|modern"
    r"|moistur|monet|neutral|normal|optim|organ|oxid|plastic|polar|popular|pressur|priorit|pulver|quant|random|regular"
    r"|sanit|serial|social|stabil|standard|steril|summar|synthes|symbol|token|tranquil|vapor|vector|verbal|virtual"
    r"|visual|vocal))iser"
)
"""Pattern of words in -iser, such as "tokeniser".

It lists the stems, since many surnames end in -iser, and their spelling must not change.
"""
_KEEPS_ISE: Final = re.compile(
    # words in which -ise is part of the stem, mostly from Latin and French
    "(?:.*(?:wise|prise|franchise|merchandise|vertise|pertise|supervise|televise|improvise|promise|premise|surmise"
    "|exercise|circumcise|precise|concise|chastise|treatise|paradise)"
    f"|(?:ab|de|in|ex|re|ad|over|sun|moon|up|high|low|mid|a)?(?:{_alternatives('rise cise mise vise')})"
    f"|{_alternatives('previse despise anise cerise marquise valise chemise denise elise exorcise')})"
)
_YSE: Final = re.compile(rf"(.*(?:{_alternatives('anal catal paral hydrol electrol dial')}))ys(e|ed|ing|er|able)")
_OUR: Final = re.compile(
    r"(.*(?:behavi|col|fav|flav|harb|hon|hum|lab|neighb|parl|rum|sav|savi|splend|tum|arm|endeav|demean|clam|cand)"
    r"|(?:mal)?od|rig|val|vap|vig|ard|ferv|succ|ranc)our"
    r"(|ed|ing|er|less|ful|able|ably|al|ally|ism|ist|ite|itism|hood|y|ise|ize|ant|ation)"
)
_RE: Final = re.compile(
    r"((?:epi|bary|in|circum|ortho|multi|meta|hyper|tele|amphi)?(?:cent|theat)|(?:micro|nano|multi|non|opto)?fib"
    r"|(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|mega|giga)?(?:met|lit))re(d|)"
)
_OGUE: Final = re.compile(r"(catal|anal|dial|homol|orthol|paral)og(?:u(ed|ing|er)|ue)")
_LL_STEMS: Final = _alternatives(
    """
    travel model label cancel signal tunnel channel level fuel marshal dial total counsel panel rival pedal equal funnel
    trial unravel quarrel parcel pencil chisel swivel shovel revel marvel spiral bevel libel enamel barrel duel initial
    jewel towel
    """
)
_LL: Final = re.compile(rf"((?:un|re|mis|pre|post|over|multi|cross|co|out)?(?:{_LL_STEMS}))l(ed|ing|er|or|ist)")
_DIGRAPHS: Final = (
    (re.compile("haem"), "hem"),
    (re.compile("aemi(?=[ac])"), "emi"),
    (re.compile("paed(?=iatr|ic$|ics$|ist)"), "ped"),
    (re.compile("anaesth"), "anesth"),
    (re.compile("gynaec"), "gynec"),
    (re.compile("^faec"), "fec"),
    (re.compile("foet(?=us|al)"), "fet"),
    (re.compile("oestr(?=og|us|ad|on)"), "estr"),
    (re.compile("oesoph"), "esoph"),
    (re.compile("oedem"), "edem"),
    (re.compile("rrhoea"), "rrhea"),
    (re.compile("^aetiolog"), "etiolog"),
    (re.compile("^palaeo"), "paleo"),
    (re.compile("^coeliac"), "celiac"),
    (re.compile("^homoeo"), "homeo"),
    (re.compile("sulph"), "sulf"),
)


@lru_cache(maxsize=1 << 17)
def american(word: str) -> str:
    """Return the American spelling of a lower-case word in the singular, or the word itself if no rule applies.

    >>> [american(word) for word in ("optimisation", "behaviour", "fibre", "modelling", "haemoglobin", "catalogue")]
    ['optimization', 'behavior', 'fiber', 'modeling', 'hemoglobin', 'catalog']
    >>> [american(word) for word in ("exercise", "four", "acre", "controlled", "aerobic", "prologue")]
    ['exercise', 'four', 'acre', 'controlled', 'aerobic', 'prologue']
    """
    if word in _WORDS:
        return _WORDS[word]
    if len(word) < 5 or not word.isascii():
        return word
    if found := _OUR.fullmatch(word):
        word = f"{found[1]}or{found[2]}"
    if (found := _ISE.fullmatch(word)) and not _KEEPS_ISE.fullmatch(found[1] + "ise"):
        return f"{found[1]}iz{found[2]}"
    if found := _ISER.fullmatch(word):
        return f"{found[1]}izer"
    if found := _YSE.fullmatch(word):
        return f"{found[1]}yz{found[2]}"
    if found := _RE.fullmatch(word):
        return f"{found[1]}er{'ed' if found[2] else ''}"
    if found := _OGUE.fullmatch(word):
        return f"{found[1]}og{found[2] or ''}"
    if found := _LL.fullmatch(word):
        return f"{found[1]}{found[2]}"
    for pattern, spelling in _DIGRAPHS:
        word = pattern.sub(spelling, word)
    return word
