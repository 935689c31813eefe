"""Checks that the concepts meet the integrity conditions of SKOS, and further conditions of tools such as Skosmos.

S9 to S46 are numbers of conditions in the SKOS Reference (https://www.w3.org/TR/skos-reference/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.base.languages import bare_language
from kg.validate.core import (
    ABOUT,
    ALT_LABEL,
    BROADER,
    COLLECTION,
    CONCEPT,
    EXACT_MATCH,
    HAS_TOP_CONCEPT,
    HIDDEN_LABEL,
    IN_LANGUAGE,
    IN_SCHEME,
    LABELS,
    MENTIONS,
    NARROWER,
    OTHER_MATCHES,
    PREF_LABEL,
    RELATED,
    SCHEME,
    SUBJECT,
    TOP_CONCEPT_OF,
    Core,
    Pairs,
)
from kg.validate.rules import Findings
from kg.validate.triples import iri, lexical

FILE: Final = "graph.nt"
Offenders = Iterator[tuple[str, str]]
_TAG: Final = re.compile(r"(?:[a-z]{2,8}|x(?=-))(?:-[a-z0-9]{1,8})*")
"""A language tag in lower case; RFC 5646 calls this the generic syntax of a well-formed tag."""
_INVERSES: Final = (
    (BROADER, NARROWER),
    (NARROWER, BROADER),
    (RELATED, RELATED),
    (TOP_CONCEPT_OF, HAS_TOP_CONCEPT),
    (HAS_TOP_CONCEPT, TOP_CONCEPT_OF),
)


def check_skos(core: Core, base: str, findings: Findings) -> None:
    """Check every concept, concept scheme and collection of the core graph, and add a finding for each error."""
    above = _broader(core)
    checks = {
        "skos-s9": _two_classes(core, CONCEPT, (SCHEME,)),
        "skos-s37": _two_classes(core, COLLECTION, (CONCEPT, SCHEME)),
        "skos-s13": _same_label_twice(core),
        "skos-s14": _two_preferred(core),
        "same-label": _same_label(core),
        "label-language": _languages(core),
        "function-word": _function_words(core),
        "skos-s27": _related_above(core, above),
        "skos-s46": _exact_and_other(core),
        "exact-match-once": _exact_twice(core),
        "hierarchy-cycle": _cycles(core, above),
        "inverse": _missing_inverses(core),
        "in-scheme": _schemes(core, base),
        "top-concept": _top_concepts(core, base),
        "orphan-label": _orphans(core),
    }
    for rule, offenders in checks.items():
        findings.extend(rule, offenders, file=FILE)


def _two_classes(core: Core, one: bytes, others: tuple[bytes, ...]) -> Offenders:
    for node, types in core.types.items():
        for other in others:
            if one in types and other in types:
                yield iri(node), f"{core.short(node)} is a {_local(one)} and a {_local(other)}"


def _same_label_twice(core: Core) -> Offenders:
    pairs = ((PREF_LABEL, ALT_LABEL), (PREF_LABEL, HIDDEN_LABEL), (ALT_LABEL, HIDDEN_LABEL))
    for one, other in pairs:
        for node, labels in core.values[other].items():
            for label in sorted({*labels} & {*core.values[one].get(node, ())}):
                message = f'{core.short(node)} has "{lexical(label)}" as {_local(one)} and as {_local(other)}'
                yield iri(node), message


def _two_preferred(core: Core) -> Offenders:
    for node, labels in core.values[PREF_LABEL].items():
        if len(labels) > 1:
            languages = [label[label.rindex(b'"') + 1 :].lower() for label in labels]
            if len({*languages}) < len(languages):
                shown = ", ".join(f'"{lexical(label)}"' for label in labels)
                yield iri(node), f"{core.short(node)} has several preferred labels: {shown}"


def _split(literal: bytes) -> tuple[str, str]:
    """Return the text and the language tag of a literal; the tag is "" if there is none."""
    rest = literal[literal.rindex(b'"') + 1 :]
    return lexical(literal), rest.decode().removeprefix("@") if rest.startswith(b"@") else ""


def _same_label(core: Core) -> Offenders:
    holders: dict[tuple[bytes, bytes], list[bytes]] = {}
    for node, labels in core.values[PREF_LABEL].items():
        for scheme in core.values[IN_SCHEME].get(node, ()):
            for label in labels:
                holders.setdefault((scheme, label), []).append(node)
    for (_, label), nodes in holders.items():
        if len(nodes) > 1:
            shown = ", ".join(sorted(map(core.short, nodes)))
            yield iri(nodes[0]), f'"{lexical(label)}" is the preferred label of {shown}'


def _languages(core: Core) -> Offenders:
    articles: dict[bytes, set[str]] = {}
    for predicate in (MENTIONS, SUBJECT):
        for article, nodes in core.values[predicate].items():
            tags = {bare_language(lexical(tag)) for tag in core.values[IN_LANGUAGE].get(article, ())}
            for node in nodes:
                articles.setdefault(node, set()).update(tags)
    for predicate in LABELS:
        for node, labels in core.values[predicate].items():
            for label in labels:
                text, tag = _split(label)
                if not _TAG.fullmatch(tag):
                    yield (
                        iri(node),
                        f'"{text}" of {core.short(node)} has the language tag "{tag}", which is not well-formed',
                    )
                elif node in articles and bare_language(tag) not in articles[node]:
                    yield iri(node), f'"{text}" of {core.short(node)} is in "{tag}", but none of its articles is'


def _function_words(core: Core) -> Offenders:
    from kg.annotate.nlp.stop_words import stop_words  # imports spaCy, which takes half a second

    for node, labels in core.values[PREF_LABEL].items():
        for text, tag in map(_split, labels):
            if node in core.values[IN_SCHEME] and text.islower() and text in stop_words(tag):
                yield iri(node), f'"{text}" is a function word of the language "{tag}"'


def _broader(core: Core) -> Pairs:
    """Map each concept to its direct broader concepts, which skos:broader or skos:narrower may state."""
    above: dict[bytes, set[bytes]] = {}
    for node, values in core.values[BROADER].items():
        above.setdefault(node, set()).update(values)
    for node, values in core.values[NARROWER].items():
        for value in values:
            above.setdefault(value, set()).add(node)
    return {node: sorted(values) for node, values in above.items()}


def _ancestors(node: bytes, above: Pairs) -> set[bytes]:
    found: set[bytes] = set()
    waiting = [*above.get(node, ())]
    while waiting:
        next_ = waiting.pop()
        if next_ not in found:
            found.add(next_)
            waiting += above.get(next_, ())
    return found


def _related_above(core: Core, above: Pairs) -> Offenders:
    for node, values in core.values[RELATED].items():
        for other in sorted({*values} & _ancestors(node, above)):
            yield iri(node), f"{core.short(node)} is related to {core.short(other)}, which is above it"


def _cycles(core: Core, above: Pairs) -> Offenders:
    """Yield the concepts on a cycle.

    First, concepts without a broader concept are removed, again and again, until every remaining concept has a
    broader concept that also remains. The remaining concepts are those on cycles and those below cycles. A remaining
    concept is on a cycle if it is one of its own broader concepts, direct or indirect.
    """
    below: dict[bytes, list[bytes]] = {}
    for node, values in above.items():
        for value in values:
            below.setdefault(value, []).append(node)
    left = {node: len(values) for node, values in above.items()}
    roots = [node for node in below if node not in left]
    while roots:
        for node in below.get(roots.pop(), ()):
            left[node] -= 1
            if not left[node]:
                del left[node]
                roots.append(node)
    for node in left:
        if node in _ancestors(node, above):
            yield iri(node), f"{core.short(node)} is above itself, by way of {core.short(above[node][0])}"


def _exact_and_other(core: Core) -> Offenders:
    for predicate in OTHER_MATCHES:
        for node, values in core.values[predicate].items():
            for value in sorted({*values} & {*core.values[EXACT_MATCH].get(node, ())}):
                yield iri(node), f"{core.short(node)} has {iri(value)} as exactMatch and as {_local(predicate)}"


def _exact_twice(core: Core) -> Offenders:
    first: dict[bytes, bytes] = {}
    for node, values in core.values[EXACT_MATCH].items():
        for value in values:
            other = first.setdefault(value, node)
            if other != node:
                yield iri(node), f"{core.short(node)} and {core.short(other)} are both the exact match of {iri(value)}"


def _missing_inverses(core: Core) -> Offenders:
    for predicate, inverse in _INVERSES:
        said = core.values[inverse]
        for node, values in core.values[predicate].items():
            for value in values:
                if node not in said.get(value, ()):
                    way = f"{core.short(node)} {_local(predicate)} {core.short(value)}"
                    yield iri(node), f"{way}, but not the other way round: {_local(inverse)} is missing"


def _schemes(core: Core, base: str) -> Offenders:
    in_scheme = core.values[IN_SCHEME]
    for node in core.of_class(CONCEPT):
        if not any(SCHEME in core.types.get(scheme, ()) for scheme in in_scheme.get(node, ())):
            yield iri(node), f"{core.short(node)} is in no concept scheme"
    uses = ((SUBJECT, "subjects", "subject"), (ABOUT, "concepts", "concept"), (MENTIONS, "concepts", "concept"))
    for predicate, scheme, what in uses:
        wanted = f"<{base}{scheme}>".encode()
        strange = {
            value: node
            for node, values in core.values[predicate].items()
            for value in values
            if value in core.types and wanted not in in_scheme.get(value, ())
        }
        for value, node in strange.items():
            yield iri(value), f"{core.short(value)} is a {what} of {core.short(node)} and not in {base}{scheme}"


def _top_concepts(core: Core, base: str) -> Offenders:
    tops, broader = core.values[TOP_CONCEPT_OF], core.values[BROADER]
    for node, schemes in tops.items():
        if node in broader:
            yield iri(node), f"{core.short(node)} is a top concept, and {core.short(broader[node][0])} is above it"
        for scheme in schemes:
            if scheme not in core.values[IN_SCHEME].get(node, ()):
                yield iri(node), f"{core.short(node)} is a top concept of {core.short(scheme)}, which it is not in"
    for node in core.values[NARROWER]:
        if node not in broader and node not in tops:
            yield iri(node), f"{core.short(node)} has concepts below it and none above, and is not a top concept"
    subjects = f"<{base}subjects>".encode()
    for node, schemes in core.values[IN_SCHEME].items():
        if subjects in schemes and node not in broader and subjects not in tops.get(node, ()):
            yield iri(node), f"{core.short(node)} is a subject with none above it, and is not a top concept"


def _orphans(core: Core) -> Offenders:
    for predicate in LABELS:
        for node, labels in core.values[predicate].items():
            if not {CONCEPT, SCHEME, COLLECTION} & {*core.types.get(node, ())}:
                message = f'{core.short(node)} has the {_local(predicate)} "{lexical(labels[0])}" and is not a concept'
                yield (iri(node) if node.startswith(b"<") else node.decode()), message


def _local(node: bytes) -> str:
    return node[1:-1].decode().rpartition("#")[2].rpartition("/")[2]
