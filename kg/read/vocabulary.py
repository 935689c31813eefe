"""Read external vocabularies from SKOS files, in any RDF syntax.

Documents to which a file refers are not read. Some imperfect files are accepted: files with relative IRIs but no base,
with spaces in IRIs, or with labels that have no language. The classes and properties of SKOS are read
(https://www.w3.org/TR/skos-reference/), and the labels of SKOS-XL.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.base.errors import DataError, UsageError
from kg.read.xml_document import check_document

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_XL: Final = "http://www.w3.org/2008/05/skos-xl#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_DEPRECATED: Final = "http://www.w3.org/2002/07/owl#deprecated"
_TITLES: Final = (f"{_DCTERMS}title", f"{_DC}title", f"{_SKOS}prefLabel", f"{_RDFS}label")
_OTHER_CLASSES: Final = frozenset(f"{_SKOS}{name}" for name in ("ConceptScheme", "Collection", "OrderedCollection"))
_BOM: Final = b"\xef\xbb\xbf"
_XML: Final = re.compile(rb"\s*<(?:\?xml|!DOCTYPE|!--|[\w.-]+:RDF)")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_IRI_CHARACTERS: Final = "!#$%&'()*+,/:;=?@[]~"
"""Characters that `quote` does not encode. Others, such as "<", quotes, braces and spaces, are not allowed in IRIs."""
_REMOTE: Final = "LoadDocumentCallback"


@dataclass(frozen=True, slots=True)
class ExternalConcept:
    """A concept of an external vocabulary, with its labels that are in English or have no language."""

    iri: str
    label: str
    """Preferred label."""
    others: tuple[str, ...] = ()
    """All other labels, sorted: those of skos:altLabel and skos:hiddenLabel, and further preferred labels."""
    broader: tuple[str, ...] = ()
    """IRIs of the directly broader concepts, sorted."""
    related: tuple[str, ...] = ()
    """IRIs of the concepts that are related to this one by skos:related, in either direction, sorted."""


@dataclass(frozen=True, slots=True)
class ExternalVocabulary:
    """The contents of one SKOS file; the concepts are sorted by IRI."""

    file: str
    """Name of the file."""
    sha256: str
    """SHA-256 of the file's bytes."""
    scheme: str | None
    """IRI of the file's concept scheme, or None if the file has none.

    If the file has several schemes, this is the one with the most concepts.
    """
    title: str
    """Title of the scheme, or the name of the file if there is no such title."""
    concepts: tuple[ExternalConcept, ...]


def read_vocabulary(path: Path) -> ExternalVocabulary:
    """Read a SKOS file.

    Relative IRIs are resolved against the base that the file declares. If it declares none, they are resolved against
    the IRI of its only concept scheme. Characters that are not allowed in IRIs are percent-encoded.

    Raises:
        UsageError: if the file does not exist.
        DataError: if the file cannot be read or parsed, if it needs documents outside itself, or if it has no concept
            with an English label. The message names the file and, if it is known, the line.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise UsageError(f"{path}: no such vocabulary file") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    digest = hashlib.sha256(content).hexdigest()
    content = content.removeprefix(_BOM)
    syntax = RdfFormat.from_extension(path.suffix.removeprefix(".").lower()) or _detected_syntax(content)
    if syntax == RdfFormat.RDF_XML:
        check_document(content, path)
    facts = _facts(content, syntax, path, None)
    if facts.relative:
        facts = _facts(content, syntax, path, _base(facts, path))
    concepts = tuple(_concepts(facts, path))
    if not concepts:
        raise DataError(f"{path}: has no SKOS concept with an English label")
    scheme = facts.scheme()
    title = facts.title(scheme) if scheme is not None else None
    return ExternalVocabulary(path.name, digest, scheme and _valid_iri(scheme, path), title or path.name, concepts)


def _detected_syntax(content: bytes) -> RdfFormat:
    """Return the syntax of a file with an unknown suffix.

    TriG is also returned for Turtle and N-Triples, which are subsets of it.
    """
    if _XML.match(content):
        return RdfFormat.RDF_XML
    return RdfFormat.JSON_LD if content.lstrip()[:1] in (b"{", b"[") else RdfFormat.TRIG


@dataclass(slots=True)
class _Facts:
    """The triples of a file, with IRIs as written.

    In `links` and `texts`, the outer key is a property, and the inner key is a subject. The value is the set of objects
    that the subject has for the property.
    """

    links: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """The objects that are IRIs or blank nodes."""
    texts: dict[str, dict[str, set[tuple[str, str]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """The objects that are literals, each as (language, text)."""
    relative: bool = False
    """Whether any IRI is relative."""

    def schemes(self) -> list[str]:
        return sorted(iri for iri, types in self.links[_TYPE].items() if f"{_SKOS}ConceptScheme" in types)

    def scheme(self) -> str | None:
        """Return the concept scheme with the most concepts, or None if there is no concept scheme."""
        sizes = Counter(dict.fromkeys(self.schemes(), 0))
        for name in ("inScheme", "topConceptOf"):
            for found in self.links[f"{_SKOS}{name}"].values():
                sizes.update(iri for iri in found if not iri.startswith("_:"))
        return min(sizes, key=lambda iri: (-sizes[iri], iri), default=None)

    def title(self, iri: str) -> str | None:
        """Return the title of the scheme `iri`, preferably an English one, or None if the scheme has no title."""
        for name in _TITLES:
            found = self.texts[name].get(iri, set())
            if found:
                return min(found, key=lambda label: (_preference(label[0]), label))[1]
        return None


def _facts(content: bytes, syntax: RdfFormat, path: Path, base: str | None) -> _Facts:
    facts = _Facts()
    try:
        for quad in parse(content, format=syntax, base_iri=base, lenient=True):
            subject, value = str(quad.subject), quad.object
            subject = quad.subject.value if isinstance(quad.subject, NamedNode) else subject
            facts.relative |= isinstance(quad.subject, NamedNode) and not _SCHEME.match(subject)
            if isinstance(value, Literal):
                text = " ".join(value.value.split())
                if text:
                    facts.texts[quad.predicate.value][subject].add(((value.language or "").lower(), text))
            else:
                node = value.value if isinstance(value, NamedNode) else str(value)
                facts.relative |= isinstance(value, NamedNode) and not _SCHEME.match(node)
                facts.links[quad.predicate.value][subject].add(node)
    except SyntaxError as error:
        where = path if error.lineno is None else f"{path}:{error.lineno}"
        if _REMOTE in str(error):
            raise DataError(f"{where}: its JSON-LD context lies outside the file, which is not read") from error
        raise DataError(f"{where}: not valid {syntax.name} ({error.msg})") from error
    return facts


def _base(facts: _Facts, path: Path) -> str:
    """Return the IRI against which relative IRIs are resolved if the file declares no base.

    Raises:
        DataError: if the file does not have exactly one concept scheme, or if the IRI of this scheme is relative.
    """
    schemes = facts.schemes()
    if len(schemes) != 1 or not _SCHEME.match(schemes[0]):
        found = "none" if not schemes else f"{len(schemes)}" if len(schemes) > 1 else "one with a relative IRI"
        raise DataError(
            f"{path}: has relative IRIs but no base (xml:base, @base), nor exactly one concept scheme to resolve them "
            f"against (found: {found})"
        )
    return _valid_iri(schemes[0], path)


def _concepts(facts: _Facts, path: Path) -> Iterator[ExternalConcept]:
    """Yield the concepts, sorted by IRI.

    A concept is a node that has an IRI, and a preferred label that is in English or has no language. Schemes,
    collections and deprecated nodes are not concepts.
    """
    preferred = _labels(facts, ("prefLabel",))
    others = _labels(facts, ("altLabel", "hiddenLabel"))
    types = facts.links[_TYPE]
    gone = {iri for iri, found in facts.texts[_DEPRECATED].items() if any(text in ("true", "1") for _, text in found)}
    left = {
        iri: found
        for iri, found in preferred.items()
        if not iri.startswith("_:") and iri not in gone and _OTHER_CLASSES.isdisjoint(types.get(iri, ()))
    }
    above = _broader(facts.links)
    related = _symmetric(facts.links[f"{_SKOS}related"])
    legal = {iri: _valid_iri(iri, path) for iri in left}
    for iri, labels in sorted(left.items(), key=lambda item: legal[item[0]]):
        label = min(labels, key=lambda label: (_preference(label[0]), label))[1]
        names = {text for _, text in (*labels, *others.get(iri, ()))} - {label}
        broader = sorted(legal[one] for one in above.get(iri, ()) if one in left and one != iri)
        beside = sorted(legal[one] for one in related.get(iri, ()) if one in left and one != iri)
        yield ExternalConcept(legal[iri], label, tuple(sorted(names)), tuple(broader), tuple(beside))


def _labels(facts: _Facts, names: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """Return the labels of each subject that are in English or have no language.

    Key: the subject. Value: its labels, each as (language, text).

    `names` are the properties that are read as labels, such as "prefLabel". Each of them is read both in SKOS and in
    SKOS-XL. In SKOS-XL, a label is a node, and its text is the literal form of this node.
    """
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    literals = facts.texts[f"{_XL}literalForm"]
    for name in names:
        for subject, labels in facts.texts[f"{_SKOS}{name}"].items():
            found[subject] |= labels
        for subject, nodes in facts.links[f"{_XL}{name}"].items():
            found[subject] |= {label for node in nodes for label in literals.get(node, ())}
    english = {subject: {label for label in labels if _preference(label[0]) < 3} for subject, labels in found.items()}
    return {subject: labels for subject, labels in english.items() if labels}


def _preference(language: str) -> int:
    """Return the rank of a language: 0 for English, 1 for a variety of English, 2 for no language, 3 for any other."""
    if language.startswith("en-"):
        return 1
    return {"en": 0, "": 2}.get(language, 3)


def _broader(links: Mapping[str, Mapping[str, set[str]]]) -> dict[str, set[str]]:
    """Return the directly broader concepts of each concept.

    They are the objects of its skos:broader, and the subjects of skos:narrower whose object it is.
    """
    above: dict[str, set[str]] = defaultdict(set)
    for concept, found in links.get(f"{_SKOS}broader", {}).items():
        above[concept] |= found
    for concept, found in links.get(f"{_SKOS}narrower", {}).items():
        for narrower in found:
            above[narrower].add(concept)
    return above


def _symmetric(links: Mapping[str, set[str]]) -> dict[str, set[str]]:
    both: dict[str, set[str]] = defaultdict(set)
    for one, others in links.items():
        for other in others:
            both[one].add(other)
            both[other].add(one)
    return both


def _valid_iri(iri: str, path: Path) -> str:
    """Return `iri` with percent-encoding of the characters that are not allowed in IRIs.

    Letters of all languages are allowed.
    """
    encoded = "".join(c if c > "\x7f" else quote(c, safe=_IRI_CHARACTERS) for c in iri)
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)
    try:
        return NamedNode(encoded).value
    except ValueError as error:
        raise DataError(f"{path}: <{iri}> is not an IRI ({error})") from error
