"""Reads and builds every folder of the cases, and compares the results with what is expected."""

import json
import time
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from click.testing import CliRunner

from kg.annotate.nlp.pipeline import load_tagger
from kg.base.iris import url_path
from kg.base.model import LinkStatus, ParsedArticle, Problem, Severity
from kg.base.tables import read_tables
from kg.cli import commands
from kg.cli.console import problem_line
from kg.inspect.check import read_folder
from kg.inspect.init import write_guess
from kg.read.settings import read_settings
from kg.validate.run import validate
from tests.folders.cases import CASES_FOLDER, Built, Case, Expected, names, read_case, unlike

CASES = {name: read_case(name) for name in names()}
BUILT = [name for name, case in CASES.items() if case.expected.build is not None]


@pytest.fixture(scope="session")
def tagger() -> None:
    """Loads the tagger, so that the time of no build depends on whether it is the first one."""
    load_tagger(None)


@pytest.mark.parametrize("name", CASES)
def test_reading(name: str, tmp_path: Path) -> None:
    expected, folder = CASES[name].expected, _write(CASES[name], tmp_path)
    start = time.process_time()
    found = read_folder(folder, jobs=1, texts=True)
    seconds = time.process_time() - start
    differences = _unlike(expected, found.articles, found.links, found.problems)
    tool = read_settings(folder)[0].read.tool
    if expected.tool is not None and expected.tool != tool:
        differences.append(f"the tool is {tool}, not {expected.tool}")
    has_errors = any(problem.severity is Severity.ERROR for problem in found.problems)
    if has_errors != bool(expected.exit):
        differences.append(f"the exit status is {int(has_errors)}")
    if seconds > expected.seconds:
        differences.append(f"reading takes {seconds:.1f} s")
    assert not differences, "\n".join(differences)


@pytest.mark.usefixtures("tagger")
@pytest.mark.parametrize("name", BUILT)
def test_build(name: str, tmp_path: Path) -> None:
    expected, folder, out = CASES[name].expected, _write(CASES[name], tmp_path), tmp_path / "out"
    wanted = expected.build or Built()
    checked_status, checked = _run("check", folder)
    start = time.process_time()
    options = ["--base", "https://b.example/", "--concepts-per-article", "20", "--evidence", wanted.evidence]
    status, report = _run("build", folder, "--out", out, *options)
    seconds = time.process_time() - start
    assert (status, checked_status) == (expected.exit, expected.exit)
    assert report["problems"] == checked
    tables = read_tables(out / "tables")
    found = read_folder(folder, jobs=1, texts=True)
    assert _pairs(tables.links) == _pairs(found.links)
    assert [broken for broken in validate(out).findings if broken.severity == "violation"] == []
    concepts = {label.casefold(): row for row in tables.concepts.to_pylist() for label in _labels(row)}
    differences = [f"{name} is a concept" for name in wanted.no_concepts if name.casefold() in concepts]
    for name, frequency in wanted.concepts.items():
        occurs = concepts[name.casefold()]["frequency"] if name.casefold() in concepts else 0
        if occurs != frequency:
            differences.append(f"{name} occurs {occurs} times as a concept, not {frequency} times")
    urls = {article.path: article.url for article in found.articles}
    for mention in tables.mentions.to_pylist():
        if mention["article"] in {urls.get(path) for path in wanted.without_concepts}:
            differences.append(f"{mention['article']} has the concept {mention['concept']}")
    if seconds > wanted.seconds:
        differences.append(f"the build takes {seconds:.1f} s")
    assert not differences, "\n".join(differences)


def test_at_least_ten_folders_are_built() -> None:
    """The test of builds also tells whether `kg check` and `kg build` report the same problems."""
    assert len(BUILT) >= 10


def test_an_expected_problem_fits_only_one_that_is_found(case: Case) -> None:
    problem = Problem(Severity.WARNING, "missing-target", "a.md", 3, None, "link to x: no such article")
    expected = case.expected.problems
    assert unlike(expected, [problem]) == []
    assert unlike(expected, []) == [
        "no problem is {'severity': 'warning', 'file': 'a.md', 'line': 3, 'code': None, 'says': 'to x', "
        "'optional': False}"
    ]
    assert unlike(expected, [problem, problem]) == [f"warning missing-target at {problem} is not expected"]
    note = Problem(Severity.NOTE, "other-suffix", ".", None, None, "1 document is not read")
    assert unlike(expected, [problem, note]) == []


def test_files_are_written_as_a_case_says(case: Case, tmp_path: Path) -> None:
    assert case.write(tmp_path) == tmp_path / "docs"
    written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.md")}
    assert written == {"docs/a.md": b"Text.\n", "docs/long.md": b"1 2 3 \xe9"}


def test_a_misspelt_key_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `titel`"):
        msgspec.toml.decode('titel = "A"\n[files]\n[expected]\narticles = {}\n', type=Case)


def test_the_readme_describes_the_form_of_a_case() -> None:
    source = (CASES_FOLDER / "README.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    case = msgspec.toml.decode(source, type=Case)
    assert set(case.expected.articles) == {path.removeprefix("vault/") for path in case.files}


@pytest.fixture
def case() -> Case:
    source = """
    title = "A case"
    folder = "docs"
    [files]
    "docs/a.md" = "Text.\\n"
    "docs/long.md" = [{ text = "{n} ", times = 3 }, { text = "é", encoding = "latin-1" }]
    [expected]
    articles = {}
    problems = [
        { severity = "note", file = ".", optional = true },
        { severity = "warning", file = "a.md", line = 3, says = "to x" },
    ]
    """
    return msgspec.toml.decode(source, type=Case)


def _write(case: Case, root: Path) -> Path:
    """Write the folder of a case as the only content of a repository, so that nothing above it is looked at."""
    (root / ".git").mkdir()
    articles = case.write(root / "folder")
    if case.init:
        write_guess(articles)
    return articles


def _unlike(
    expected: Expected, articles: Sequence[ParsedArticle], links: pa.Table, problems: Sequence[Problem]
) -> list[str]:
    """Return how what was read of a folder differs from what is expected, one line for each difference."""
    found = {article.path: article for article in articles}
    paths = {url_path(article.url): article.path for article in articles}
    edges, missing = set(), set()
    for row in links.to_pylist():
        if row["status"] == LinkStatus.MISSING:
            missing.add(url_path(row["target"]))
        else:
            edges.add(f"{paths[url_path(row['source'])]} -> {paths[url_path(row['target'])]}")
    return [
        *(f"{path} is no article" for path, one in expected.articles.items() if path not in found and not one.optional),
        *(f"{path} is an article" for path in found if path not in expected.articles),
        *(
            f"{path}: {difference}"
            for path, wanted in expected.articles.items()
            if path in found
            for difference in wanted.differences(found[path])
        ),
        *(f"there is no edge {edge}" for edge in sorted(set(expected.edges) - edges)),
        *(f"there is an edge {edge}" for edge in sorted(edges - set(expected.edges))),
        *(f"{stub} is no missing article" for stub in expected.missing if not any(_is(url, stub) for url in missing)),
        *(
            f"/{url} is a missing article"
            for url in sorted(missing)
            if not any(_is(url, stub) for stub in expected.missing)
        ),
        *unlike(expected.problems, problems),
        *(f"{problem!r} is more than a line" for problem in problems if _lines(problem) != 1),
    ]


def _is(url: str, expected: str) -> bool:
    return fnmatchcase(url, url_path(expected))


def _lines(problem: Problem) -> int:
    return len(problem_line(problem, Path("folder")).splitlines())


def _pairs(links: pa.Table) -> list[tuple[str, str]]:
    return list(zip(links["source"].to_pylist(), links["target"].to_pylist(), strict=True))


def _labels(concept: Mapping[str, Any]) -> list[str]:
    return [concept["pref_label"], *concept["alt_labels"], *concept["hidden_labels"]]


def _run(command: str, folder: Path, *options: str | Path) -> tuple[int, Any]:
    """Run a command on a folder in this process, and return its exit status and what it prints as JSON."""
    arguments = [command, str(folder), *map(str, options), "--jobs", "1", "--json"]
    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    return result.exit_code, json.loads(result.stdout)
