"""report.json: written and read back, and what is no report of ours."""

import importlib.metadata
import json
import platform
import re
from pathlib import Path

import msgspec
import pytest

from kg.base.errors import DataError, UsageError
from kg.base.model import Problem, Severity
from kg.base.report import FILE_NAME, Report, build_digest, read_report, time_of_build, versions, write_report

REPORT = Report(
    title="A “title”",
    build="0123456789abcdef",
    configuration={"base": "https://graph.example/"},
    configuration_sha256="0" * 64,
    versions=versions("tagger 1.0", "en 0123456789ab"),
    counts={"articles": 2},
    problems=[
        Problem(Severity.ERROR, "yaml", "a.md", 3, None, "not YAML"),
        Problem(Severity.WARNING, "link", "b.md", None, "related", "é"),
        Problem(Severity.NOTE, "language", ".", None, None, "two articles are in German"),
        Problem(Severity.NOTE, "language", ".", None, None, "one article is in French"),
    ],
    timings={"read": 0.5},
)


def test_a_report_survives_being_written(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path)
    assert read_report(tmp_path) == REPORT
    assert json.loads((tmp_path / FILE_NAME).read_text("utf-8"))["generator"] == "kg"


def test_a_report_counts_its_problems_by_severity() -> None:
    assert (REPORT.errors, REPORT.warnings, REPORT.notes) == (1, 1, 2)


def test_versions_are_those_installed() -> None:
    assert versions("tagger 1.0", "en 0123456789ab") == {
        **{
            name: importlib.metadata.version(name)
            for name in ("markdown-kg", "lightgbm", "numpy", "pyarrow", "pyoxigraph", "spacy")
        },
        "pipeline": "tagger 1.0",
        "model": "en 0123456789ab",
        "python": platform.python_version(),
    }


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b"\xff", b'{"generator": "kg"}'])
def test_what_is_no_report_is_a_data_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(DataError, match=FILE_NAME):
        read_report(tmp_path)


def test_a_report_without_a_base_is_not_ours(tmp_path: Path) -> None:
    write_report(msgspec.structs.replace(REPORT, configuration={}), tmp_path)
    with pytest.raises(DataError, match="not a build of kg"):
        read_report(tmp_path)


@pytest.mark.parametrize(
    ("given", "site"),
    [("https://a.org/kb", "https://a.org/kb"), ("javascript:alert(1)", None), (None, None), (1, None), ("/kb", None)],
)
def test_the_site_of_a_report_is_a_web_address_or_none(tmp_path: Path, given: object, site: str | None) -> None:
    write_report(msgspec.structs.replace(REPORT, configuration={**REPORT.configuration, "site": given}), tmp_path)
    assert read_report(tmp_path).site == site


def test_the_report_of_another_program_is_not_ours(tmp_path: Path) -> None:
    write_report(msgspec.structs.replace(REPORT, generator="other"), tmp_path)
    with pytest.raises(DataError, match="another program"):
        read_report(tmp_path)


def test_a_build_is_named_by_what_it_was_made_of() -> None:
    sources = [("a.md", "0" * 64), ("b.md", "1" * 64)]
    name = build_digest(sources, "c" * 64, {"spacy": "3.8", "kg": "1"})
    assert re.fullmatch("[0-9a-f]{16}", name)
    assert build_digest(sources[::-1], "c" * 64, {"kg": "1", "spacy": "3.8"}) == name
    others = [
        build_digest(sources[:1], "c" * 64, {"spacy": "3.8", "kg": "1"}),
        build_digest(sources, "d" * 64, {"spacy": "3.8", "kg": "1"}),
        build_digest(sources, "c" * 64, {"spacy": "3.9", "kg": "1"}),
    ]
    assert len({name, *others}) == 4


def test_the_time_of_a_build_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert time_of_build() is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert time_of_build() == "2023-11-14T22:13:20Z"
    for wrong in ("yesterday", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
            time_of_build()
