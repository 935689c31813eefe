"""What kg.toml says of single concepts: matched by normal form, with lines, and without contradictions."""

from pathlib import Path

import pytest

from kg.annotate.curation import Curation, _Entries, read_curation
from kg.base.config import Concepts, load_config
from kg.base.errors import ConfigError

EVERYTHING = """\
title = "reject"

[concepts]
# reject = ["gains multiply"]
reject = [
    "gains multiply",  # a verb
    'Filter "carefully"',
]
accept = ["C#", "law of large numbers"]

[concepts.rename]
"shap value" = "SHAP  value "
precision = "Precision"

[concepts.merge]
"machine learning" = ["ML", "Machine-Learning Systems"]
"""


def read(folder: Path, content: str) -> Curation:
    path = folder / "kg.toml"
    path.write_text(content, encoding="utf-8")
    return read_curation(load_config(path).concepts, path)


def test_nothing_is_asked_for_by_default() -> None:
    assert read_curation(Concepts()) == Curation()


def test_entries_are_normal_forms_and_labels_are_as_written(tmp_path: Path) -> None:
    curation = read(tmp_path, EVERYTHING)
    assert curation.rejected == {"gain multiply", "filter carefully"}
    assert curation.accepted == curation.wanted == {"c#", "law of large number"}
    assert curation.labels == {"shap value": "SHAP value", "precision": "Precision"}
    assert curation.concepts == {"ml": "machine learning", "machine learning system": "machine learning"}
    assert curation.names == {"machine learning": ("machine learning system", "ml")}
    assert curation.spellings == {"machine learning": "machine learning"}


def test_entries_know_their_lines(tmp_path: Path) -> None:
    assert [(entry.field, entry.text, entry.line) for entry in read(tmp_path, EVERYTHING).entries] == [
        ("concepts.reject", "gains multiply", 6),
        ("concepts.reject", 'Filter "carefully"', 7),
        ("concepts.accept", "C#", 9),
        ("concepts.accept", "law of large numbers", 9),
        ("concepts.rename", "shap value", 12),
        ("concepts.rename", "precision", 13),
        ("concepts.merge", "ML", 16),
        ("concepts.merge", "Machine-Learning Systems", 16),
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('concepts.reject = ["drift"]', 1),
        ('concepts = {reject = [\n"drift"], accept = ["debt"]}', 2),
        ('concepts = {accept = ["debt"], reject = [\n"drift"]}', None),
        ('concepts.rename.debt = "drift"\nconcepts.rename.drift = "Drift"', 2),
        ('[concepts]\nrename = {"debt" = "Debt"}\nreject = ["a",\n\n\n"drift"]', 6),
        ('[concepts]\naccept = ["debt"]\n# reject = ["drift"]\nreject = [ # "drift"\n"drift"]', 5),
        ('[concepts.rename]\n"a" = "drift"\n"b" = "drift"\ndrift = "d"', 4),
        ('[concepts]\nreject = ["dri\\u0066t"]', None),
        ('[concepts]\nreject = ["""\ndrift"""]', None),
    ],
)
def test_a_line_is_found_where_it_is_plain(tmp_path: Path, content: str, line: int | None) -> None:
    (entry,) = [entry for entry in read(tmp_path, content).entries if entry.form == "drift"]
    assert entry.line == line


def test_lines_are_searched_once_for_all_entries_of_a_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    find_all = _Entries._find_all
    monkeypatch.setattr(_Entries, "_find_all", lambda self, name: searched.append(name) or find_all(self, name))
    names = [f"term number{number}" for number in range(5_000)]
    curation = read(tmp_path, "[concepts]\naccept = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n")
    assert [entry.line for entry in curation.entries] == list(range(3, 5_003))
    assert searched == ["accept"]


def test_a_chain_of_merges_ends_in_one_concept() -> None:
    curation = read_curation(Concepts(merge={"b": ("a",), "c": ("B",), "d": ("c",)}))
    assert curation.concepts == {"a": "d", "b": "d", "c": "d"}
    assert curation.names == {"d": ("a", "b", "c")}


def test_an_accepted_concept_is_looked_for_by_all_of_its_names() -> None:
    merge = {"law of large numbers": ("LLN", "law of averages"), "debt": ("debts of old",)}
    for name in ("laws of averages", "Law of large numbers"):
        curation = read_curation(Concepts(accept=(name,), merge=merge))
        assert curation.accepted == {"law of large number"}
        assert curation.wanted == {"law of large number", "lln", "law of average"}


def test_a_plural_is_merged_with_its_singular_anyway() -> None:
    curation = read_curation(Concepts(merge={"feature store": ("feature stores", "store of features")}))
    assert curation.concepts == {"store of feature": "feature store"}
    assert [entry.text for entry in curation.entries] == ["feature stores", "store of features"]


def test_what_is_said_twice_is_no_contradiction() -> None:
    options = Concepts(
        reject=("debt", "Debts"),
        rename={"api": "API", "APIs": "API"},
        merge={"data drift": ("drift",), "Data-Drift": ("drifts", "shift")},
    )
    curation = read_curation(options)
    assert curation.rejected == {"debt"}
    assert curation.labels == {"api": "API"}
    assert curation.concepts == {"drift": "data drift", "shift": "data drift"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('reject = ["debt",\n "--"]', r':3: concepts\.reject: "--" has no word in it$'),
        ('accept = [""]', r': concepts\.accept: "" has no word in it$'),
        ('merge = {"!" = ["debt"]}', r':2: concepts\.merge: "!" has no word in it$'),
        ('merge = {"debt" = ["?"]}', r':2: concepts\.merge: "\?" has no word in it$'),
        ('rename = {debt = " "}', r'concepts\.rename: the new label of "debt" is empty$'),
        ('[concepts.rename]\ndebt = "a"\nDebts = "b"', r':3: concepts\.rename: "Debts" is renamed twice$'),
        ('reject = ["debts"]\naccept = ["Debt"]', r':3: concepts\.accept: "Debt" is rejected as well, by concepts\.re'),
        ('reject = ["debt"]\nrename = {debt = "D"}', r':3: concepts\.rename: "debt" is rejected as well'),
        ('reject = ["debt"]\nmerge = {"debt" = ["owing"]}', r':3: concepts\.merge: "debt" is rejected as well'),
        ('reject = ["owing"]\nmerge = {"debt" = ["owing"]}', r':3: concepts\.merge: "owing" is rejected as well'),
        (
            '[concepts.merge]\n"a b" = ["ML"]\n"c d" = ["ml"]',
            r':3: concepts\.merge: "ml" is merged into "a b" and into "c d"$',
        ),
        (
            '[concepts.merge]\n"b" = ["a"]\n"c" = ["b"]\n"a" = ["c"]',
            r'concepts\.merge: ".*" and ".*" are merged in a circle$',
        ),
        (
            'merge = {"debt" = ["owing"]}\nrename = {"owings" = "Owing"}',
            r':3: concepts\.rename: "owings" is merged into "debt": rename the latter$',
        ),
        ('merge = {"debt" = []}', r"concepts\.merge\[\.\.\.\]: expected a list of length >= 1"),
        ('rename = {"debt" = 1}', r"kg\.toml:\d+: concepts\.rename\[\.\.\.\]: expected a text, got a whole number"),
        ('reject = "debt"', r"kg\.toml:\d+: concepts\.reject: expected a list, got a text"),
    ],
)
def test_contradictions_are_named_with_file_line_and_field(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as raised:
        read(tmp_path, content if content.startswith("[") else f"[concepts]\n{content}")
    assert str(raised.value).startswith(str(tmp_path / "kg.toml"))


def test_without_a_file_an_error_names_the_usual_one() -> None:
    with pytest.raises(ConfigError, match=r'^kg\.toml: concepts\.reject: "" has no word in it$'):
        read_curation(Concepts(reject=("",)))
