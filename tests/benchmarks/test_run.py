"""benchmarks/run.py and its tables, with figures that are given and one turn that is really run."""

import json
from pathlib import Path

import parts
import pytest
import run
import sources
from measure import Measured
from rich.console import Console
from shown import Table, as_markdown, middle, show

from kg.base.config import Config
from kg.read.article import read_article

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"


def measured(seconds: float, peak: int = 250_000_000, output: str = "") -> Measured:
    return Measured(seconds, seconds * 2, peak, 0, output, "")


def floor(seconds: float) -> Measured:
    told = {"articles": 40, "tokens": 16147, "jobs": 2, "seconds": seconds}
    return measured(seconds + 1, output=json.dumps(told))


def results() -> run.Results:
    found = run.Results(articles=40, tokens=16147)
    found.measured[run.FLOOR] = [floor(10), floor(20), floor(30)]
    found.measured[run.COLD] = [measured(15), measured(40), measured(36)]
    found.measured[run.RIVAL] = [measured(100, 900_000_000)] * 3
    return found


def test_a_ratio_is_the_median_of_those_of_each_turn() -> None:
    rows = {row[0]: row[1:] for row in run.overview(results()).rows}
    assert rows[run.FLOOR][:2] == ["20.0 (10.0-30.0)", "1.00"]
    assert rows[run.COLD] == ["36.0 (15.0-40.0)", "1.50", "72", "250"]
    assert rows[run.RIVAL] == ["100.0 (100.0-100.0)", "5.00", "200", "900"]


def test_a_rival_that_did_not_run_has_no_figures() -> None:
    found = results()
    del found.measured[run.RIVAL]
    assert [run.RIVAL, "did not run", "", "", ""] in run.overview(found).rows


def test_one_run_has_no_spread() -> None:
    assert middle([1234.56]) == "1,234.6"


@pytest.mark.parametrize("width", [80, 60])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    console = Console(width=width, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        show(run.overview(results()), console)
        show(Table("Long [b]words[/b]", ["name", "n"], [["x" * 200, "1"]], "a note " * 30), console)
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= width
    assert any("36.0 (15.0-40.0)" in line for line in lines)
    assert "Long [b]words[/b]" in captured.get()


def test_markdown_has_a_ruler_and_no_stray_bars() -> None:
    written = as_markdown(Table("T", ["query", "rows"], [["a|b", "3"]], "Note."))
    assert written == "## T\n\n| query | rows |\n| --- | ---: |\n| a\\|b | 3 |\n\nNote.\n"


def test_stages_and_what_is_left_make_the_whole() -> None:
    built = [parts.Built({"read and tag": 6.0, "publish": 3.0, "write graph.nt": 2.0}, {"graph.nt": 1000})]
    rows = parts.stage_table(built, [10.0]).rows
    assert rows == [["read and tag", "6.00", "60%"], ["publish", "3.00", "30%"], ["start and end", "1.00", "10%"]]


def test_a_writer_of_several_files_has_the_triples_of_all() -> None:
    timings = {
        "publish": 9.0,
        "write graph.nt, evidence.nt.gz and store": 4.0,
        "write graph.ttl": 2.0,
        "write pages": 1.0,
    }
    triples = {"graph.nt": 100, "graph.ttl": 100, "evidence.nt.gz": 20, "store": 120, "concepts.ttl": 5}
    assert parts.writer_table([parts.Built(timings, triples)]).rows == [
        ["graph.nt, evidence.nt.gz and store", "4.00", "240", "60"],
        ["graph.ttl", "2.00", "100", "50"],
        ["pages", "1.00", "", ""],
    ]


def test_triples_are_those_in_the_files(built: Path) -> None:
    triples = parts.read(built).triples
    assert triples["graph.nt"] == len((built / "graph.nt").read_bytes().splitlines())
    assert triples["store"] == triples["graph.nt"] + triples["evidence.nt.gz"] > triples["graph.nt"]
    assert 0 < triples["concepts.ttl"] < triples["graph.nt"]


@pytest.mark.parametrize("front", ["", '---\ntitle: T\nanswer: "It is so. It is."\n---\n', "---\ntitle: T\n---\n"])
def test_a_changed_article_has_one_more_sentence_and_can_be_read(tmp_path: Path, front: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"{front}A line that is long. And goes on with a second sentence after it.\n\nshort\n", "utf-8")
    before, _ = read_article(tmp_path, "a.md", Config())
    run.change(file)
    after, problems = read_article(tmp_path, "a.md", Config())
    assert before is not None
    assert after is not None
    assert not problems
    assert run.SENTENCE.strip() in " ".join(part.text for part in after.parts)
    assert run.SENTENCE.strip() not in " ".join(part.text for part in before.parts)


@pytest.mark.slow
def test_a_turn_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = tmp_path / "few"
    files = sources.by_hash(sources.files_of(ARTICLES))[:3]
    sources.copy_articles(ARTICLES, files, few)
    content = {path: (few / path).read_bytes() for path in files}
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _: None)
    taken = list(run.turn(few, work, 1))
    assert [what for what, _, _ in taken] == [run.FLOOR, run.COLD, run.WARM, run.UNCHANGED, run.CHANGED]
    assert json.loads(taken[0][1].output)["articles"] == 3
    assert all(one.peak > 50_000_000 and one.seconds > 0 for _, one, _ in taken)
    assert {path: (few / path).read_bytes() for path in files} == content
    texts = {(work / out / "graph.nt").read_text("utf-8").count(run.SENTENCE.strip()) for out in ("cold", "warm")}
    assert texts == {0, 1}


def test_samples_by_hash_are_nested_and_do_not_depend_on_the_order() -> None:
    files = sources.files_of(ARTICLES)
    assert sources.by_hash(reversed(files)) == sources.by_hash(files) != files
