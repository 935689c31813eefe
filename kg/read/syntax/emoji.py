"""Read the codes of emoji and icons, such as `:tada:` and `:material-account:`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kg.read.syntax.extension import Extension, Markup, Piece

_NAME: Final = "[a-z0-9_+-]{1,60}"
_CODE = re.compile(f":({_NAME})(?=:)")
_ICON = re.compile(
    r"(?:bi|bootstrap|fa[brs]?|feather|fluent|fontawesome|heroicons|lucide|material|mdi|octicons?|simple|tabler|twemoji)"
    r"-[a-z0-9-]+|skin-tone-\d"
)
"""Matches names of icons, which begin with the name of their family, and skin tones, which modify an emoji."""
_PERSON = re.compile(r"(\w+)_(man|woman|person)")
_OF_GITHUB: Final = {
    "artificial_satellite": "🛰", "ballot_box": "🗳", "camera_flash": "📸", "champagne": "🍾", "cheese": "🧀",
    "cn": "🇨🇳", "cursing_face": "🤬", "de": "🇩🇪", "es": "🇪🇸", "eu": "🇪🇺", "facepalm": "🤦", "film_strip": "🎞",
    "fist_raised": "✊", "flight_departure": "🛫", "fr": "🇫🇷", "gb": "🇬🇧", "hand_over_mouth": "🤭",
    "hash": "#️⃣", "hotdog": "🌭", "hugs": "🤗", "it": "🇮🇹", "jp": "🇯🇵", "kr": "🇰🇷", "medal_military": "🎖",
    "medal_sports": "🏅", "money_mouth_face": "🤑", "monocle_face": "🧐", "newspaper_roll": "🗞", "octocat": "",
    "orange": "🍊", "paperclips": "🖇", "plate_with_cutlery": "🍽", "raised_eyebrow": "🤨",
    "rescue_worker_helmet": "⛑", "rofl": "🤣", "roll_eyes": "🙄", "ru": "🇷🇺", "shipit": "", "shopping": "🛍",
    "shrug": "🤷", "star_struck": "🤩", "thinking": "🤔", "tickets": "🎟", "trollface": "", "uk": "🇬🇧",
    "upside_down_face": "🙃", "us": "🇺🇸", "vomiting_face": "🤮", "zipper_mouth_face": "🤐",
}  # fmt: skip
"""The most common GitHub codes (https://github.com/github/gemoji) that the library `rich` lacks."""


def _read(match: re.Match[str]) -> Iterator[Piece]:
    """Replace each code in a run of codes, such as `:tada::heart:`, by its emoji. Remove codes of icons."""
    for code in _CODE.finditer(match[0]):
        shown = _emoji(code[1])
        if shown is None:
            return
        yield Markup(match.start() + code.start(), match.start() + code.end() + 1, shown)


@lru_cache(maxsize=1 << 12)
def _emoji(name: str) -> str | None:
    """Return the emoji that a code is shown as, an empty text for an icon, or None if the code is not known."""
    from rich.emoji import Emoji  # takes 0.1 s, and few texts have codes

    if _ICON.fullmatch(name):
        return ""
    if name in _OF_GITHUB:
        return _OF_GITHUB[name]
    person = _PERSON.fullmatch(name)
    for known in (name, f"{person[2]}_{person[1]}") if person else (name,):
        found = Emoji.replace(f":{known}:")
        if not found.startswith(":"):
            return found
    return None


EMOJI: Final = Extension("emoji", ":", rf":(?<![A-Za-z0-9:\\]:){_NAME}:(?::{_NAME}:)*(?![A-Za-z0-9:])", _read)
"""Codes with no letter, digit or colon around them. Not codes: `10:30:00`, `a:b:c`, `std::string::npos`."""
