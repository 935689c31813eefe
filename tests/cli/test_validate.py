"""kg validate: what a person reads, what a program reads, and the exit status."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pyoxigraph import RdfFormat, parse, serialize

from kg.base.config import Publish
from kg.pipeline.artifact_registry import published_artifacts
from tests.validate.damage import Damaged, iri


@pytest.fixture
def build(built: Path, tmp_path: Path) -> Damaged:
    return Damaged(built, tmp_path / "copy")


def test_a_good_build_has_nothing_but_what_is_worth_knowing(kg, built: Path) -> None:
    ran = kg("validate", built)
    assert ran.status == 0
    assert ran.err == ""
    assert "VIOLATION" not in ran.out
    assert "INFO shape:ConceptScheme-licensed (2): a scheme has no licence" in ran.out
    assert ran.out.splitlines()[-1] == f"{built}: 0 violations, 0 warnings, 2 info"


def test_a_violation_is_named_with_file_line_label_and_remedy(kg, build: Damaged) -> None:
    subject, _, value = build.first("skos:prefLabel", subject=build.node("concept/")[:-1])
    build.add(subject, "skos:prefLabel", '"another\\u001b[2J label"@en')
    build.write()
    ran = kg("validate", build.out)
    assert ran.status == 1
    line = 1 + next(n for n, text in enumerate(build.core) if text.startswith(f"{subject} "))
    name = subject.removeprefix(f"<{build.base}").removesuffix(">")
    assert "VIOLATION skos-s14 (1): One preferred label a language (SKOS S14)." in ran.out
    assert f"  {build.out / 'graph.nt'}:{line}: {name} " in ran.out
    assert "  -> Curate the labels in kg.toml." in ran.out
    assert "\x1b" not in ran.out
    assert value.split('"')[1] in ran.out


def test_many_offenders_are_counted_and_a_few_shown(kg, build: Damaged) -> None:
    build.replace(f'{iri("oa:prefix")} "', f'{iri("oa:prefix")} "x', "evidence")
    build.write()
    ran = kg("validate", build.out)
    assert ran.status == 1
    count = len(build.of_class("oa:SpecificResource", "evidence"))
    assert f"VIOLATION evidence-context ({count:,})" in ran.out
    assert f"... and {count - 5:,} more" in ran.out


def test_what_cannot_be_read_is_said_and_what_hangs_on_it_left_out(kg, build: Damaged) -> None:
    build.file("graph.nt", lambda data: data[:-20])
    ran = kg("validate", build.out)
    assert ran.status == 1
    lines = len((build.out / "graph.nt").read_bytes().splitlines())
    assert f"{build.out / 'graph.nt'}:{lines}: graph.nt: Unexpected end of file" in ran.out
    assert "not checked everything that needs graph.nt" in ran.out


def test_a_literal_that_is_not_of_its_datatype_makes_no_noise(kg, build: Damaged) -> None:
    build.set(build.of_class("oa:Annotation")[0], "kg:frequency", f'"many"^^{iri("xsd:integer")}')
    build.set(build.of_class("schema:Article")[0], "schema:datePublished", f'"2024-13-45"^^{iri("xsd:date")}')
    build.set(
        build.first("oa:start", lines="evidence")[0], "oa:start", f'"x"^^{iri("xsd:nonNegativeInteger")}', "evidence"
    )
    build.write()
    ran = kg("validate", build.out)
    assert ran.status == 1
    assert ran.err == ""
    for shape in ("Annotation-frequency", "Article-datePublished", "Position-start"):
        assert f"VIOLATION shape:{shape} (1)" in ran.out


def test_json_has_the_same(kg, build: Damaged) -> None:
    (build.out / "graph.ttl").unlink()
    ran = kg("validate", build.out, "--json")
    assert ran.status == 1
    said = json.loads(ran.out)
    first = said["findings"][0]
    assert (first["rule"], first["severity"], first["count"]) == ("missing-file", "violation", 1)
    assert first["examples"][0]["file"] == "graph.ttl"
    assert said["checked"]["annotations"] == len(build.of_class("oa:Annotation"))


def test_all_looks_at_every_node(kg, built: Path) -> None:
    some = json.loads(kg("validate", built, "--json").out)["checked"]["nodes checked against the shapes"]
    ran = kg("validate", built, "--all", "--json")
    assert ran.status == 0
    assert json.loads(ran.out)["checked"]["nodes checked against the shapes"] > some


def test_a_build_without_evidence_passes(kg, built: Path, tmp_path: Path) -> None:
    build = Damaged(built, tmp_path / "none")
    build.evidence = []
    build.write()
    publish = Publish(evidence="none")

    def change(said: dict[str, Any]) -> None:
        said["configuration"]["publish"] = msgspec.to_builtins(publish)
        said["artifacts"] = msgspec.to_builtins(published_artifacts(publish))

    build.report(change)
    (build.out / "evidence.nt.gz").unlink()
    dataset = build.out / "dataset.ttl"
    said = [quad.triple for quad in parse(path=dataset, format=RdfFormat.TURTLE)]
    serialize([triple for triple in said if "evidence" not in str(triple)], dataset, RdfFormat.TURTLE)
    build.store_descriptions()
    ran = kg("validate", build.out)
    assert "VIOLATION" not in ran.out
    assert ran.status == 0


@pytest.mark.parametrize("damage", ["nowhere", "file", "other folder", "other program"])
def test_what_is_no_build_is_refused(kg, tmp_path: Path, damage: str, built: Path) -> None:
    out = tmp_path / "out"
    if damage == "file":
        out.write_text("")
    elif damage == "other folder":
        out.mkdir()
    elif damage == "other program":
        out.mkdir()
        shutil.copy(built / "report.json", out)
        (out / "report.json").write_text((out / "report.json").read_text().replace('"kg"', '"gk"', 1))
    ran = kg("validate", out)
    assert ran.status == 1
    assert ran.err.startswith("kg: ")
    assert "Traceback" not in ran.err


def test_wrong_use(kg) -> None:
    ran = kg("validate")
    assert ran.status == 2
    assert "Missing argument 'OUT'" in ran.err
