"""A Hugo site: pages and page bundles below `content`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from kg.read.dialects.dialect import Dialect, EmptyArticle, Place, SiteSettings
from kg.read.dialects.paths import folder_url, subject, words
from kg.read.syntax.extension import ATTRIBUTES

_CONFIGURATION: Final = tuple(
    f"{stem}.{suffix}" for stem in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json")
)
_NOT_IN_ADDRESS = re.compile(r"[^\w.\-+~@]")


def _recognise(folder: Path) -> str | None:
    """Recognise a site by its configuration file, which is beside a folder `content`.

    `folder` may be the folder of the site or its folder `content`.
    """
    for site, content in ((folder, folder / "content"), (folder.parent, folder)):
        found = next((name for name in _CONFIGURATION if (site / name).is_file()), None)
        if found and content.name == "content" and content.is_dir():
            return f"{found} lies {'in it' if site == folder else 'beside it'}"
    return None


def _content_folder(folder: Path) -> str:
    return "content" if (folder / "content").is_dir() else ""


def _place(file: PurePosixPath, name: str | None, categories: Sequence[str]) -> Place:
    """Return the place of a page.

    `posts/My trip.md` is at `/posts/my-trip/`, and so is the bundle `posts/My trip/index.md`.
    """
    is_bundle = file.stem in {"index", "_index"}
    steps = file.parent.parts if is_bundle else file.with_suffix("").parts
    written = [_NOT_IN_ADDRESS.sub("", re.sub(r"\s+", "-", step)).lower() for step in steps]
    if name and written:
        written[-1] = name
    above = steps if file.stem == "_index" else steps[:-1]
    return Place(folder_url(written), words(steps[-1] if steps else file.stem), subject(above))


DIALECT = Dialect(
    name="hugo",
    title="a Hugo site",
    precedence=20,
    recognise=_recognise,
    place=_place,
    content_folder=_content_folder,
    generated=("archetypes", "public", "resources/_gen", "themes"),
    site=SiteSettings(
        tuple(name for name in _CONFIGURATION if not name.endswith(".json")), title="title", address=("baseURL",)
    ),
    extensions=(ATTRIBUTES,),
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
)
