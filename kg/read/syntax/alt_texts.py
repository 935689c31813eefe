"""Distinguish alt texts that a person wrote from names of files and from sizes of pictures."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_SIZE = re.compile(r"[ \t]*\|[ \t]*\d{1,5}(?:x\d{1,5})?[ \t]*$")
_LONGEST: Final = 120
"""Maximum number of characters of the name of a file."""
_FILE_NAME = re.compile(
    r"""
    .+\.(?:apng|avif|bmp|gif|heic|ico|jpe?g|mov|mp4|pdf|png|svg|tiff?|webm|webp)
    | \d+ (?:x\d+)? (?:px|%)?
    | image | img
    | (?:capture|clipboard|dsc|file|image|img|pasted[ _-]?image|photo|picture|pxl|screen[ _-]?shot|unnamed|untitled)
      (?:[\s\d_.():x-]|at|[ap]m)* \d (?:[\s\d_.():x-]|at|[ap]m)*
    | [0-9a-f-]{16,}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STEM = re.compile(r"[^\s]*[-_\d][^\s]*")


def without_size(alt: str) -> str:
    """Return an alt text without the size of the picture: "A loaf" for "A loaf|300x200"."""
    return _SIZE.sub("", alt) if "|" in alt else alt


def is_file_name(alt: str, address: str) -> bool:
    """Whether an alt text is only the name of a file or a size.

    Args:
        alt: the alt text.
        address: the address of the picture.
    """
    alt = without_size(alt).strip()
    if len(alt) > _LONGEST:
        return False
    stem = unquote(address.rpartition("/")[2]).partition(".")[0]
    return _FILE_NAME.fullmatch(alt) is not None or (alt == stem and _STEM.fullmatch(alt) is not None)
