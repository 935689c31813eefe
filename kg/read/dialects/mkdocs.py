"""MkDocs documentation: pages below the folder that mkdocs.yml names as `docs_dir`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from kg.read.dialects.dialect import Dialect, Place, SiteSettings
from kg.read.dialects.paths import folder_url, subject, words
from kg.read.syntax.extension import ATTRIBUTES

_DOCS_DIR = re.compile(r"""^docs_dir:[ \t]*["']?([^"'\n#]+?)["']?[ \t]*(?:#.*)?$""", re.MULTILINE)


def _recognise(folder: Path) -> str | None:
    """Recognise a project by its mkdocs.yml; `folder` may be the folder of the project or its `docs_dir`."""
    for project in (folder, folder.parent):
        docs = _docs_dir(project)
        if docs is not None and (project == folder or project / docs == folder):
            return f"mkdocs.yml lies {'in it' if project == folder else 'beside it'}"
    return None


def _content_folder(folder: Path) -> str:
    return _docs_dir(folder) or ""


def _docs_dir(project: Path) -> str | None:
    """Return the `docs_dir` of the mkdocs.yml in `project`; None if there is no such file or no such folder."""
    try:
        text = (project / "mkdocs.yml").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = _DOCS_DIR.search(text)
    docs = (found[1] if found else "docs").removeprefix("./").strip("/")
    return docs if (project / docs).is_dir() else None


def _place(file: PurePosixPath, name: str | None, categories: Sequence[str]) -> Place:
    """Return the place of a page.

    `guide/install.md` is at `/guide/install/`, and `guide/index.md` or `guide/README.md` is at `/guide/`.
    """
    steps = file.parent.parts if file.stem in {"index", "README"} else file.with_suffix("").parts
    return Place(folder_url(steps), words(steps[-1] if steps else file.stem), subject(file.parts[:-1]))


DIALECT = Dialect(
    name="mkdocs",
    title="MkDocs documentation",
    precedence=30,
    recognise=_recognise,
    place=_place,
    content_folder=_content_folder,
    site=SiteSettings(("mkdocs.yaml", "mkdocs.yml"), title="site_name", address=("site_url",)),
    extensions=(ATTRIBUTES,),
    links_by_address=True,
)
