"""Checks that dataset.ttl gives the right numbers of triples, sizes and checksums of the files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.base.iris import Minter
from kg.base.paths import real_path
from kg.validate.rules import Findings

FILE: Final = "dataset.ttl"
_VOID: Final = "http://rdfs.org/ns/void#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ACTIVITY: Final = NamedNode("http://www.w3.org/ns/prov#Activity")
_CHUNK: Final = 1 << 20

Node = NamedNode | BlankNode
Description = dict[Node, dict[str, list[Node | Literal | Triple]]]


def read_description(path: Path) -> Description:
    """Read dataset.ttl, and return `said`, a nested mapping: `said[subject][predicate]` is the list of the objects.

    Each predicate is given as an IRI without angle brackets.

    Raises:
        SyntaxError: if the file is not valid Turtle.
    """
    said: Description = {}
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode | BlankNode):
            said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    return said


def activities(said: Description) -> list[str]:
    """Return the IRIs of the builds (instances of prov:Activity) that the description mentions."""
    return sorted(subject.value for subject, values in said.items() if _ACTIVITY in values.get(_TYPE, ()))


def check_dataset(
    said: Description,
    out: Path,
    minter: Minter,
    triples: dict[str, int],
    is_described: Callable[[bytes], bool],
    findings: Findings,
    progress: Callable[[str, int, int], None],
) -> None:
    """Compare dataset.ttl with the files of the build.

    Args:
        said: the description, see `read_description`.
        out: the folder of the build.
        minter: makes the IRIs of the build.
        triples: maps the IRI of each named graph to the number of its triples. A graph whose triples could not be
            counted is left out.
        is_described: function that tells whether the core graph describes a node, which is given as `<IRI>`.
        findings: receives the findings.
        progress: called with the name of the stage, the number of bytes read and the total number of bytes.
    """
    for message in _counts(said, minter, triples):
        findings.add("dataset-count", message, file=FILE)
    files = _described(said, minter)
    for name in sorted(name for name in files if not _is_inside(out, name)):
        findings.add("missing-file", f"{name} is not there", file=name)
        del files[name]
    for node, message in _files(said, out, files, progress):
        findings.add("dataset-file", message, node, file=FILE)
    if not files:
        findings.add("dataset-file", "no existing file is described", minter.dataset, file=FILE)
    for subject, values in said.items():
        for predicate, objects in values.items():
            for value in objects:
                if isinstance(value, NamedNode) and value.value.startswith(minter.base) and value not in said:
                    is_file = NamedNode(f"{minter.dataset}#{value.value.removeprefix(minter.base)}") in said
                    if not is_file and not is_described(f"<{value.value}>".encode()):
                        message = f"{subject.value}, {predicate}: {value.value} is not described anywhere"
                        findings.add("dangling", message, value.value, file=FILE)


def _counts(said: Description, minter: Minter, triples: dict[str, int]) -> Iterator[str]:
    wanted = dict(triples)
    if minter.core_graph in triples and minter.evidence_graph in triples:
        wanted[minter.dataset] = triples[minter.core_graph] + triples[minter.evidence_graph]
    for graph, count in wanted.items():
        values = [_text(value) for value in said.get(NamedNode(graph), {}).get(_VOID + "triples", ())]
        if not values and (count or graph == minter.dataset):
            yield f"void:triples of {graph} is missing; there are {count}"
        for value in values:
            if value != str(count):
                yield f"void:triples of {graph} is {value}; there are {count}"


def _described(said: Description, minter: Minter) -> dict[str, NamedNode]:
    """Return a mapping from file names to the nodes that describe these files. Files without a size are left out."""
    prefix = f"{minter.dataset}#"
    return {
        subject.value.removeprefix(prefix): subject
        for subject, values in said.items()
        if isinstance(subject, NamedNode) and subject.value.startswith(prefix) and _DCAT + "byteSize" in values
    }


def _is_inside(out: Path, name: str) -> bool:
    path = real_path(out / name)
    return path.is_relative_to(real_path(out)) and path.is_file()


def _files(
    said: Description, out: Path, files: dict[str, NamedNode], progress: Callable[[str, int, int], None]
) -> Iterator[tuple[str, str]]:
    total = sum((out / name).stat().st_size for name in files)
    done = 0
    for name, subject in files.items():
        path, node, values = out / name, subject.value, said[subject]
        size = path.stat().st_size
        sizes = [_text(value) for value in values[_DCAT + "byteSize"]]
        if sizes != [str(size)]:
            yield node, f"{name} has {size} bytes, and dataset.ttl says {', '.join(sizes)}"
        sums = [
            _text(value).lower()
            for checksum in values.get(_SPDX + "checksum", ())
            if isinstance(checksum, NamedNode | BlankNode)
            for value in said.get(checksum, {}).get(_SPDX + "checksumValue", ())
        ]
        if sums != [_sha256(path)]:
            yield node, f"dataset.ttl does not give the SHA-256 checksum of {name}, or gives another one"
        done += size
        progress("checksums", done, total)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _text(value: Node | Literal | Triple) -> str:
    return value.value if isinstance(value, Literal) else str(value)
