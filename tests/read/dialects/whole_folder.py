"""A folder read as a build reads it: its articles, the edges between them, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.base.model import ParsedArticle, PartName, Problem
from kg.inspect import check
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
    reading = check.read_folder(root, jobs=1, texts=True)
    articles = {article.path: article for article in reading.articles}
    said = [problem for problem in reading.problems if problem.code != "language"]  # of texts that are not tagged
    by_url = {article.url: path for path, article in articles.items()}
    found = {(by_url[row["source"]], by_url.get(row["target"], row["target"])) for row in reading.links.to_pylist()}
    missing = {(source, target) for source, target in found if target not in articles}
    return Folder(read_settings(root)[0].read.tool, articles, found - missing, missing, said)
