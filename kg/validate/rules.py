"""The rules of a validation, each with a remedy, and the findings of a validation: where a rule does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MOST_EXAMPLES: Final = 5
"""Maximum number of offenders (places where a rule does not hold) that are kept as examples; all are counted."""


class RuleSeverity(StrEnum):
    """Severity of a rule that does not hold, as in SHACL.

    A violation means that the graph is wrong. A warning means that the graph is less useful than it could be. An info
    is only a fact about the graph.
    """

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that every build should meet. `says` states the condition; `remedy` tells what to do if it fails."""

    name: str
    says: str
    remedy: str
    severity: RuleSeverity = RuleSeverity.VIOLATION


_AGAIN: Final = "Build the graph again with --no-cache; if it comes back, report it."
_LABELS: Final = "Curate the labels in kg.toml."
_COPY: Final = "Copy the file again from where it was built, or build it again with --no-cache."
_EDITED: Final = "Was the file edited, or copied from another build? Build the graph again with --no-cache."

RULES: Final[dict[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule(
            "older-build",
            "The build has the provenance and dataset.ttl that this version of kg writes",
            "Build the graph again with --no-cache.",
        ),
        Rule("missing-file", "Every file of a build exists", _COPY),
        Rule("broken-file", "Every file can be read from beginning to end", _COPY),
        Rule("other-build", "All files are of one build", "Keep the files of one build in one folder."),
        Rule("different-triples", "graph.nt, graph.ttl and graph.jsonld hold the same triples, none twice", _EDITED),
        Rule("concepts-file", "Every triple of concepts.ttl is in graph.nt", _EDITED),
        Rule("store", "The store holds the triples of the files", _EDITED),
        Rule("dataset-count", "dataset.ttl has the right counts of triples", _EDITED),
        Rule("dataset-file", "dataset.ttl has the size and checksum of every file", _EDITED),
        Rule("blank-node", "There are no blank nodes", _AGAIN),
        Rule("outside-base", "Every subject has an IRI below the base", _EDITED),
        Rule("dangling", "Every IRI below the base is described and has a class", _AGAIN),
        Rule("dot-segment", "No IRI below the base has the path segment . or ..", _AGAIN),
        Rule("unknown-class", "Every class is one that kg uses", _EDITED, RuleSeverity.WARNING),
        Rule("literal-form", "Numbers are written canonically", _AGAIN),
        Rule(
            "canonical-file",
            "graph.nt and the evidence are canonical N-Triples, with language tags in lower case",
            _EDITED,
            RuleSeverity.WARNING,
        ),
        Rule("skos-s9", "No concept is a concept scheme (SKOS S9)", _AGAIN),
        Rule("skos-s13", "Preferred, alternative and hidden labels differ (SKOS S13)", _LABELS),
        Rule("skos-s14", "One preferred label a language (SKOS S14)", _LABELS),
        Rule("same-label", "No two concepts of a scheme have one preferred label in one language", _LABELS),
        Rule("label-language", "A label has a well-formed tag, and the language of articles of its concept", _AGAIN),
        Rule(
            "function-word",
            'No concept is a function word, such as "or"',
            "Reject the word in kg.toml, or rename the concept.",
            RuleSeverity.WARNING,
        ),
        Rule("skos-s27", "No concept is related to one above it (SKOS S27)", _AGAIN),
        Rule("skos-s37", "No collection is a concept or a scheme (SKOS S37)", _AGAIN),
        Rule(
            "skos-s46",
            "No exact match is a broader, narrower or related match as well (SKOS S46)",
            "Look at the entry in the vocabulary.",
        ),
        Rule("exact-match-once", "A vocabulary's entry is the exact match of at most one concept", _AGAIN),
        Rule("hierarchy-cycle", "No concept is above itself", "Look at the vocabulary's hierarchy, then build again."),
        Rule("inverse", "broader and narrower, related, and top concepts are stated in both directions", _AGAIN),
        Rule("in-scheme", "Every concept is in a scheme, and in the right one for its use", _AGAIN),
        Rule("top-concept", "Top concepts (subjects, and roots with narrower concepts) are in their scheme", _AGAIN),
        Rule("orphan-label", "Only concepts, schemes and collections have SKOS labels", _AGAIN),
        Rule("about", "An article mentions every concept that it is about", _AGAIN),
        Rule("annotations", "Each mention has one annotation, and each annotation a mention", _AGAIN),
        Rule("article-count", "kg:articleCount is the number of articles, in each subject too", _AGAIN),
        Rule("frequency", "Annotations are oa:identifying if the concept occurs in the text, else oa:tagging", _AGAIN),
        Rule("tables", "Articles and mentions of the tables are those of the graph", _EDITED),
        Rule("occurrences", "Every occurrence in tables/mentions.parquet is inside its text and sentence", _AGAIN),
        Rule("evidence-complete", "Every piece of evidence has its annotation, place and both selectors", _AGAIN),
        Rule("evidence-annotation", "Every annotation that has evidence is in the core graph", _EDITED),
        Rule("evidence-place", "Evidence is in a part of the annotated article", _AGAIN),
        Rule("evidence-quote", "text[start:end] is the exact quote", _AGAIN),
        Rule("evidence-context", "Prefix and suffix are the 32 characters before and after", _AGAIN),
        Rule("evidence-count", "Every annotation has as much evidence as the configuration says", _AGAIN),
    )
}


@dataclass(frozen=True, slots=True)
class Example:
    """A place where a rule does not hold: a message, and the location as far as it is known. `line` is 1-based."""

    message: str
    node: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(slots=True)
class RuleFinding:
    """The findings about one rule: the number of places where it does not hold, and the first few of these places."""

    rule: Rule
    count: int = 0
    examples: list[Example] = field(default_factory=list)


class Findings:
    """The findings about all rules: the offenders, which are places where a rule does not hold.

    All offenders are counted, but only the first few of each rule are kept, to limit the use of memory.
    """

    def __init__(self) -> None:
        self._found: dict[str, RuleFinding] = {}

    def add(
        self, rule: str | Rule, message: str, node: str | None = None, *, file: str, line: int | None = None
    ) -> None:
        """Count a place where a rule does not hold, and keep it if it is among the first `MOST_EXAMPLES` of this rule.

        A place that is already kept is not counted again.
        """
        known = RULES[rule] if isinstance(rule, str) else rule
        finding = self._found.setdefault(known.name, RuleFinding(known))
        example = Example(message, node, file, line)
        if example in finding.examples:
            return
        finding.count += 1
        if len(finding.examples) < MOST_EXAMPLES:
            finding.examples.append(example)

    def extend(self, rule: str | Rule, messages: Iterable[tuple[str, str]], *, file: str) -> None:
        """Add several places where a rule does not hold. Each is given as `(node, message)`; see `add`."""
        for node, message in messages:
            self.add(rule, message, node, file=file)

    def __iter__(self) -> Iterator[RuleFinding]:
        """Return an iterator over the findings, sorted by severity and then in the order of `RULES`."""
        order = [*RULES]
        return iter(
            sorted(
                self._found.values(),
                key=lambda finding: (
                    [*RuleSeverity].index(finding.rule.severity),
                    order.index(finding.rule.name) if finding.rule.name in order else len(order),
                    finding.rule.name,
                ),
            )
        )

    def __contains__(self, rule: str) -> bool:
        return rule in self._found
