"""kg view: a page around anything, by any of its names."""

from pathlib import Path

import pytest

from kg.cli.view import _OURS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("focus", "kind", "name"),
    [
        ("data drift", "concept", "data-drift.html"),
        ("DATA DRIFT", "concept", "data-drift.html"),
        ("Monitoring", "subject", "monitoring.html"),
        (
            "/learn/monitoring/questions/what-is-training-serving-skew",
            "article",
            "what-is-training-serving-skew-857911d7.html",
        ),
    ],
)
def test_a_page_is_named_after_its_focus(kg, built: Path, folder: Path, focus: str, kind: str, name: str) -> None:
    shown = kg("view", built, "--focus", focus)
    assert (shown.status, shown.err) == (0, "")
    assert shown.out.startswith(f"The {kind} ")
    assert shown.out.endswith(f"  open {name}\n")
    assert [path.name for path in folder.iterdir()] == [name]
    assert _OURS in (folder / name).read_text("utf-8")


def test_depth_nodes_and_output_are_obeyed(kg, built: Path, folder: Path) -> None:
    shown = kg("view", built, "--focus", "data drift", "--depth", 2, "--max-nodes", 30, "--output", "page.html")
    assert "30 of " in shown.out
    page = (folder / "page.html").read_text("utf-8")
    assert "showing 30 of " in page
    assert kg("view", built, "--focus", "data drift", "--output", "page.html").status == 0
    assert "showing 30 of " not in (folder / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--focus", "dta drift"), 'nothing in the graph is called "dta drift"; did you mean "data drift"'),
        ((), "Missing option '--focus'"),
        (("--focus", "data drift", "--depth", "0"), "0 is not in the range"),
        (("--focus", "data drift", "--max-nodes", "301"), "301 is not in the range"),
        (("--focus", "data drift", "--output", "."), ". is a folder"),
    ],
)
def test_wrong_use_is_status_2(kg, built: Path, folder: Path, arguments: tuple[str, ...], said: str) -> None:
    shown = kg("view", built, *arguments)
    assert shown.status == 2
    assert said in shown.err
    assert list(folder.iterdir()) == []


def test_a_file_that_is_no_page_of_ours_is_not_replaced(kg, built: Path, folder: Path) -> None:
    (folder / "data-drift.html").write_text("mine")
    shown = kg("view", built, "--focus", "data drift")
    assert shown.status == 2
    assert "exists already and is not a page of kg: give another name with --output" in shown.err
    assert (folder / "data-drift.html").read_text() == "mine"
    assert kg("view", built, "--focus", "data drift", "--output", "data-drift.html").status == 0
    assert kg("view", built, "--focus", "data drift").status == 0


def test_a_folder_that_is_no_build_is_status_1(kg, folder: Path) -> None:
    shown = kg("view", folder, "--focus", "x")
    assert shown.status == 1
    assert "is not a build of kg" in shown.err
