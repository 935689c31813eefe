"""What each command prints, and its exit status: 0 fine, 1 the content, 2 the request, 3 the machine."""

import csv
import errno
import io
import json
import os
import shutil
from pathlib import Path

import msgspec
import pyoxigraph as ox
import pytest

from kg.base.model import Severity
from kg.base.report import read_report, write_report
from kg.base.tables import read_tables
from kg.query.named import list_queries
from tests.broken_articles import write_broken_articles, write_good_articles

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
COMMANDS = (
    *(
        "init",
        "build",
        "query",
        "search",
        "explain",
        "related",
        "suggest",
        "view",
        "stats",
        "validate",
        "check",
        "train",
    ),
)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "drift.md").write_text("# Data drift\n\nData drift hurts a machine learning model.\n")
    return folder


# Help


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_has_help_with_an_example(kg, command: str, option: str) -> None:
    shown = kg(command, option)
    assert shown.status == 0
    assert f"\n    kg {command} " in shown.out.partition("Examples:")[2]
    assert shown.err == ""


def test_help_lists_every_command_with_a_sentence(kg) -> None:
    shown = kg("--help").out
    assert [line.split()[0] for line in shown.partition("Commands:\n")[2].splitlines()] == list(COMMANDS)
    assert "kg build my-articles" in shown


def test_version(kg) -> None:
    assert kg("--version").out.startswith("kg, version ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bild",), "No such command 'bild'"),
        (("build",), "Missing argument 'ARTICLES'"),
        (("build", ".", "--jobs", "0"), "0 is not in the range"),
        (("build", ".", "--concepts-per-article", "many"), '"many" is neither "auto" nor a number from 1'),
        (("build", ".", "--concepts-per-article", "0"), '"0" is neither "auto" nor a number from 1'),
        (("build", "absent-folder"), "absent-folder: no such folder of articles"),
        (("build", str(EXAMPLES), "--base", "x"), 'the base IRI "x" is not absolute'),
        (("build", str(EXAMPLES), "--config", "absent.toml"), "absent.toml: cannot be read"),
        (("check", "absent-folder"), "absent-folder: no such folder of articles"),
        (("query", "out"), "give one of"),
        (("query", "out", "ASK {}", "--name", "top-concepts"), "give one of"),
        (("query", "out", "ASK {}", "--param", "limit=3"), "--param needs --name"),
        (("query", "out", "--name", "x", "--param", "limit"), '"limit" is not of the form key=value'),
        (("query", "out", "ASK {}", "--format", "rdf"), "'rdf' is not one of"),
    ],
)
def test_wrong_use_is_status_2_and_says_what_is_wrong(
    kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = kg(*arguments)
    assert result.status == 2
    assert said in result.err
    assert result.out == ""
    assert list(tmp_path.iterdir()) == []


# kg build


def test_build_says_what_it_built_and_what_to_do_next(kg, articles: Path, tmp_path: Path) -> None:
    result = kg("build", articles, "--out", tmp_path / "out", "--base", "https://graph.example/", "--jobs", 1)
    assert result.status == 0
    assert result.err == ""
    assert "1 article        of 1 file\n" in result.out
    assert f"kg query {tmp_path / 'out'} --name top-concepts" in result.out
    assert (tmp_path / "out" / "index.html").exists()


def test_build_writes_to_exports_by_default(
    kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert kg("build", "articles", "--jobs", 1).status == 0
    assert (tmp_path / "exports" / "articles" / "report.json").exists()


def test_by_default_no_build_of_another_folder_is_replaced(
    kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert kg("build", "articles").status == 0
    (tmp_path / "other").mkdir()
    articles.rename(tmp_path / "other" / "articles")
    refused = kg("build", "other/articles")
    assert refused.status == 2
    assert refused.err.startswith("kg: exports/articles has the build of another folder, which is also called articles")
    assert kg("build", "other/articles", "--out", "exports/articles").status == 0
    assert "is up to date" in kg("build", "other/articles").out


def test_a_warning_leaves_the_status_0(kg, articles: Path, tmp_path: Path) -> None:
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1)
    assert result.status == 0
    assert f"{articles}:1: warning: no base IRI is set" in result.err
    assert "0 errors, 1 warning" in result.err


def test_build_json_is_the_report(kg, articles: Path, tmp_path: Path) -> None:
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1, "--concepts-per-article", 3, "--json")
    assert result.status == 0
    assert json.loads(result.out) == json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert json.loads(result.out)["configuration"]["concepts"]["per_article"] == 3


def test_an_option_wins_over_kg_toml(kg, articles: Path, tmp_path: Path) -> None:
    (articles / "kg.toml").write_text('[publish]\nevidence = "all"\n', "utf-8")
    assert kg("build", articles, "--out", tmp_path / "all", "--jobs", 1).status == 0
    assert kg("build", articles, "--out", tmp_path / "none", "--jobs", 1, "--evidence", "none").status == 0
    assert (tmp_path / "all" / "evidence.nt.gz").exists()
    assert not (tmp_path / "none" / "evidence.nt.gz").exists()
    assert kg("build", articles, "--evidence", "some").status == 2


def test_an_article_that_cannot_be_read_is_status_1(kg, articles: Path, tmp_path: Path) -> None:
    (articles / "broken.md").write_bytes(b"# Broken\n\n\xff\n")
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1)
    assert result.status == 1
    assert f"{articles}/broken.md:3: error: not UTF-8" in result.err
    assert "1 error, 1 warning" in result.err
    assert "1 article        of 2 files" in result.out
    assert "1 error, 1 warning" in (tmp_path / "out" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["build", "check"])
def test_thirty_broken_files_are_named_each_with_its_line(kg, tmp_path: Path, command: str) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    good = write_good_articles(folder)
    broken = write_broken_articles(folder)
    assert len(broken) >= 30
    out = ("--out", tmp_path / "out") if command == "build" else ()
    result = kg(command, folder, *out, "--jobs", 2)
    assert result.status == 1
    lines = (result.err if command == "build" else result.out).splitlines()
    for file, (severity, line, message) in broken.items():
        if severity is Severity.WARNING and command == "build":
            continue  # a build prints only some of the warnings
        own = [said for said in lines if said.startswith(f"{folder / file}:") and f": {severity}: " in said]
        assert len(own) == 1, (file, own)
        assert own[0].startswith(f"{folder / file}:{line}: {severity}: ")
        assert message in own[0]
    assert not [said for said in lines for file in good if said.startswith(f"{folder / file}:")]
    if command == "build":
        report = read_report(tmp_path / "out")
        severities = [severity for severity, _, _ in broken.values()]
        assert report.counts["articles"] >= len(good) + severities.count(Severity.WARNING)
        assert report.errors == severities.count(Severity.ERROR)
        assert report.warnings == severities.count(Severity.WARNING) + 1  # and that no base IRI is set


def test_an_empty_folder_says_so(kg, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    result = kg("build", tmp_path / "articles", "--out", tmp_path / "out")
    assert result.status == 0
    assert "no article was found" in result.err
    assert "no article was found" in kg("check", tmp_path / "articles").out


def test_a_build_of_articles_is_not_replaced_by_one_of_none(kg, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert kg("build", articles, "--out", tmp_path / "out", "--jobs", 1).status == 0
    result = kg("build", tmp_path / "empty", "--out", tmp_path / "out")
    assert result.status == 1
    assert "is kept; to replace it, remove it first" in result.err
    assert read_report(tmp_path / "out").counts["articles"] > 0


def test_a_folder_that_is_not_ours_is_status_2(kg, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    result = kg("build", articles, "--out", tmp_path / "mine")
    assert result.status == 2
    assert result.err == (
        f"kg: {tmp_path / 'mine'} is not empty and not a build of kg (no report.json of ours): choose another --out\n"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "tables could not be written, because the disk is full"),
        (MemoryError(), "not enough memory"),
        (ZeroDivisionError("division by zero"), "a bug in kg, not in your articles: ZeroDivisionError: division"),
    ],
)
def test_what_fails_on_the_machine_is_status_3_and_one_sentence(
    kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.delenv("KG_DEBUG", raising=False)
    monkeypatch.setattr("kg.pipeline.resources.write_tables", fail)
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1)
    assert result.status == 3
    assert said in result.err
    assert "Traceback" not in result.err
    assert not (tmp_path / "out").exists()


def test_a_traceback_is_there_for_who_asks(kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("KG_DEBUG", "1")
    monkeypatch.setattr("kg.pipeline.resources.write_tables", fail)
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1)
    assert result.status == 3
    assert "Traceback" in result.err


def test_an_interrupt_says_that_nothing_was_changed(
    kg, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.pipeline.resources.write_tables", interrupt)
    result = kg("build", articles, "--out", tmp_path / "out", "--jobs", 1)
    assert (result.status, result.err.strip()) == (130, "kg: interrupted; nothing was changed")
    assert not (tmp_path / "out").exists()


def test_control_characters_never_reach_the_terminal(kg, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    link = '{title: "\\e]0;owned\\a", url: "/\\e[2J\\x9b31m"}'
    (folder / "a.md").write_text(f'---\ntitle: "\\e[31mRed\\a"\nurl: /a\nrelated: [{link}]\n---\nData drift hurts.\n')
    out = tmp_path / "out"
    shown = [
        kg("build", folder, "--out", out, "--jobs", 1),
        kg("check", folder),
        kg("stats", out),
        kg("query", out, "SELECT * { ?s ?p ?o }"),
        kg("query", out, "--name", "broken-links"),
    ]
    for result in shown:
        text = result.out + result.err
        assert text
        assert not [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]


def test_build_says_how_links_were_found_and_what_was_left_out(kg, tmp_path: Path) -> None:
    result = kg("build", EXAMPLES.parent / "vault", "--out", tmp_path / "out", "--jobs", 1)
    assert result.status == 0
    assert "15 articles       of 16 files\n        1 file left out  1 draft\n" in result.out
    assert " related links  2 by path, 49 by name, 2 to missing articles\n" in result.out


# kg init


def test_init_says_what_it_guessed_and_writes_it(kg, articles: Path) -> None:
    (articles / "second.md").write_text("---\ntitle: Second\nTags: [a, b]\n---\nSee [first](drift.md).\n")
    result = kg("init", articles)
    assert (result.status, result.err) == (0, "")
    assert (
        result.out
        == f"""{articles} is a plain folder: no sign of another tool is there
2 files

title:       1 of 2 files have `title`
keywords:    1 of 2 files have `Tags`

As they will be read:

  Data drift
    url       article/drift
    subject   -
    date      -
    keywords  -
    links     0

  Second
    url       article/second
    subject   -
    date      -
    keywords  a, b
    links     1, first to drift.md

Wrote {articles / "kg.toml"}

Next:
  kg check {articles}
  kg build {articles}
"""
    )
    assert kg("check", articles).status == 0


def test_init_replaces_nothing_without_force(kg, articles: Path) -> None:
    beside = articles.parent / "kg.toml"
    beside.write_text("title = 'Beside'\n")
    first = kg("init", articles)
    assert f"{beside} is not read any more" in first.out
    assert "no file has front matter" in first.out
    (articles / "kg.toml").write_text("title = 'Mine'\n")
    second = kg("init", articles)
    assert (second.status, second.out) == (2, "")
    assert second.err == f"kg: {articles / 'kg.toml'} exists already; replace it with --force\n"
    assert (articles / "kg.toml").read_text() == "title = 'Mine'\n"
    assert kg("init", articles, "--force").status == 0
    assert "Mine" not in (articles / "kg.toml").read_text()


# kg check


def test_check_prints_a_line_for_each_problem(kg) -> None:
    result = kg("check", EXAMPLES, "--jobs", 1)
    assert result.status == 0
    assert len(result.out.splitlines()) == 4
    assert all(": warning: related link to /learn/" in line for line in result.out.splitlines())
    assert result.err == "0 errors, 4 warnings\n"


def test_check_json(kg) -> None:
    result = kg("check", EXAMPLES, "--jobs", 1, "--json")
    assert result.status == 0
    assert {problem["code"] for problem in json.loads(result.out)} == {"missing-target"}
    assert result.err == ""


# kg stats


def test_stats(kg, built: Path) -> None:
    result = kg("stats", built)
    assert result.status == 0
    lines = [line.strip() for line in result.out.splitlines()]
    assert lines[0] == "Machine learning in production"
    assert "40 articles" in lines
    assert "9 Deployment" in lines
    assert "4 warning: missing-target" in lines
    assert lines.index("Subjects, by articles") < lines.index("Top concepts, by articles")
    articles = read_tables(built / "tables").articles
    titled = zip(articles["title"].to_pylist(), articles["centrality"].to_pylist(), strict=True)
    title, most = min(titled, key=lambda row: (-row[1], row[0]))
    (heading,) = (at for at, line in enumerate(lines) if line.startswith("Most central articles"))
    assert lines[heading + 1] == f"{most:.1f} {title}"


def test_stats_json(kg, built: Path) -> None:
    figures = json.loads(kg("stats", built, "--json").out)
    assert figures["counts"] == read_report(built).counts
    assert {"label": "Monitoring", "count": 8} in figures["subjects"]
    assert [row["count"] for row in figures["top_concepts"]] == sorted(
        (row["count"] for row in figures["top_concepts"]), reverse=True
    )
    assert sum(row["count"] for row in figures["missing_articles"]) == figures["counts"]["links_missing"]
    tables = read_tables(built / "tables")
    for name, table, label in (
        ("central_articles", tables.articles, "title"),
        ("central_concepts", tables.concepts, "pref_label"),
    ):
        labelled = zip(table["centrality"].to_pylist(), table[label].to_pylist(), strict=True)
        best = sorted(labelled, key=lambda row: (-row[0], row[1]))[:15]
        assert [(row["centrality"], row["label"]) for row in figures[name]] == best


@pytest.mark.parametrize("command", [("stats",), ("query", "ASK {}")])
def test_what_is_no_build_is_status_1(kg, tmp_path: Path, command: tuple[str, ...]) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        result = kg(command[0], folder, *command[1:])
        assert result.status == 1
        assert result.err == f"kg: {folder} is not a build of kg: it has no report.json; make one with kg build\n"


def test_a_damaged_build_is_status_1(kg, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    (out / "tables" / "links.parquet").write_bytes(b"nothing")
    shutil.rmtree(out / "store")
    for result in (kg("stats", out), kg("query", out, "ASK {}")):
        assert result.status == 1
        assert "build the graph again" in result.err
    (out / "report.json").write_text("{")
    assert "report.json cannot be read" in kg("stats", out).err


def test_the_title_of_a_build_cannot_steer_the_terminal(kg, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(built, out)
    write_report(msgspec.structs.replace(read_report(built), title="\x1b[2Jtitle"), out)
    assert kg("stats", out).out.startswith("\ufffd[2Jtitle\n")


# kg query

SELECT = "SELECT ?url { ?a a schema:Article ; dcterms:identifier ?url }"


def test_a_table_for_people(kg, built: Path) -> None:
    result = kg("query", built, "--name", "top-concepts", "--param", "limit=3")
    assert result.status == 0
    assert len(result.out.strip().splitlines()) == 5
    assert result.err == "3 rows\n"
    assert kg("query", built, SELECT + " LIMIT 1").err == "1 row\n"
    nothing = kg("query", built, "SELECT ?x { ?x a skos:Concept ; dcterms:title 'nothing' }")
    assert (nothing.status, nothing.out, nothing.err) == (0, "", "no rows\n")
    misspelt = kg("query", built, "SELECT ?x { ?x kg:artcleCount 3 }")
    assert (misspelt.status, misspelt.out) == (0, "")
    assert misspelt.err == "note: kg:artcleCount is not in the graph; did you mean kg:articleCount?\nno rows\n"


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
def test_rows_as_files(kg, built: Path, format_: str) -> None:
    result = kg("query", built, SELECT, "--format", format_)
    assert (result.status, result.err) == (0, "")
    parser = {
        "json": ox.QueryResultsFormat.JSON,
        "xml": ox.QueryResultsFormat.XML,
        "tsv": ox.QueryResultsFormat.TSV,
    }.get(format_)
    if parser is None:
        urls = [row["url"] for row in csv.DictReader(io.StringIO(result.out, newline=""))]
    else:
        urls = [row["url"].value for row in ox.parse_query_results(result.out.encode(), parser)]
    assert len(set(urls)) == 40


def test_every_article_is_in_article_concepts(kg, built: Path) -> None:
    result = kg("query", built, "--name", "article-concepts", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.out, newline="")))
    assert set(rows[0]) == {"url", "label", "concept", "salience"}
    assert len({row["url"] for row in rows}) == 40


def test_a_named_query_is_printed_and_can_be_run(kg, built: Path, tmp_path: Path) -> None:
    named = ("--name", "concept-articles", "--param", "concept=data drift")
    printed = kg("query", built, *named, "--print")
    assert (printed.status, printed.err) == (0, "")
    (tmp_path / "printed.rq").write_text(printed.out)
    again = kg("query", built, "--file", tmp_path / "printed.rq", "--format", "csv")
    assert again.out == kg("query", built, *named, "--format", "csv").out
    assert again.out.count("\n") == 7
    assert kg("query", built, "ASK {}", "--print").status == 2


@pytest.mark.parametrize(
    ("format_", "syntax"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdfxml", ox.RdfFormat.RDF_XML),
    ],
)
def test_triples_as_files(kg, built: Path, format_: str, syntax: ox.RdfFormat) -> None:
    construct = "CONSTRUCT { ?a dcterms:title ?t } WHERE { ?a a schema:Article ; dcterms:title ?t }"
    result = kg("query", built, construct, "--format", format_)
    assert len(list(ox.parse(result.out.encode(), syntax))) == 40
    if format_ == "ttl":
        assert kg("query", built, construct).out == result.out


def test_yes_or_no(kg, built: Path) -> None:
    assert kg("query", built, "ASK { ?c a skos:Concept }").out == "yes\n"
    assert kg("query", built, "ASK { ?c a prov:Plan }").out == "no\n"


@pytest.mark.parametrize(
    ("query", "format_"), [("ASK {}", "csv"), (SELECT, "ttl"), ("DESCRIBE ?a { ?a a schema:Article }", "table")]
)
def test_a_format_that_does_not_fit_is_status_2(kg, built: Path, query: str, format_: str) -> None:
    result = kg("query", built, query, "--format", format_)
    assert (result.status, result.out) == (2, "")
    assert "choose" in result.err


def test_a_query_in_a_file(kg, built: Path, tmp_path: Path) -> None:
    (tmp_path / "ask.rq").write_text("ASK { ?c a skos:Concept }")
    assert kg("query", built, "--file", tmp_path / "ask.rq").out == "yes\n"
    (tmp_path / "binary.rq").write_bytes(b"\xff\xfe")
    for name in ("absent.rq", "binary.rq"):
        result = kg("query", built, "--file", tmp_path / name)
        assert result.status == 2
        assert f"{name}: cannot be read" in result.err


def test_a_syntax_error_shows_its_place(kg, built: Path) -> None:
    result = kg("query", built, "SELECT ?a {\n  ?a b }")
    assert result.status == 2
    assert result.err.splitlines() == [result.err.splitlines()[0], "  ?a b }", "     ^"]
    assert result.err.startswith("kg: line 2, column 6: ")


def test_a_query_cannot_reach_the_network_or_change_anything(kg, built: Path) -> None:
    for query in ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL"):
        assert kg("query", built, query).status == 2


def test_list_names_every_query_and_parameter(kg, built: Path) -> None:
    shown = kg("query", built, "--list").out
    queries = list_queries()
    assert len(queries) >= 7
    for query in queries:
        assert f"{query.name}\n    {query.description}\n" in shown
        for parameter in query.parameters:
            assert f"    --param {parameter.name}=...  {parameter.description} (" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "top-concept"), 'did you mean "top-concepts"?'),
        (("--name", "concept-articles"), '"concept"'),
        (("--name", "concept-articles", "--param", "concept=data drfit"), 'did you mean "data drift"'),
        (("--name", "top-concepts", "--param", "limit=many"), 'must be a whole number, not "many"'),
        (("--name", "top-concepts", "--param", "size=3"), '"size"'),
    ],
)
def test_a_wrong_name_or_parameter_is_status_2(kg, built: Path, arguments: tuple[str, ...], said: str) -> None:
    result = kg("query", built, *arguments)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


# A site


def test_options_for_a_site_win_over_kg_toml(kg, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text("[publish]\nsite_pages = true\n")
    assert kg("build", articles, "--out", tmp_path / "a").status == 0
    assert kg("build", articles, "--out", tmp_path / "b", "--no-site-pages", "--site-faq").status == 0
    made = {name: {path.name for path in (tmp_path / name).glob("site*")} for name in "ab"}
    assert made == {"a": {"site"}, "b": {"site-jsonld"}}
    assert "site-jsonld/" in (tmp_path / "b" / "index.html").read_text()
    assert "site/" not in (tmp_path / "b" / "index.html").read_text()


def test_what_has_no_page_is_a_warning(kg, articles: Path, tmp_path: Path) -> None:
    (articles / "query.md").write_text("---\nurl: /x?id=7\n---\n# Query\n\nData drift hurts a model.\n")
    shown = kg("build", articles, "--out", tmp_path / "out", "--site-pages", "--base", "https://graph.example/")
    assert shown.status == 0
    said = "no page of https://graph.example/x?id=7, because it has a query, which no file can answer"
    assert f"query.md:1: warning: {said}" in " ".join(shown.err.split())


# Notes


def test_a_note_is_printed_and_changes_no_exit_status(kg, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\nlang: de\ntags: [Sauerteig]\n---\nEin Sauerteig braucht Zeit und Mehl.\n")
    checked = kg("check", folder, "--jobs", 1)
    assert (checked.status, checked.err) == (0, "0 errors, 0 warnings, 1 note\n")
    assert checked.out.startswith(f"{folder}:1: note: 1 article is in German, for which no spaCy pipeline is set")
    (told,) = json.loads(kg("check", folder, "--jobs", 1, "--json").out)
    assert told["severity"] == "note"
    built = kg("build", folder, "--out", tmp_path / "out", "--jobs", 1, "--base", "https://graph.example.org/")
    assert built.status == 0
    assert "note: 1 article is in German" in built.err
    assert "0 errors, 0 warnings, 1 note; all of them:" in built.err
    assert [(problem.severity, problem.code) for problem in read_report(tmp_path / "out").problems] == [
        (Severity.NOTE, "language")
    ]
    tables = read_tables(tmp_path / "out" / "tables")
    assert tables.concepts["pref_label"].to_pylist() == ["Sauerteig"]
    assert '"Ein Sauerteig braucht Zeit und Mehl."@de' in (tmp_path / "out" / "graph.nt").read_text("utf-8")
    assert kg("validate", tmp_path / "out").status == 0
