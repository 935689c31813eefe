"""A Jekyll site: posts, whose file names begin with a date, pages and collections."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from kg.base.model import LinkKind
from kg.read.dialects.dialect import Dialect, EmptyArticle, Place, SiteSettings
from kg.read.dialects.paths import folder_url, subject, words
from kg.read.syntax.extension import ATTRIBUTES, Extension, Markup, Piece, Target, line_breaks

_POST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
_ADDRESS = re.compile(r"""["']([^"']+)["']\s*\|\s*(?:relative|absolute)_url""")


def _recognise(folder: Path) -> str | None:
    for sign in ("_config.yml", "_posts"):
        if (folder / sign).exists():
            return f"it has {sign}"
    return "it is called _posts" if folder.name == "_posts" else None


def _place(file: PurePosixPath, name: str | None, categories: Sequence[str]) -> Place:
    """Return the place of a page.

    The post `_posts/2024-01-31-title.md` is at `/2024/01/31/title.html`. If it has categories, they precede the year.
    Other pages keep their paths: `about.md` is at `/about.html`. The name of a collection loses its underscore:
    `_docs/setup.md` is at `/docs/setup.html`.
    """
    folders = [folder for folder in file.parts[:-1] if folder not in {"_posts", "_drafts"}]
    if post := _POST.fullmatch(file.stem):
        year, month, day, stem = post.groups()
        first = dict.fromkeys(part.strip().lower() for part in (*folders, *categories))
        steps = [*first, year, f"{month:0>2}", f"{day:0>2}", name or re.sub(r"\s+", "-", stem)]
        try:
            date = dt.date(int(year), int(month), int(day))
        except ValueError:
            date = None
        return Place("/" + "/".join(steps) + ".html", words(stem), subject(folders), date)
    folders = [folder.removeprefix("_") for folder in folders]
    if file.stem == "index":
        return Place(folder_url(folders), words(folders[-1] if folders else file.stem), subject(folders))
    return Place("/" + "/".join([*folders, name or file.stem]) + ".html", words(file.stem), subject(folders))


def _output(match: re.Match[str]) -> Iterator[Piece]:
    """Read an output tag, such as `{{ "/about/" | relative_url }}`.

    The address in it, if there is one, is the target of a link. The tag itself is not published.
    """
    address = _ADDRESS.search(match[0])
    target = Target(address[1], LinkKind.PATH, None) if address else None
    yield Markup(match.start(), match.end(), line_breaks(match[0]), target)


DIALECT = Dialect(
    name="jekyll",
    title="a Jekyll site",
    precedence=40,
    recognise=_recognise,
    place=_place,
    generated=("_includes", "_layouts", "_site", "vendor"),
    draft_folders=frozenset({"_drafts"}),
    site=SiteSettings(("_config.toml", "_config.yaml", "_config.yml"), title="title", address=("url", "baseurl")),
    extensions=(Extension("output", "{", r"\{\{[^{}]*\}\}", _output), ATTRIBUTES),
    keywords_end_at_spaces=True,
    empty_article=EmptyArticle.LAYOUT,
    links_by_address=True,
)
