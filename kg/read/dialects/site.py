"""Whose conventions a folder follows, and what they say of an article by its file's path.

Obsidian, Hugo, Jekyll and MkDocs each turn paths into addresses in a way of their own; a folder that is none of theirs
is plain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import msgspec

from kg.base.config import Config, Read
from kg.base.iris import slug
from kg.read.dialects.syntax import wiki_names
from kg.read.files import find_articles

Tool = Literal["plain", "obsidian", "hugo", "jekyll", "mkdocs"]

_HUGO: Final = tuple(f"{name}.{suffix}" for name in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json"))
_GENERATED: Final[dict[Tool, tuple[str, ...]]] = {
    "hugo": ("archetypes", "public", "resources/_gen", "themes"),
    "jekyll": ("_includes", "_layouts", "_site", "vendor"),
}
"""What is no article of anybody's, below the folder that the tool's configuration lies in."""

_DOCS_FOLDER = re.compile(r"""^docs_dir:[ \t]*["']?([^"'\n#]+?)["']?[ \t]*(?:#.*)?$""", re.MULTILINE)
_POST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
_NOT_IN_HUGO_PATH = re.compile(r"[^\w.\-+~@]")
_LOOKED_AT: Final = 500
"""Files that are searched for a wiki link, where nothing else says what a folder is."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an article's path says of it."""

    url: str
    title: str
    subject: str | None
    date: dt.date | None = None


def resolve_config(root: Path, config: Config) -> Config:
    """`config` with the tool whose conventions the folder `root` follows, and what nobody reads there excluded."""
    read = config.read
    tool: Tool = read.tool or find_tool(root, read)[0]
    content = _content(root.resolve(), tool) if read.content is None else read.content.strip("/")
    generated = _GENERATED.get(tool, ()) if content or tool == "jekyll" else ()
    exclude = (*read.exclude, *(folder for folder in generated if folder not in read.exclude))
    return msgspec.structs.replace(
        config, read=msgspec.structs.replace(read, tool=tool, content=content, exclude=exclude)
    )


def find_tool(root: Path, read: Read) -> tuple[Tool, str]:
    """The tool whose conventions `root` follows, and what says so."""
    folder = root.resolve()
    above = folder.parent
    if (folder / ".obsidian").is_dir():
        return "obsidian", "it has a folder .obsidian"
    for place, content in ((folder, folder / "content"), (above, folder)):
        found = next((name for name in _HUGO if (place / name).is_file()), None)
        if found and content.name == "content" and content.is_dir():
            return "hugo", f"{found} lies {'in it' if place == folder else 'beside it'}"
    for place in (folder, above):
        docs = _docs_folder(place)
        if docs is not None and (place == folder or place / docs == folder):
            return "mkdocs", f"mkdocs.yml lies {'in it' if place == folder else 'beside it'}"
    for sign in ("_config.yml", "_posts"):
        if (folder / sign).exists():
            return "jekyll", f"it has {sign}"
    if folder.name == "_posts":
        return "jekyll", "it is called _posts"
    linked = _first_with_wiki_link(root, read)
    return (
        ("obsidian", f"{linked} has a wiki link to another file")
        if linked
        else ("plain", "no sign of another tool is there")
    )


def place(
    path: str, read: Read, *, url: str | None = None, name: str | None = None, categories: Sequence[str] = ()
) -> Place:
    """What the file's path, relative to the articles folder, says of the article in it.

    Args:
        path: with forward slashes.
        read: resolve_config options.
        url: the article's own, where the front matter gives one.
        name: the last step of the address where the front matter gives one (`slug`); for Hugo and Jekyll.
        categories: those of the front matter, which begin a Jekyll post's address.
    """
    file = PurePosixPath(path)
    tool = read.tool
    if read.content:
        if not file.is_relative_to(read.content):
            tool = "plain"
        else:
            file = file.relative_to(read.content)
    match tool:
        case "hugo":
            found = _hugo(file, name)
        case "jekyll":
            found = _jekyll(file, name, categories)
        case "mkdocs":
            found = _mkdocs(file)
        case _:
            title = file.stem if tool == "obsidian" else file.stem.replace("-", " ")
            return Place(url or _article_url(file), title, _subject(file.parts[:-1]))
    return replace(found, url=url) if url else found


def _article_url(file: PurePosixPath) -> str:
    """`drift/Data Drift.md` is `article/drift/data-drift`."""
    return "article/" + "/".join(slug(step) for step in file.with_suffix("").parts)


def _hugo(file: PurePosixPath, name: str | None) -> Place:
    """`posts/My trip.md`, and the page bundle `posts/My trip/index.md`, are `/posts/my-trip/`."""
    is_bundle = file.stem in {"index", "_index"}
    steps = file.parent.parts if is_bundle else file.with_suffix("").parts
    written = [_NOT_IN_HUGO_PATH.sub("", re.sub(r"\s+", "-", step)).lower() for step in steps]
    if name and written:
        written[-1] = name
    above = steps if file.stem == "_index" else steps[:-1]
    return Place(_folder_url(written), _words(steps[-1] if steps else file.stem), _subject(above))


def _mkdocs(file: PurePosixPath) -> Place:
    """`guide/install.md` is `/guide/install/`; `guide/index.md` and `guide/README.md` are `/guide/`."""
    steps = file.parent.parts if file.stem in {"index", "README"} else file.with_suffix("").parts
    return Place(_folder_url(steps), _words(steps[-1] if steps else file.stem), _subject(file.parts[:-1]))


def _jekyll(file: PurePosixPath, name: str | None, categories: Sequence[str]) -> Place:
    """`_posts/2024-01-31-title.md` is `/2024/01/31/title.html`, behind its categories; `about.md` is `/about.html`."""
    folders = [folder for folder in file.parts[:-1] if folder not in {"_posts", "_drafts"}]
    if post := _POST.fullmatch(file.stem):
        year, month, day, stem = post.groups()
        first = dict.fromkeys(part.strip().lower() for part in (*folders, *categories))
        steps = [*first, year, f"{month:0>2}", f"{day:0>2}", name or re.sub(r"\s+", "-", stem)]
        try:
            date = dt.date(int(year), int(month), int(day))
        except ValueError:
            date = None
        return Place("/" + "/".join(steps) + ".html", _words(stem), _subject(folders), date)
    folders = [folder.removeprefix("_") for folder in folders]
    if file.stem == "index":
        return Place(_folder_url(folders), _words(folders[-1] if folders else file.stem), _subject(folders))
    return Place("/" + "/".join([*folders, name or file.stem]) + ".html", _words(file.stem), _subject(folders))


def _folder_url(steps: Sequence[str]) -> str:
    """The address of a page that is a folder; the site's own front page needs a name to be one."""
    return "/" + "".join(f"{step}/" for step in steps) if steps else "/index.html"


def _words(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").strip()


def _subject(folders: Sequence[str]) -> str | None:
    return folders[0].replace("-", " ") if folders else None


def _content(folder: Path, tool: Tool) -> str:
    """Where, below `folder`, the tool's paths begin."""
    if tool == "hugo" and (folder / "content").is_dir():
        return "content"
    docs = _docs_folder(folder) if tool == "mkdocs" else None
    return docs or ""


def _docs_folder(folder: Path) -> str | None:
    """The folder that the mkdocs.yml in `folder` reads."""
    try:
        text = (folder / "mkdocs.yml").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = _DOCS_FOLDER.search(text)
    docs = (found[1] if found else "docs").removeprefix("./").strip("/")
    return docs if (folder / docs).is_dir() else None


def _first_with_wiki_link(folder: Path, read: Read) -> str | None:
    """A file that has a wiki link to a file of the folder."""
    files, _ = find_articles(folder, read)
    folder = folder.resolve()
    names = {PurePosixPath(file).stem.casefold() for file in files}
    for file in files[:: len(files) // _LOOKED_AT + 1]:
        try:
            text = (folder / file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if "[[" in text and any(name.rpartition("/")[2].casefold() in names for name in wiki_names(text)):
            return file
    return None
