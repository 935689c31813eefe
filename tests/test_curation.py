"""What kg.toml says of single concepts, through a whole build of a few articles."""

from pathlib import Path

import pytest

from kg.annotate.text.normal_form import normal_form
from kg.base.errors import ConfigError
from kg.base.model import Problem
from kg.base.tables import Tables, read_tables
from kg.inspect.check import check
from kg.pipeline.build import build

ARTICLES = {
    "averages.md": """---
keywords: [gains multiply, sample mean]
---
# Why do averages settle?

The law of large numbers says that a sample mean settles. By the law of large numbers, gains multiply over time. The
sample mean of many rolls is steady.
""",
    "learning.md": """---
keywords: [ML]
---
# What does a model learn?

Machine learning fits a model to data. Machine-learning systems need monitoring, and ML needs data. A machine learning
system drifts. SHAP values explain a prediction, and a SHAP value is a number.
""",
    "teams.md": """# Who owns a model?

A team that runs machine learning systems owns the sample mean of its SHAP values.
""",
}
REMEDIES = """\
[concepts]
reject = ["gains multiply", "filter carefully"]
accept = ["law of large numbers", "Machine Learning"]

[concepts.rename]
"shap value" = "Shapley value"

[concepts.merge]
"machine learning" = ["ML", "machine-learning systems"]
"""


def write(folder: Path, configuration: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "kg.toml").write_text(f'base = "https://x.example/"\n{configuration}', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, list[Problem], Path]:
    folder = tmp_path_factory.mktemp("curation")
    report = build(write(folder / "articles", REMEDIES), folder / "out", jobs=1)
    return read_tables(folder / "out" / "tables"), report.problems, folder / "out"


def quotes(tables: Tables, concept: str) -> dict[str, list[str]]:
    """The published words of each occurrence of a concept, by article."""
    texts = {(row["url"], part["name"]): part["text"] for row in tables.articles.to_pylist() for part in row["parts"]}
    return {
        row["article"].rpartition("/")[2]: [
            " ".join(texts[row["article"], place["part"]][place["start"] : place["end"]].split())
            for place in row["occurrences"]
        ]
        for row in tables.mentions.to_pylist()
        if row["concept"] == concept
    }


def concept(tables: Tables, slug: str) -> dict:
    (row,) = [row for row in tables.concepts.to_pylist() if row["slug"] == slug]
    return row


def test_what_is_rejected_is_gone(built) -> None:
    tables, _, _ = built
    assert "gain multiply" not in tables.concepts["normal_form"].to_pylist()


def test_what_is_accepted_is_found_whatever_its_tags(built) -> None:
    tables, _, out = built
    assert quotes(tables, "law-of-large-number") == {"averages": ["law of large numbers"] * 2}
    (row,) = [row for row in tables.mentions.to_pylist() if row["concept"] == "law-of-large-number"]
    assert row["salience"] >= 0.5
    assert "curated" in row["origins"]
    assert "kg:curated" in (out / "graph.ttl").read_text("utf-8")


def test_merged_names_are_one_concept_with_evidence_from_all(built) -> None:
    tables, _, _ = built
    assert quotes(tables, "machine-learning") == {
        "learning": ["Machine learning", "Machine-learning systems", "ML", "machine learning system"],
        "teams": ["machine learning systems"],
    }
    row = concept(tables, "machine-learning")
    assert (row["pref_label"], row["article_count"], row["frequency"]) == ("machine learning", 2, 5)
    assert {"ML", "machine learning system"} <= {*row["alt_labels"], *row["hidden_labels"]}
    assert not {"ml", "machine-learning-system"} & set(tables.concepts["slug"].to_pylist())
    for mention in tables.mentions.to_pylist():
        assert mention["frequency"] == len(mention["occurrences"])


def test_what_is_renamed_keeps_its_name_as_a_further_label(built) -> None:
    tables, _, _ = built
    row = concept(tables, "shap-value")
    assert row["pref_label"] == "Shapley value"
    assert {normal_form(label) for label in row["alt_labels"]} == {"shap value"}


def test_an_entry_that_matches_nothing_is_a_warning_with_its_line(built) -> None:
    _, problems, _ = built
    assert [(problem.code, problem.field, str(problem)) for problem in problems] == [
        (
            "unused-entry",
            "concepts.reject",
            'kg.toml:3: concepts.reject: "filter carefully" has no effect: '
            "no term and no keyword of these articles matches it",
        )
    ]


def test_other_concepts_stay_as_they_are(built, tmp_path: Path) -> None:
    tables, _, _ = built
    build(write(tmp_path / "articles", ""), tmp_path / "out", jobs=1)
    plain = read_tables(tmp_path / "out" / "tables").concepts
    changed = {
        "gain-multiply",
        "machine-learning",
        "machine-learning-system",
        "ml",
        "law-of-large-number",
        "shap-value",
    }
    columns = ["slug", "pref_label", "alt_labels", "article_count", "frequency", "origins"]

    def others(concepts) -> list[dict]:
        return [row for row in concepts.select(columns).to_pylist() if row["slug"] not in changed]

    assert others(plain)
    assert others(plain) == others(tables.concepts)


def test_a_contradiction_ends_build_and_check(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", '[concepts]\nreject = ["debt"]\naccept = ["debts"]\n')
    reason = r'kg\.toml:4: concepts\.accept: "debts" is rejected as well, by concepts\.reject'
    with pytest.raises(ConfigError, match=reason):
        build(articles, tmp_path / "out")
    with pytest.raises(ConfigError, match=reason):
        check(articles)
    assert not (tmp_path / "out").exists()
