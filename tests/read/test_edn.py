"""Settings in EDN: names, texts, lists, comments and discarded words."""

from pathlib import Path

import pytest

from kg.read.edn import read_edn


@pytest.mark.parametrize(
    ("source", "settings"),
    [
        ("{}", {}),
        ('{:a "b c" :d e, :f 1}', {":a": ["b c"], ":d": ["e"], ":f": ["1"]}),
        (
            '{:a ["x" "y"] :b #{:c :d} :e {:a {:z "w"}} :f []}',
            {":a": ["x", "y"], ":b": [":c", ":d"], ":e": [":a", ":z", "w"], ":f": []},
        ),
        ('{;; :a "b"\n :c "d; e" ; f\n}', {":c": ["d; e"]}),
        (r'{:a "say \"b\" \\ c"}', {":a": ['say "b" \\ c']}),
        ("{#_:a :b c}", {":b": ["c"]}),
        ('{:a "open', {":a": ["open"]}),
        ("", {}),
        ("}}}{:a", {}),
    ],
)
def test_the_settings_of_a_file(tmp_path: Path, source: str, settings: dict[str, list[str]]) -> None:
    path = tmp_path / "config.edn"
    path.write_text(source, encoding="utf-8")
    assert read_edn(path) == settings


def test_a_file_that_cannot_be_read_has_no_settings(tmp_path: Path) -> None:
    assert read_edn(tmp_path / "none.edn") == {}
    (tmp_path / "large.edn").write_text("{:a b " + " " * 1_000_001 + "}", encoding="utf-8")
    assert read_edn(tmp_path / "large.edn") == {}
