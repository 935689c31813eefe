"""Select the related links of a text, which may lead to another article of the same folder or site."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from kg.base.model import Link, LinkKind
from kg.read.fields import clean
from kg.read.syntax.extension import Target
from kg.read.syntax.template_tags import has_expression

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")
_ANCHOR = re.compile(r"[#?].*", re.DOTALL)
_BREAKS = re.compile(r"[\n\r\t\f]+")
_NAMES: Final = frozenset({LinkKind.NAME, LinkKind.TAG, LinkKind.LABEL})
"""Kinds of links that contain a name instead of an address."""


def has_template(target: Target) -> bool:
    """Whether the address of a link has an expression of a template language that was not evaluated, as in `{{x}}/a`.

    Such a link leads to an unknown address.
    """
    return target.kind not in _NAMES and has_expression(target.address)


def link_to(target: Target, line: int | None, site: str | None) -> Link | None:
    """Return a link in a text as a related link.

    The result is None if the link leads to another site, or to a place on the page that contains the link.

    Args:
        target: the link as written.
        line: number of the link's line in the file, from 1, or None if it is not known.
        site: web address of the articles, from kg.toml.
    """
    address, kind = target.address.strip(), target.kind
    if target.kind not in _NAMES:
        on_site = _on_site(address, site or "")
        if on_site is None:
            return None
        kind = LinkKind.ADDRESS if kind is LinkKind.PATH and _SCHEME.match(address) else kind
        address = unquote(_ANCHOR.sub("", on_site), errors="replace")
    address = _BREAKS.sub(" ", clean(address)).strip()
    return Link(address, None, target.title, None, line, kind, target.property) if address else None


def _on_site(address: str, site: str) -> str | None:
    """Return `address` without `site` at its beginning, or None if the address is on another site.

    A site can have a path: `https://x.example/sheep/` is another site than `https://x.example/orchard/`.
    """
    home = urlsplit(site if "//" in site else f"//{site}")
    folder = home.path.rstrip("/")
    if _SCHEME.match(address):
        start = f"//{home.netloc}{folder}"
        rest = re.sub(r"^https?:", "", address)
        if not home.netloc or not re.match(rf"{re.escape(start)}(?:[/?#]|$)", rest, re.IGNORECASE):
            return None
        return rest[len(start) :] or "/"
    if folder and (address + "/").startswith(folder + "/"):
        return address.removeprefix(folder) or "/"
    return address
