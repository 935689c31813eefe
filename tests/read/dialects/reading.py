"""A folder read as a whole: its articles, the edges between them, and its problems."""

from dataclasses import dataclass
from pathlib import Path

from kg.base.config import Config
from kg.base.model import ParsedArticle
from kg.inspect import check
from kg.read.settings import read_settings

TREES = Path(__file__).parent / "trees"


@dataclass(frozen=True)
class Reading:
    """A folder as kg reads it, without a tagger."""

    config: Config
    articles: dict[str, ParsedArticle]
    """Key: the path of the file."""
    edges: set[tuple[str, str]]
    """Pairs of the paths of two files."""
    missing: set[tuple[str, str]]
    """Pairs of the path of a file and the url of an article that it links to and that is not there."""
    problems: list[str]
    """Each as `file:line: severity: message`."""

    def text(self, path: str) -> str:
        """Return the text of an article without its blank lines and the spaces at the ends of lines."""
        lines = (line.rstrip() for part in self.articles[path].parts for line in part.text.split("\n"))
        return "\n".join(line for line in lines if line)

    def titles(self) -> dict[str, str]:
        return {path: article.title for path, article in self.articles.items()}

    def urls(self) -> dict[str, str]:
        return {path: article.url for path, article in self.articles.items()}


def read_folder(root: Path) -> Reading:
    found = check.read_folder(root, jobs=1, texts=True)
    paths = {article.url: article.path for article in found.articles}
    edges = [(paths[row["source"]], row["target"], row["status"]) for row in found.links.to_pylist()]
    return Reading(
        read_settings(root)[0],
        {article.path: article for article in found.articles},
        {(source, paths[target]) for source, target, status in edges if status != "missing"},
        {(source, target) for source, target, status in edges if status == "missing"},
        [f"{p.file}:{p.line or 1}: {p.severity}: {p.message}" for p in found.problems],
    )
