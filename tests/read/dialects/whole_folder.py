"""A folder read as a build reads it: its articles, the edges between them, and what is said about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from kg.base.model import ParsedArticle, PartName, Problem
from kg.graph.link_resolution import resolve_links
from kg.read.article import read_article
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import reasons_left_out, with_drafts_said_once
from kg.read.settings import read_settings

TREES = Path(__file__).parent / "trees"


@dataclass(frozen=True)
class Folder:
    """What kg reads of a folder; an edge is a pair of paths of files, or of a path and the address of nothing."""

    tool: str | None
    articles: dict[str, ParsedArticle]
    edges: set[tuple[str, str]]
    missing: set[tuple[str, str]]
    problems: list[Problem]

    @property
    def urls(self) -> dict[str, str]:
        return {path: article.url for path, article in self.articles.items()}

    @property
    def said(self) -> list[str]:
        return sorted(f"{problem.severity} {problem}" for problem in self.problems)

    def text(self, path: str) -> str:
        """The published text of an article, without empty lines."""
        text = next(part.text for part in self.articles[path].parts if part.name is PartName.BODY)
        return "\n".join(line for line in text.split("\n") if line.strip())


def read_folder(root: Path) -> Folder:
    config, _ = read_settings(root)
    files, problems = find_articles(root, config.read)
    articles = {}
    for file in files:
        article, wrong = read_article(root, file, config)
        problems += wrong
        if article is not None:
            articles[file] = article
    rows = [
        {"file": file, **{name: getattr(a, name) for name in a.__slots__}} for file, a in enumerate(articles.values())
    ]
    links = [
        {"file": file, "position": position, **asdict(link)}
        for file, article in enumerate(articles.values())
        for position, link in enumerate(article.links, start=1)
    ]
    left_out = reasons_left_out(problems, articles)
    table, said = resolve_links(rows, links, config.read, exists=exists_below(root), left_out=left_out)
    by_url = {article.url: path for path, article in articles.items()}
    found = {(by_url[row["source"]], by_url.get(row["target"], row["target"])) for row in table.to_pylist()}
    missing = {(source, target) for source, target in found if target not in articles}
    return Folder(config.read.tool, articles, found - missing, missing, [*with_drafts_said_once(problems), *said])
