"""Checks of each piece of evidence: its annotation, its position, its quote, and the text around the quote.

A piece of evidence is assembled from the triples of three nodes: the target of an annotation and the target's two
selectors. Then it is checked and removed from memory. kg writes these triples close together. So the check of a large
file takes no more memory than the check of a small file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from kg.validate.against_tables import Mentioned, Texts
from kg.validate.core import ANNOTATION, TYPE, Core, name
from kg.validate.rules import Findings
from kg.validate.triples import iri, lexical

FILE: Final = "evidence.nt.gz"
CONTEXT: Final = 32
"""Length of the prefix and of the suffix of a quote, in code points.

Near the beginning or the end of the text, they are shorter.
"""

_HAS_TARGET: Final = name("oa:hasTarget")
_TARGET: Final = name("oa:SpecificResource")
_POSITION: Final = name("oa:TextPositionSelector")
_QUOTE: Final = name("oa:TextQuoteSelector")
_SOURCE: Final = name("oa:hasSource")
_SCOPE: Final = name("oa:hasScope")
_SELECTOR: Final = name("oa:hasSelector")
_START, _END = name("oa:start"), name("oa:end")
_EXACT, _PREFIX, _SUFFIX = name("oa:exact"), name("oa:prefix"), name("oa:suffix")

_Values = dict[bytes, bytes]


@dataclass(slots=True)
class _AnnotationEvidence:
    """A piece of evidence, as far as it has been read: a target, its annotations and its selectors."""

    annotations: list[bytes] = field(default_factory=list)
    target: _Values | None = None
    selectors: dict[bytes, _Values] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return self.target is not None and len(self.annotations) == 1 and len(self.selectors) == 2


class EvidenceCheck:
    """Check of the evidence of a build. Pass all triples to `add`, and then call `close`."""

    def __init__(self, core: Core, texts: Texts, mentioned: Mentioned, findings: Findings) -> None:
        self._core, self._texts, self._mentioned, self._findings = core, texts, mentioned, findings
        self._open: dict[bytes, _AnnotationEvidence] = {}
        self._owner: dict[bytes, bytes] = {}
        self._stray: dict[bytes, _Values] = {}
        self.count = 0
        """Number of pieces of evidence that were complete and have therefore been checked."""
        self._node = b""
        self._of_node: list[tuple[bytes, bytes]] = []
        self._counts = np.zeros(len(mentioned.row), np.int64)

    def add(self, triples: list[list[bytes]]) -> None:
        """Add triples, each as a list of subject, predicate and object.

        All triples with the same subject must be consecutive.
        """
        for subject, predicate, value in triples:
            if subject != self._node:
                self._close_node()
                self._node = subject
            self._of_node.append((predicate, value))

    def close(self, mode: Literal["top", "all"]) -> None:
        """Add findings for evidence that is incomplete, superfluous or missing. Call this after all calls of `add`.

        Args:
            mode: "top" if the build wrote only the best occurrence of each mention, "all" if it wrote all occurrences.
        """
        self._close_node()
        for node, evidence in self._open.items():
            self._say("evidence-complete", node, _missing(evidence))
        for node in self._stray:
            self._say("evidence-complete", node, "does not belong to any evidence")
        expected = self._mentioned.frequencies
        if mode == "top":
            expected = np.minimum(expected, 1)
        wrong = {*np.flatnonzero(self._counts != expected).tolist()}
        for node, row in self._mentioned.row.items():
            if row in wrong:
                message = f"has {self._counts[row]} pieces of evidence instead of {expected[row]}"
                self._say("evidence-count", node, message)

    def _close_node(self) -> None:
        node, said = self._node, self._of_node
        if not said:
            return
        self._of_node = []
        values = dict(said)
        class_ = values.get(TYPE)
        if len(values) < len(said) and class_ in {_POSITION, _QUOTE}:
            self._say("evidence-complete", node, "has two values of one property")
        for predicate, value in said:
            if predicate == _HAS_TARGET:
                evidence = self._open.setdefault(value, _AnnotationEvidence())
                evidence.annotations.append(node)
                self._check_if_complete(value, evidence)
        if class_ == _TARGET:
            evidence = self._open.setdefault(node, _AnnotationEvidence())
            evidence.target = values
            for predicate, value in said:
                if predicate == _SELECTOR:
                    self._owner[value] = node
                    if value in self._stray:
                        evidence.selectors[value] = self._stray.pop(value)
            self._check_if_complete(node, evidence)
        elif node in self._owner:
            owner = self._owner[node]
            evidence = self._open.setdefault(owner, _AnnotationEvidence())
            evidence.selectors[node] = evidence.selectors.get(node, {}) | values
            self._check_if_complete(owner, evidence)
        elif _HAS_TARGET not in values:
            self._stray[node] = self._stray.get(node, {}) | values

    def _check_if_complete(self, node: bytes, evidence: _AnnotationEvidence) -> None:
        """Check the piece of evidence with the target `node` if it is complete; otherwise, do nothing."""
        if not evidence.is_complete:
            return
        self.count += 1
        del self._open[node]
        for selector in evidence.selectors:
            self._owner.pop(selector, None)
        for rule, message in self._wrong(evidence):
            self._say(rule, node, message)

    def _wrong(self, evidence: _AnnotationEvidence) -> Iterator[tuple[str, str]]:
        (annotation,) = evidence.annotations
        known = self._core.annotations.get(annotation)
        if known is None or ANNOTATION not in self._core.types.get(annotation, ()):
            yield "evidence-annotation", f"{self._core.short(annotation)} is not an annotation in graph.nt"
        row = self._mentioned.row.get(annotation)
        if row is not None:
            self._counts[row] += 1
        target = evidence.target or {}
        scope, source = target.get(_SCOPE), target.get(_SOURCE)
        if source is None or scope is None or self._core.article_of(source) != scope:
            yield "evidence-place", f"{_shown(source)} is not a part of {_shown(scope)}"
        elif known is not None and known.article != scope:
            yield "evidence-place", f"the annotation is of {_shown(known.article)}, not of {_shown(scope)}"
        selectors = {values.get(TYPE): values for values in evidence.selectors.values()}
        position, quote = selectors.get(_POSITION, {}), selectors.get(_QUOTE, {})
        if not {_START, _END} <= position.keys() or not {_EXACT, _PREFIX, _SUFFIX} <= quote.keys():
            yield "evidence-complete", "a selector lacks its class or a value"
            return
        text = self._texts.of(source) if source is not None else None
        if text is None or source is None:
            return  # this was reported above, or the check of the tables reports it
        try:
            start, end = int(lexical(position[_START])), int(lexical(position[_END]))
        except ValueError:
            yield "evidence-quote", "start and end are not numbers"
            return
        exact, found = lexical(quote[_EXACT]), text[max(0, start) : max(0, end)]
        if not 0 <= start < end <= len(text) or found != exact:
            yield "evidence-quote", f'{_shown(source)}[{start}:{end}] is "{found[:80]}" and not "{exact[:80]}"'
            return
        if lexical(quote[_PREFIX]) != text[max(0, start - CONTEXT) : start]:
            yield "evidence-context", f'the prefix of "{exact[:80]}" is not the text before it'
        if lexical(quote[_SUFFIX]) != text[end : end + CONTEXT]:
            yield "evidence-context", f'the suffix of "{exact[:80]}" is not the text after it'
        if row is not None and not self._mentioned.has(row, iri(source).rpartition("#")[2], start, end):
            yield "evidence-place", f'"{exact[:80]}" at {start} is not an occurrence in tables/mentions.parquet'

    def _say(self, rule: str, node: bytes, message: str) -> None:
        shown = _shown(node)
        self._findings.add(rule, f"{self._core.short(node)}: {message}", shown, file=FILE)


def _missing(evidence: _AnnotationEvidence) -> str:
    if evidence.target is None:
        return "is a target without a description"
    if len(evidence.annotations) != 1:
        return f"is the target of {len(evidence.annotations)} annotations"
    return f"has {len(evidence.selectors)} described selectors instead of two"


def _shown(node: bytes | None) -> str:
    if node is None:
        return "nothing"
    return iri(node) if node.startswith(b"<") else node.decode()
