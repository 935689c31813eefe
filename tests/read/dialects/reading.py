"""A folder read as a whole: its articles, the edges between them, and its problems."""

from dataclasses import dataclass
from pathlib import Path

from kg.base.config import Config
from kg.base.model import ParsedArticle
from kg.graph.link_resolution import resolve_links
from kg.read.article import read_article
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import reasons_left_out
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
    config, _ = read_settings(root)
    files, problems = find_articles(root, config.read)
    articles: dict[str, ParsedArticle] = {}
    for file in files:
        article, wrong = read_article(root, file, config)
        problems += wrong
        if article is not None:
            articles[file] = article
    rows = [
        {"file": number, **{name: getattr(article, name) for name in article.__slots__}}
        for number, article in enumerate(articles.values())
    ]
    links = [
        {"file": number, "position": position, **{name: getattr(link, name) for name in link.__slots__}}
        for number, article in enumerate(articles.values())
        for position, link in enumerate(article.links, start=1)
    ]
    reasons = reasons_left_out(problems, articles)
    table, unresolved = resolve_links(rows, links, config.read, exists=exists_below(root), left_out=reasons)
    paths = {article.url: path for path, article in articles.items()}
    edges = [(paths[row["source"]], row["target"], row["status"]) for row in table.to_pylist()]
    return Reading(
        config,
        articles,
        {(source, paths[target]) for source, target, status in edges if status != "missing"},
        {(source, target) for source, target, status in edges if status == "missing"},
        [f"{p.file}:{p.line}: {p.severity}: {p.message}" for p in [*problems, *unresolved]],
    )
