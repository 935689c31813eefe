"""The result of a validation, in a form for both persons and programs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kg.validate.rules import Findings, RuleFinding, RuleSeverity
from kg.validate.triples import opened


class Offender(msgspec.Struct, frozen=True):
    """One place where a rule does not hold. `line` is a 1-based line of `file`, or None if it is unknown."""

    message: str
    node: str | None
    file: str | None
    line: int | None


class Broken(msgspec.Struct, frozen=True):
    """A rule that does not hold everywhere.

    `says` is the text of the rule, `count` is the number of places where it does not hold, and `examples` has the first
    few of these places.
    """

    rule: str
    severity: RuleSeverity
    says: str
    count: int
    examples: list[Offender]
    remedy: str


class Validation(msgspec.Struct, frozen=True):
    """The findings of a validation.

    Attributes:
        checked: maps the description of each kind of item to the number of items that were checked.
        left_out: descriptions of the checks that were skipped because a file cannot be read.
        findings: the broken rules, the most severe first.
    """

    checked: dict[str, int]
    left_out: list[str]
    findings: list[Broken]

    def count(self, severity: str) -> int:
        """Count the places where rules of this severity do not hold."""
        return sum(finding.count for finding in self.findings if finding.severity == severity)


def outcome(out: Path, findings: Findings, checked: dict[str, int], left_out: list[str]) -> Validation:
    """Return the result for the build in the folder `out`.

    If a finding is about a node in an N-Triples file, the number of the node's line is looked up and added.
    """
    found = list(findings)
    wanted: dict[str, set[str]] = {}
    for finding in found:
        for example in finding.examples:
            if example.line is None and example.node and example.file and example.file.endswith((".nt", ".nt.gz")):
                wanted.setdefault(example.file, set()).add(example.node)
    lines = {(file, node): line for file, nodes in wanted.items() for node, line in _lines(out / file, nodes)}
    return Validation(checked, left_out, [_broken(finding, lines) for finding in found])


def _broken(finding: RuleFinding, lines: dict[tuple[str, str], int]) -> Broken:
    rule = finding.rule
    examples = [
        Offender(
            example.message,
            example.node,
            example.file,
            example.line or lines.get((example.file or "", example.node or "")),
        )
        for example in finding.examples
    ]
    return Broken(rule.name, rule.severity, rule.says, finding.count, examples, rule.remedy)


def _lines(path: Path, nodes: set[str]) -> Iterator[tuple[str, int]]:
    """Yield each of the nodes together with the number of the first line that has this node as subject.

    `path` is an N-Triples file. Its lines are counted from 1. Nodes that are never a subject are left out.
    """
    left = {f"<{node}>".encode(): node for node in nodes}
    try:
        with opened(path) as file:
            for number, line in enumerate(file, start=1):
                subject = line.partition(b" ")[0]
                if subject in left:
                    yield left.pop(subject), number
                    if not left:
                        return
    except (EOFError, OSError, zlib.error):
        return  # the file is broken, which has been reported already
