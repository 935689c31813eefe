"""Checks of the consistency of the core graph: the descriptions, annotations and counts of all nodes."""

from __future__ import annotations

from collections import Counter
from typing import Final

from kg.base.iris import PREFIXES, has_dot_segments
from kg.validate.core import (
    ABOUT,
    ANNOTATION,
    ARTICLE_COUNT,
    ASSOCIATED,
    ASSOCIATION,
    CONCEPT,
    IN_SUBJECT,
    MENTIONS,
    SUBJECT,
    SUBJECT_COUNT,
    Core,
    name,
)
from kg.validate.rules import Findings
from kg.validate.skos import FILE, Offenders
from kg.validate.triples import iri, lexical

_TAGGING: Final = name("oa:tagging")


def check_links(core: Core, base: str, findings: Findings) -> None:
    """Check that all nodes are described and have IRIs below the base IRI; check annotations and counts."""
    findings.extend("dangling", _dangling(core), file=FILE)
    findings.extend("outside-base", _outside(core, base), file=FILE)
    findings.extend("dot-segment", _dot_segments(core), file=FILE)
    findings.extend("about", _about(core), file=FILE)
    findings.extend("annotations", _annotations(core), file=FILE)
    findings.extend("frequency", _frequencies(core), file=FILE)
    findings.extend("article-count", _article_counts(core), file=FILE)
    findings.extend("article-count", _missing_subject_counts(core), file=FILE)


def _outside(core: Core, base: str) -> Offenders:
    for node in core.outside:
        yield iri(node), f"{iri(node)} does not begin with {base}"


def _dot_segments(core: Core) -> Offenders:
    for node in core.types:
        if b"/." in node and has_dot_segments(iri(node).partition("#")[0]):  # few nodes have "/." anywhere
            yield iri(node), f"{core.short(node)} has a dot segment, which programs resolve or keep as they like"


def _dangling(core: Core) -> Offenders:
    for node, by in core.dangling().items():
        if not node.startswith(b"<"):
            continue  # another rule reports blank nodes
        if by is None:
            yield iri(node), f"{core.short(node)} has no class"
        else:
            subject, predicate = by
            yield (
                iri(subject),
                f"{core.short(subject)} {_curie(predicate)} {core.short(node)}, which is not described anywhere",
            )


def _about(core: Core) -> Offenders:
    for node, concepts in core.values[ABOUT].items():
        for concept in sorted({*concepts} - {*core.values[MENTIONS].get(node, ())}):
            yield iri(node), f"{core.short(node)} is about {core.short(concept)} and does not mention it"


def _annotations(core: Core) -> Offenders:
    """Yield a node and a message for each mention with no annotation or several, and for each stray annotation.

    A stray annotation joins an article to a concept that the article does not mention. Annotations without an article
    or a concept are ignored here, since the check of the shapes reports them.
    """
    annotated: Counter[tuple[bytes, bytes]] = Counter()
    mentions = {(node, concept) for node, concepts in core.values[MENTIONS].items() for concept in concepts}
    for node, annotation in core.annotations.items():
        if ANNOTATION not in core.types.get(node, ()) or annotation.article is None or annotation.concept is None:
            continue
        pair = annotation.article, annotation.concept
        annotated[pair] += 1
        shown = f"{core.short(pair[0])} and {core.short(pair[1])}"
        if pair not in mentions:
            yield iri(node), f"{core.short(node)} joins {shown}, but the article does not mention the concept"
        if annotated[pair] == 2:
            yield iri(node), f"{shown} have more than one annotation"
    for article, concept in sorted(mentions - annotated.keys()):
        yield iri(article), f"{core.short(article)} mentions {core.short(concept)} without an annotation"


def _frequencies(core: Core) -> Offenders:
    for node, annotation in core.annotations.items():
        if annotation.frequency is not None and annotation.motivation is not None:
            times = lexical(annotation.frequency)
            if (annotation.motivation == _TAGGING) != (times == "0"):
                motivation = _curie(annotation.motivation)
                yield iri(node), f"{core.short(node)} is motivated by {motivation} and has the frequency {times}"


def _article_counts(core: Core) -> Offenders:
    articles: dict[bytes, set[bytes]] = {}
    for predicate in (SUBJECT, MENTIONS):
        for node, concepts in core.values[predicate].items():
            for concept in concepts:
                articles.setdefault(concept, set()).add(node)
    subjects = {subject for found in core.values[SUBJECT].values() for subject in found}
    said = core.values[ARTICLE_COUNT]
    subject_of = core.values[IN_SUBJECT]
    joined = {node: (*concepts, *subject_of.get(node, ())) for node, concepts in core.values[ASSOCIATED].items()}
    for node in [*core.of_class(CONCEPT), *core.of_class(ASSOCIATION), *core.of_class(SUBJECT_COUNT)]:
        if node in joined:
            sets = [articles.get(concept, set()) for concept in joined[node]]
            counted = len(set.intersection(*sets))
        else:
            counted = len(articles.get(node, ()))
        if node not in said and node not in subjects:
            yield iri(node), f"{core.short(node)} has no articleCount; there are {counted}"
        for count in said.get(node, ()):
            if lexical(count) != str(counted):
                yield iri(node), f"{core.short(node)} has the articleCount {lexical(count)}; there are {counted}"


def _missing_subject_counts(core: Core) -> Offenders:
    """Yield the concepts that articles of a subject mention, if there is no kg:SubjectCount for concept and subject."""
    counts = core.values[IN_SUBJECT]
    given = {
        (concept, subject)
        for node, concepts in core.values[ASSOCIATED].items()
        for concept in concepts
        for subject in counts.get(node, ())
    }
    needed = {
        (concept, subject)
        for node, subjects in core.values[SUBJECT].items()
        for subject in subjects
        for concept in core.values[MENTIONS].get(node, ())
    }
    for concept, subject in sorted(needed - given):
        yield iri(concept), f"{core.short(concept)} has no number of its articles in {core.short(subject)}"


def _curie(node: bytes) -> str:
    full = iri(node)
    for prefix, namespace in PREFIXES.items():
        if full.startswith(namespace):
            return f"{prefix}:{full.removeprefix(namespace)}"
    return full
