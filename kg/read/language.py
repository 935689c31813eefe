"""Detect the language of an article, and parse names and tags of languages.

A quick test recognises most English texts by their function words. Only the other texts are passed to py3langid, whose
model takes half a second to load.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from kg.base.model import MarkKind, Part, SegmentKind
from kg.base.threads import one_thread

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SMALL_WORDS: Final = frozenset(
    """
    a about all an and are as at be been but by can do for from had has have how if in into is it its more most not of
    on one or other our so some than that the their them then there these they this to was we were what when which who
    will with would you your
    """.split()
)
_BEGINNINGS: Final = (600, 2_000)
"""Numbers of characters at the beginning of a text in which the function words are counted.

The first number corresponds to a hundred English words, and is enough for almost all texts. If it is not, the larger
number is tried before py3langid.
"""
_MIN_SMALL_WORDS: Final = 3
"""Minimum number of function words in a text that the quick test accepts as English."""
_MAX_BYTES: Final = 1.2
"""Maximum mean number of bytes per character, in UTF-8, in a text that the quick test accepts as English.

If the mean is greater, much of the text is in another script, and English words in it do not show that it is English.
"""
_MIN_SHARE: Final = 0.22
"""Minimum share of function words among the words of a text that the quick test accepts as English.

In English prose, the share is 0.3 to 0.5. In German, French, Spanish, Dutch and Italian, it is less than 0.1. In
Portuguese, it can be 0.15, since some Portuguese words are spelled like English function words.
"""
_SAMPLE: Final = 2_000
"""Number of characters at the beginning of a text that are passed to py3langid."""
_MIN_BYTES: Final = 40
"""Minimum number of bytes of a text, in UTF-8, that is passed to py3langid."""
_MIN_CONFIDENCE: Final = 0.7
"""Minimum probability of a language found by py3langid. In a test, py3langid was never wrong above it."""
_NO_LANGUAGE: Final = frozenset({"zxx", "und", "mul", "mis"})
"""Tags that do not name a single language."""
_CODE = re.compile(r"[a-z]{2,3}")
"""Matches the first part of a tag, which is a language code of ISO 639."""
_ADDRESS = re.compile(r"\b\w++://\S+")
_ENCODING = re.compile(r"[.@].*", re.DOTALL)
"""The end of the name of a locale in POSIX, such as ".UTF-8" in "en_US.UTF-8"."""
_MAX_STEPS: Final = 8
"""Maximum number of parts of a tag that are read. For example, "zh-hant-tw" has three parts."""

_NAMES: Final = {
    "af": "Afrikaans",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "eo": "Esperanto",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fil": "Filipino",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ms": "Malay",
    "nb": "Norwegian Bokmål",
    "nl": "Dutch",
    "nn": "Norwegian Nynorsk",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""Key: a tag. Value: the English name of the language."""
_OWN_NAMES: Final = {
    "čeština": "cs",
    "dansk": "da",
    "deutsch": "de",
    "español": "es",
    "suomi": "fi",
    "français": "fr",
    "hrvatski": "hr",
    "magyar": "hu",
    "bahasa indonesia": "id",
    "italiano": "it",
    "日本語": "ja",
    "한국어": "ko",
    "nederlands": "nl",
    "norsk": "no",
    "polski": "pl",
    "português": "pt",
    "română": "ro",
    "русский": "ru",
    "svenska": "sv",
    "türkçe": "tr",
    "українська": "uk",
    "tiếng việt": "vi",
    "中文": "zh",
}
"""Key: the name of a language in the language itself, in lower case. Value: its tag."""
_TAGS: Final = {name.casefold(): tag for tag, name in _NAMES.items()} | _OWN_NAMES


@cache
def language_tag(text: str) -> tuple[str | None, bool]:
    """Return the language that a text names, as a tag of BCP 47 in lower case; None if it names no language.

    Also return whether parts of the text were dropped because no valid tag has them.

    >>> language_tag("German"), language_tag("en_US.UTF-8"), language_tag("fr-fr-fr"), language_tag("python")
    (('de', False), ('en-us', False), ('fr-fr', True), (None, False))
    """
    from langcodes import Language

    name = " ".join(text.casefold().split())
    if name in _TAGS:
        return _TAGS[name], False
    steps = _ENCODING.sub("", name).replace("_", "-").split("-")
    for count in range(min(len(steps), _MAX_STEPS), 0, -1):
        try:
            language = Language.get("-".join(steps[:count]))
        except ValueError:
            continue
        code = language.language or ""
        if language.is_valid() and _CODE.fullmatch(code) and code not in _NO_LANGUAGE:
            return language.to_tag().lower(), count < len(steps)
    return None, False


def language_name(tag: str) -> str:
    """Return the English name of a language, or its tag if the name is not known here.

    >>> language_name("de-at"), language_name("wuu")
    ('German', 'wuu')
    """
    return _NAMES.get(tag.partition("-")[0], tag)


def is_same_language(tag: str, other: str) -> bool:
    """Whether two tags name the same language. Regions and scripts make no difference.

    >>> is_same_language("en-gb", "en"), is_same_language("no", "nb"), is_same_language("en", "de")
    (True, True, False)
    """
    one, two = ({"no": "nb"}.get(found, found) for found in (tag.partition("-")[0], other.partition("-")[0]))
    return one == two


def language_of(parts: Sequence[Part]) -> str | None:
    """Return the tag of the language in which an article is written, or None if it cannot be recognised.

    The text of some articles is too short, or consists of names, numbers or code.
    """
    return "en" if _reads_as_english(parts) else _recognised(parts)


def _reads_as_english(parts: Iterable[Part]) -> bool:
    beginning = ""
    for part in parts:
        for segment in part.segments:
            if segment.kind is not SegmentKind.VERBATIM:
                beginning += part.text[segment.start : segment.end] + " "
            if len(beginning) > _BEGINNINGS[-1]:
                break
    return any(_has_small_words(beginning[:length]) for length in _BEGINNINGS)


def _has_small_words(text: str) -> bool:
    if len(text.encode()) > _MAX_BYTES * len(text):
        return False
    words = text.lower().split()
    return sum(map(_SMALL_WORDS.__contains__, words)) >= max(_MIN_SMALL_WORDS, _MIN_SHARE * len(words))


def _recognised(parts: Iterable[Part]) -> str | None:
    sample = " ".join(" ".join(map(_running_text, parts)).split())[:_SAMPLE]
    if len(sample.encode()) < _MIN_BYTES:
        return None
    with one_thread():
        tag, confidence = _identifier().classify(sample)
    return language_tag(tag)[0] if confidence >= _MIN_CONFIDENCE else None


def _running_text(part: Part) -> str:
    """Return the text of a part without code, mathematics and web addresses."""
    hidden = [(mark.start, mark.end) for mark in part.marks if mark.kind is not MarkKind.BOLD]
    hidden += [(segment.start, segment.end) for segment in part.segments if segment.kind is SegmentKind.VERBATIM]
    shown = ""
    position = 0
    for start, end in sorted(hidden):
        shown += part.text[position:start] + " "
        position = max(position, end)
    return _ADDRESS.sub(" ", shown + part.text[position:])


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model of py3langid, limited to languages whose tag has two letters.

    The other languages are varieties of these. For example, terse English was mistaken for Nigerian Pidgin.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2 or label in _NO_LANGUAGE])
    return identifier
