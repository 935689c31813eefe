"""Build sites with their tools, and read the addresses and links of the pages that the tools write."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

import yaml

from kg.read.dialects.project import read_configuration

NO_SITE: Final = "http://site.invalid"
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of a site.

    Attributes:
        pages: addresses of the pages that have the text of an article.
        links: pairs of addresses of such pages: the first page's text has a link that opens the second page.
        opened: all addresses at which a browser gets something.
        files: key: the path of a file, relative to the folder of articles. Value: the addresses of the pages that are
            made of it. There are none if the tool does not tell from which file it made a page.
        warnings: pairs of the address of a page and a link in its text that is said to lead to no article.
    """

    pages: frozenset[str]
    links: frozenset[tuple[str, str]]
    opened: frozenset[str] = frozenset()
    files: Mapping[str, set[str]] = field(default_factory=dict)
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """The element of a page that has the text of an article: its tag, and the beginning of one of its classes."""

    tag: str
    name: str = ""


class _Links(HTMLParser):
    """Collects the addresses of the links in the elements that have the text of an article."""

    def __init__(self, texts: Iterable[Text]) -> None:
        super().__init__()
        self.links: list[str] = []
        self.has_text = False
        self.file = ""
        self._texts = tuple(texts)
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        names = (found.get("class") or "").split()
        if self._depth:
            self._depth += tag not in _VOID
        elif any(
            text.tag == tag and (not text.name or any(name.startswith(text.name) for name in names))
            for text in self._texts
        ):
            self.has_text, self._depth = True, 1
            self.file = found.get("data-file") or ""
        if self._depth and tag == "a" and found.get("href") and "hash-link" not in names:
            self.links.append(str(found["href"]))

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in _VOID:
            self._depth -= 1


def read_output(output: Path, base: str, texts: Iterable[Text], folder: Path | None = None) -> Site:
    """Read the pages that a tool has written.

    Args:
        output: folder with the files of the site.
        base: web address at which the site is published, such as `https://site.example/book/`.
        texts: the elements that have the text of an article. Their attribute `data-file`, if they have it, is the path
            of the article's file.
        folder: the folder of articles.
    """
    base = base if "://" in base else NO_SITE + base
    opened = {normal_address(path.relative_to(output).as_posix()) for path in output.rglob("*") if path.is_file()}
    written: dict[str, list[str]] = {}
    files: dict[str, set[str]] = defaultdict(set)
    for path in sorted(path for path in output.rglob("*.html") if path.is_file()):
        page = _Links(texts)
        page.feed(path.read_text(encoding="utf-8", errors="replace"))
        if page.has_text:
            address = "/" + path.relative_to(output).as_posix()
            written[address] = page.links
            if folder and page.file:
                files[Path(page.file).relative_to(folder).as_posix()].add(normal_address(address))
    pages = frozenset(map(normal_address, written))
    targets = (
        (normal_address(page), opened_address(page, link, base)) for page, links in written.items() for link in links
    )
    links = frozenset((page, target) for page, target in targets if target in pages and target != page)
    return Site(pages, links, frozenset(opened), files)


def opened_address(page: str, link: str, base: str = f"{NO_SITE}/") -> str | None:
    """Return the address that a browser opens for a link on a page, or None if it is on another site.

    Args:
        page: address of the page, such as `/a/index.html`, without `base`.
        link: address of the link, as written.
        base: web address at which the site is published.
    """
    site = urlsplit(base)
    path = site.path.rstrip("/") + "/"
    try:
        found = urlsplit(urljoin(f"{site.scheme}://{site.netloc}{path.rstrip('/')}{page}", link))
    except ValueError:
        return None
    if found.scheme not in {"http", "https"} or found.netloc != site.netloc or not (found.path + "/").startswith(path):
        return None
    return normal_address("/" + unquote(found.path)[len(path) :])


def normal_address(path: str) -> str:
    """Return the normal form of an address: `/a` for `/a/`, `/a.html` and `/a/index.html`."""
    return "/" + re.sub(r"(?:(?:^|/)index\.html?|\.html?|/)$", "", unquote(path).strip("/"))


def build_docusaurus(folder: Path, packages: Path | None) -> Site:
    """Build the Docusaurus site in a folder, or in its folder `website`."""
    if packages is None:
        sys.exit("--packages is needed: a folder in which Docusaurus is installed; see the top of this script")
    site = _configuration(folder, "docusaurus.config.*").parent
    if not (site / "node_modules").exists():
        (site / "node_modules").symlink_to(packages.resolve() / "node_modules")
    _run(["node", str(packages.resolve() / "node_modules/@docusaurus/core/bin/docusaurus.mjs"), "build"], site)
    texts = (Text("div", "theme-doc-markdown"), Text("div", "markdown"), Text("div", "mdxPageWrapper"))
    text = (site / "build/404.html").read_text(encoding="utf-8")
    found = re.search(r'property="?og:url"? content="?(https?://[^/">]+/[^">]*)404\.html', text)
    return read_output(site / "build", found[1] if found else "/", texts)


def build_mdbook(folder: Path, packages: Path | None) -> Site:
    """Build the mdBook in a folder."""
    for path in folder.rglob("book.toml"):  # programs that change the book are not there
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^\[(?:preprocessor|output\.(?!html))[^\n]*\n(?:(?!\[)[^\n]*\n)*", "", text))
    _run(["mdbook", "build", "--dest-dir", str(folder / "built")], folder)
    for name in ("print.html", "toc.html"):
        (folder / "built" / name).unlink(missing_ok=True)
    return read_output(folder / "built", "/", (Text("main"),))


def build_mkdocs(folder: Path, packages: Path | None) -> Site:
    """Build the MkDocs documentation in a folder, with the theme, the plugins and the hooks that it names."""
    path = _configuration(folder, "mkdocs.y*ml")
    hooks = read_configuration(path).get("hooks", [])
    (path.parent / "_only_texts.py").write_text(_MKDOCS_HOOK, encoding="utf-8")
    settings = {"INHERIT": path.name, "hooks": [*hooks, "_only_texts.py"]}
    (path.parent / "_only_texts.yml").write_text(json.dumps(settings), encoding="utf-8")
    output = folder.parent / "built"
    _run(["mkdocs", "build", "--no-strict", "-f", "_only_texts.yml", "--site-dir", str(output)], path.parent)
    return read_output(output, _site(output), (Text("main"),), folder)


_MKDOCS_HOOK: Final = """
from html import escape
from pathlib import Path

def on_post_page(output, page, config):
    path = Path(page.file.abs_src_path or "/")
    if not path.is_relative_to(config.docs_dir):  # a list that a plugin makes
        return "<html></html>"
    return f'<main data-site="{config.site_url or "/"}" data-file="{escape(str(path))}">{page.content}</main>'
"""
"""A hook of MkDocs that writes the text of each page without the theme around it."""


def build_hugo(folder: Path, packages: Path | None) -> Site:
    """Build the Hugo site in a folder, without themes and layouts: of each page, only the text is written.

    Links to files are resolved as Hugo does by itself. Shortcodes show the text between their tags.
    """
    main = _configuration(folder, *(f"{name}.*" for name in ("hugo", "config", "config/_default/hugo")))
    site = main.parent.parent.parent if main.parent.name == "_default" else main.parent
    for path in {main, *(site / "config/_default").glob("*.*")}:
        values = _loaded(path)
        path.unlink()
        path.with_suffix(".json").write_text(json.dumps(_without_theme(values, path.stem), default=str))
    for name in ("layouts", "themes", "go.mod", "hugo.work", "go.work"):
        found = site / name
        shutil.rmtree(found) if found.is_dir() else found.unlink(missing_ok=True)
    for path in site.rglob("_content.gotmpl"):  # programs that make pages
        path.unlink()
    files = (path for path in site.rglob("*.*") if path.suffix in {".md", ".markdown", ".html"} and path.is_file())
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    for name, layout in {"all.html": _HUGO_LAYOUT, **_shortcodes("\n".join(texts))}.items():
        (site / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
        (site / "layouts" / name).write_text(layout, encoding="utf-8")
    output = folder.parent / "built"
    _run(["hugo", "--destination", str(output)], site)
    return read_output(output, _site(output), (Text("main"),), folder)


_HUGO_LAYOUT: Final = """
{{ if and .File (in (slice "md" "markdown") .File.Ext) (strings.TrimSpace .RawContent) }}
<main data-site="{{ .Site.BaseURL }}" data-file="{{ .File.Filename }}">{{ .Content }}</main>
{{ else }}<html></html>{{ end }}
"""


def _loaded(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".toml":
            return tomllib.loads(text)
        case ".json":
            return dict(json.loads(text))
        case _:
            return yaml.load(text, Loader=_Yaml) or {}


class _Yaml(yaml.SafeLoader):
    """Reads YAML as Hugo does: `no`, for example, is a text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":bool")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def _without_theme(values: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the values of a configuration file, without what needs a theme or a clone of the repository."""
    dropped = {"theme", "imports", "replacements", "hugoversion", "outputs", "enablegitinfo", "layoutdir", "workspace"}
    kept = {key: value for key, value in values.items() if key.lower() not in dropped}
    for key, value in kept.items():
        if key.lower() == "module" and isinstance(value, dict):
            kept[key] = _without_theme(value, "")
    if name in {"hugo", "config"}:
        markup = {"goldmark": {"renderer": {"unsafe": True}, "renderHooks": {"link": {"useEmbedded": "always"}}}}
        kept |= {
            "markup": markup,
            "refLinksErrorLevel": "warning",
            "timeout": "120s",
            "security": {"allowContent": [".*"]},
        }
    return kept


def _shortcodes(text: str) -> dict[str, str]:
    """Return a layout for each shortcode in the texts of a site, other than those that are links or code."""
    layouts = {}
    for name in set(re.findall(r"\{\{[<%]\s*/?\s*([\w][\w./-]*)", text)):
        if name.lower() in {"ref", "relref", "highlight"}:
            continue
        is_closed = re.search(rf"\{{\{{[<%]\s*/\s*{re.escape(name)}\s*[%>]", text) is not None
        is_markdown = re.search(rf"\{{\{{%\s*{re.escape(name)}[\s%]", text) is not None
        inner = "{{ .Inner }}" if is_markdown else '{{ .Page.RenderString (dict "display" "block") .Inner }}'
        layouts[f"_shortcodes/{name}.html"] = inner if is_closed else ""
    return layouts


def _site(output: Path) -> str:
    """Return the web address of a site, which a layout has written into its pages."""
    for path in output.rglob("*.html"):
        if found := re.match(r'\s*<main data-site="([^"]+)"', path.read_text(encoding="utf-8", errors="replace")):
            return found[1]
    sys.exit("no page with a text was built")


def _configuration(folder: Path, *names: str) -> Path:
    """Return the first file with one of the names, which are globs, in a folder or in one of its folders."""
    found = next((path for name in names for path in (*folder.glob(name), *sorted(folder.glob(f"*/{name}")))), None)
    if found is None:
        sys.exit(f"{folder}: no {names[0]} here")
    return found


BUILDERS: Final[dict[str, Callable[[Path, Path | None], Site]]] = {
    "docusaurus": build_docusaurus,
    "hugo": build_hugo,
    "mdbook": build_mdbook,
    "mkdocs": build_mkdocs,
}
"""Key: the name of a tool. Value: function that builds the site in a copy of the folder of articles."""


def _run(command: list[str], folder: Path) -> None:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{(run.stdout + run.stderr)[-4000:]}")
