"""Tools whose folders are read as plain folders: how they are recognised, and what syntax they add to Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.base.paths import exists, is_file
from kg.read.dialects import sphinx
from kg.read.dialects.javascript import read_object
from kg.read.dialects.project import globs_below, mapping_at, projects, text_at
from kg.read.files import text_of
from kg.read.syntax.extension import Extension, Markup, Piece
from kg.read.syntax.mdx import TAG
from kg.read.syntax.template_tags import output_reader

_SCRIPTS: Final = ("js", "ts", "mjs", "cjs", "mts", "cts")

_ADDRESS = re.compile(r"""\{\{-?\s*(?:"([^"]*)"|'([^']*)')\s*(?:\|\s*\w+\s*)*-?\}\}""")
"""Matches an output tag that has an address, such as `{{ "/about/" | url }}`."""


def _reference(match: re.Match[str]) -> Iterator[Piece]:
    """Show the name in a cross-reference, such as `<xref:System.String?text=x>`."""
    name = match[0][len("<xref:") : -1].partition("?")[0]
    yield Markup(match.start(), match.end(), name.replace("%2A", "").replace("*", ""))


_OUTPUT: Final = Extension("output", "{", r"\{\{[^{}\n]*\}\}", output_reader(_ADDRESS))
_NO_PAGES_OF_DOCFX: Final = ("**/includes", "**/_site", "**/obj")
_VUE: Final = (TAG, _OUTPUT)
_LEARN: Final = (Extension("cross_reference", "<", r"<xref:[^<>\s]+>", _reference),)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTool:
    """A tool without a dialect of its own.

    Attributes:
        title: what a folder of the tool is called, such as "a VitePress site".
        signs: paths of files and folders, each with a regular expression. If a folder has one of these files, and the
            expression matches its contents, the folder belongs to this tool.
        extensions: the constructs that the tool adds to Markdown.
        exclude: globs of files that are not pages, relative to the folder that has the sign.
        configured_exclude: function that reads further such globs from the file that is the sign.
        bases: function that takes the file that is the sign, and reads the paths at which the site is published.
        is_of_windows: whether upper and lower case make no difference in paths, and their steps may have backslashes
            between them.
        is_part_of_site: whether other tools publish on the same site, so that addresses that do not begin with this
            site's path belong to the other tools.
        has_labels: whether a link can name a label in the text of a page.
    """

    title: str
    signs: tuple[tuple[str, str], ...]
    extensions: tuple[Extension, ...] = ()
    exclude: tuple[str, ...] = ()
    configured_exclude: Callable[[Path], Iterable[str]] = lambda sign: ()
    bases: Callable[[Path], Iterable[str | None]] = lambda sign: ()
    is_of_windows: bool = False
    is_part_of_site: bool = False
    has_labels: bool = False


@dataclass(frozen=True, slots=True)
class FoundTool:
    """A tool that was recognised.

    Attributes:
        tool: the tool.
        project: the folder with the sign of the tool.
        sign: path of the sign, relative to `project`.
    """

    tool: OtherTool
    project: Path
    sign: str

    def bases(self) -> Iterator[str]:
        """Yield the paths at which the site is published, such as `/windows/wsl`, as far as they are known."""
        for base in self.tool.bases(self.project / self.sign):
            if path := (base or "").strip("/"):
                yield f"/{path}"

    def exclude(self, articles: Path) -> tuple[str, ...]:
        """Return the globs of files that are not pages, relative to the articles folder."""
        sign = self.project / self.sign
        return globs_below(articles, self.project, [*self.tool.exclude, *self.tool.configured_exclude(sign)])


def _base_of_vitepress(sign: Path) -> Iterator[str | None]:
    path = next((path for end in _SCRIPTS if is_file(path := sign / f"config.{end}")), None)
    yield text_at(read_object(path, [("title", "description", "themeConfig", "srcDir", "base")]), "base")


def _base_of_astro(sign: Path) -> Iterator[str | None]:
    yield text_at(read_object(sign, [("integrations", "site", "markdown", "base")]), "base")


def _bases_of_learn(sign: Path) -> Iterator[str | None]:
    """Yield the path of each set of documents of a repository of Microsoft Learn."""
    found = read_object(sign, [("docsets_to_publish",)]).get("docsets_to_publish")
    for documents in found if isinstance(found, list) else []:
        if isinstance(documents, Mapping) and (folder := text_at(documents, "build_source_folder")):
            yield from _base_of_docfx(sign.parent / folder / "docfx.json")


def _base_of_docfx(sign: Path) -> Iterator[str | None]:
    """Yield the path of the folder that has the table of contents for breadcrumbs, such as `/windows/wsl`."""
    build = mapping_at(read_object(sign, [("build",)]), "build")
    path = text_at(build, "globalMetadata", "breadcrumb_path") or ""
    found = re.fullmatch(r"(/.+?)/(?:\w*bread\w*)/toc\.(?:json|yml)", path)
    yield found[1] if found else None


def _files(*names: str, content: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((name, content) for name in names)


def _scripts(*stems: str, content: str = "") -> tuple[tuple[str, str], ...]:
    return _files(*(f"{stem}.{end}" for stem in stems for end in _SCRIPTS), content=content)


TOOLS: Final = (
    OtherTool(title="a VitePress site", signs=_files(".vitepress"), extensions=_VUE, bases=_base_of_vitepress),
    OtherTool(title="a VuePress site", signs=_files(".vuepress"), extensions=_VUE, bases=_base_of_vitepress),
    OtherTool(title="a Starlight site", signs=_scripts("astro.config", content="starlight"), bases=_base_of_astro),
    OtherTool(title="an Astro site", signs=_scripts("astro.config"), bases=_base_of_astro),
    OtherTool(
        title="an Eleventy site",
        signs=(*_files(".eleventy.js"), *_scripts("eleventy.config", ".eleventy")),
        extensions=(_OUTPUT,),
        exclude=("_site", "**/_includes", "**/_layouts"),
    ),
    OtherTool(
        title="documentation for Microsoft Learn",
        signs=_files(".openpublishing.publish.config.json"),
        extensions=_LEARN,
        exclude=_NO_PAGES_OF_DOCFX,
        bases=_bases_of_learn,
        is_of_windows=True,
        is_part_of_site=True,
    ),
    OtherTool(
        title="a docfx project",
        signs=_files("docfx.json"),
        extensions=_LEARN,
        exclude=_NO_PAGES_OF_DOCFX,
        bases=_base_of_docfx,
        is_of_windows=True,
        is_part_of_site=True,
    ),
    OtherTool(title="a copy of MDN", signs=_files("files/en-us")),
    OtherTool(title="GitHub Docs", signs=_files("data/reusables"), extensions=(_OUTPUT,), exclude=("data",)),
    OtherTool(title="a GitBook", signs=_files(".gitbook.yaml", ".gitbook"), exclude=("**/SUMMARY.md",)),
    OtherTool(title="a GitBook", signs=_files("book.json", content='gitbook|honkit|plugins|structure|"root"')),
    OtherTool(title="a Nextra site", signs=_scripts("next.config", content="nextra")),
    OtherTool(title="a Fumadocs site", signs=_scripts("source.config", content="fumadocs")),
    OtherTool(title="a Nikola site", signs=_files("conf.py", content="BLOG_TITLE|nikola"), extensions=(_OUTPUT,)),
    OtherTool(
        title="Sphinx documentation",
        signs=_files("conf.py", content="extensions|project|sphinx"),
        extensions=(_OUTPUT,),
        exclude=("_build",),
        configured_exclude=sphinx.excluded,
        has_labels=True,
    ),
    OtherTool(
        title="a MyST project", signs=_files("myst.yml"), extensions=(_OUTPUT,), exclude=("_build",), has_labels=True
    ),
    OtherTool(
        title="a Jupyter Book", signs=_files("_toc.yml"), extensions=(_OUTPUT,), exclude=("_build",), has_labels=True
    ),
    OtherTool(title="a Pelican site", signs=_files("pelicanconf.py")),
    OtherTool(title="a Gatsby site", signs=_scripts("gatsby-config")),
    OtherTool(title="a Quarto project", signs=_files("_quarto.yml")),
    OtherTool(title="Mintlify documentation", signs=_files("mint.json", "docs.json", content="mintlify|navigation")),
    OtherTool(title="a Retype project", signs=_files("retype.yml", "retype.json")),
    OtherTool(title="a Bridgetown site", signs=_files("bridgetown.config.yml", "config/initializers.rb")),
    OtherTool(title="a Gridsome site", signs=_scripts("gridsome.config")),
    OtherTool(title="a Nuxt site", signs=_scripts("nuxt.config", content="content"), extensions=_VUE),
    OtherTool(
        title="a docsify site",
        signs=_files("index.html", content="docsify"),
        exclude=("**/_sidebar.md", "**/_navbar.md", "**/_coverpage.md"),
    ),
    OtherTool(
        title="a Zola site",
        signs=_files("config.toml", "zola.toml", content=r"base_url"),
        extensions=(_OUTPUT,),
        exclude=("public", "themes", "templates"),
    ),
    OtherTool(
        title="a Hexo site", signs=_files("scaffolds"), extensions=(_OUTPUT,), exclude=("public", "themes", "scaffolds")
    ),
)
"""The tools, in the order in which they are looked for."""


def find_tool(folder: Path) -> FoundTool | None:
    """Return the tool whose signs are found for a folder, or None if there are no signs of any tool."""
    for project in projects(folder):
        names = _names(project)  # one look at the folder instead of one for each sign
        for tool in TOOLS:
            for name, content in tool.signs:
                if name.partition("/")[0] in names:
                    sign = project / name
                    if exists(sign) and (not content or _has(sign, content)):
                        return FoundTool(tool, project, name)
    return None


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:
        return set()


def _has(path: Path, content: str) -> bool:
    return re.search(content, text_of(path)) is not None
