"""The real corpus: nothing of it is lost, and its links are counted again without the package."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.base.config import Config, Read
from kg.base.model import MarkKind, ParsedArticle, Part, PartName, Problem, SegmentKind
from kg.graph.articles import duplicate_urls
from kg.graph.link_table import resolve_links
from kg.read.article import read_article
from kg.read.files import find_articles
from kg.read.mathematics import decode_line_breaks

pytestmark = [pytest.mark.corpus, pytest.mark.slow]

COMMAND = re.compile(r"\\(neq|neg|nabla)(?![A-Za-z])")
BREAK_OR_COMMAND = re.compile(r"\\n[A-Za-z]*")


@dataclass
class Seen:
    """What the tests look at, gathered in one pass."""

    raw: dict[str, dict[str, Any]]
    """The front matter of each file, as YAML has it."""
    articles: list[ParsedArticle] = field(default_factory=list)
    """Without their texts."""
    problems: list[Problem] = field(default_factory=list)
    commands: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    """Every backslash with an "n" that the published texts still have."""
    stray: list[str] = field(default_factory=list)
    """The files in which one stands outside mathematics."""
    line_breaks: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Of each answer: published, decoded, and written less commands kept."""


@pytest.fixture(scope="module")
def seen(corpus: Path) -> Seen:
    files, problems = find_articles(corpus, Read())
    result = Seen({file: front_matter(corpus / file) for file in files}, problems=problems)
    for file in files:
        article, wrong = read_article(corpus, file, Config())
        result.problems += wrong
        if article is None:
            continue
        answer = next(part for part in article.parts if part.name is PartName.ANSWER)
        written = str(result.raw[file]["answer"]).strip()
        decoded = decode_line_breaks(written)
        kept = BREAK_OR_COMMAND.findall(answer.text)
        result.commands.update(COMMAND.findall(answer.text))
        result.left.update(kept)
        result.line_breaks[file] = (answer.text.count("\n"), decoded.count("\n"), written.count("\\n") - len(kept))
        if "\\n" in outside_mathematics(answer):
            result.stray.append(file)
        result.articles.append(replace(article, parts=()))
    return result


def front_matter(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return dict(yaml.load(path.read_text(encoding="utf-8").split("\n---\n")[0], loader))


def outside_mathematics(part: Part) -> str:
    spans = [(mark.start, mark.end) for mark in part.marks if mark.kind is MarkKind.MATH]
    spans += [
        (segment.start, segment.end)
        for segment in part.segments
        if segment.kind is SegmentKind.VERBATIM and part.text.startswith(("$$", r"\["), segment.start)
    ]
    outside = list(part.text)
    for start, end in spans:
        outside[start:end] = " " * (end - start)
    return "".join(outside)


def edges_of(articles: list[ParsedArticle]) -> tuple[list[dict[str, Any]], int]:
    """The edges of articles without texts, and how many links they were made from."""
    rows = [
        {"file": file, "url": a.url, "id": a.id, "title": a.title, "subject": a.subject, "path": a.path}
        for file, a in enumerate(articles)
    ]
    links = [
        {"file": file, "position": position, **asdict(link)}
        for file, article in enumerate(articles)
        for position, link in enumerate(article.links, start=1)
    ]
    return resolve_links(rows, links)[0].to_pylist(), len(links)


def counted_again(matters: list[dict[str, Any]]) -> tuple[int, set[tuple[str, str]], set[str]]:
    """Links, distinct edges and missing targets, with plain dictionaries."""
    urls = {matter["url"] for matter in matters}
    by_id: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for matter in sorted(matters, key=lambda matter: matter["url"]):
        by_id.setdefault((matter["id"], matter["title"].strip().casefold()), []).append(
            (matter["url"], matter["subject"].casefold())
        )
    count = 0
    edges = set()
    for matter in matters:
        for key, link in matter.items():
            if key.startswith("related_article"):
                count += 1
                target = link["url"]
                if target not in urls:
                    fits = by_id.get((link["id"], link["title"].strip().casefold()), [])
                    same = [url for url, subject in fits if subject == link.get("subject", "").casefold()]
                    target = [*same, *(url for url, _ in fits), target][0]
                edges.add((matter["url"], target))
    return count, edges, {target for _, target in edges} - urls


def test_every_file_is_an_article_without_a_problem(seen: Seen) -> None:
    assert len(seen.articles) == 8_106
    assert seen.problems == []
    assert duplicate_urls((article.url, article.path, article.line) for article in seen.articles) == []
    assert [article.url for article in seen.articles] == [matter["url"] for matter in seen.raw.values()]


def test_commands_that_begin_like_a_line_break_survive(seen: Seen) -> None:
    written = Counter(name for matter in seen.raw.values() for name in COMMAND.findall(matter["answer"]))
    assert written == {"neq": 92, "neg": 143, "nabla": 10}
    assert seen.commands == written


def test_no_line_break_is_lost(seen: Seen) -> None:
    assert {file: counts for file, counts in seen.line_breaks.items() if len(set(counts)) > 1} == {}


def test_a_backslash_and_an_n_are_left_in_mathematics_only_and_only_as_commands(seen: Seen) -> None:
    assert seen.stray == []
    assert seen.left == {r"\neg": 143, r"\neq": 92, r"\nabla": 10, r"\nu": 4, r"\notin": 2, r"\not": 2, r"\nmid": 1}


@pytest.mark.parametrize(
    ("subject", "articles", "links", "edges", "missing"),
    [("computer-science/", 1_933, 5_149, 4_915, None), ("", 8_106, 22_426, 20_757, 2_659)],
)
def test_links_are_resolved_as_a_few_lines_without_the_package_resolve_them(
    seen: Seen, subject: str, articles: int, links: int, edges: int, missing: int | None
) -> None:
    chosen = [article for article in seen.articles if article.path.startswith(subject)]
    found, written = edges_of(chosen)
    count, again, targets = counted_again([matter for file, matter in seen.raw.items() if file.startswith(subject)])
    assert (len(chosen), written, len(found)) == (articles, links, edges)
    assert (count, len(again)) == (links, edges)
    assert {(edge["source"], edge["target"]) for edge in found} == again
    assert {edge["target"] for edge in found if edge["status"] == "missing"} == targets
    assert missing is None or len(targets) == missing


def test_the_article_that_the_project_was_described_with(corpus: Path) -> None:
    name = "what-are-the-challenges-of-deploying-machine-learning-systems-in-production-environments"
    article, problems = read_article(corpus, f"computer-science/{name}.md", Config())
    assert problems == []
    assert article is not None
    assert article.url == f"/learn/computer-science/questions/{name}"
    assert [link.id for link in article.links] == ["50894", "50900", "50897"]
    assert {"technical debt", "data quality"} <= set(article.keywords)
    text = article.parts[1].text
    assert "\n2. Infrastructure Complexity: The infrastructure" in text
    assert "data drift" in text
