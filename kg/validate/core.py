"""The facts of the core graph that the checks need. They are collected in one pass over its triples.

IRIs are kept in N-Triples syntax, that is, as `<IRI>` in UTF-8. Each IRI is stored only once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from kg.base.iris import PREFIXES
from kg.validate.triples import iri, lexical

Pairs = dict[bytes, list[bytes]]

_TEXT_DIGEST: Final = 16


def name(curie: str) -> bytes:
    """Return the full IRI of a prefixed name such as "rdf:type", in N-Triples syntax."""
    prefix, _, local = curie.partition(":")
    return f"<{PREFIXES[prefix]}{local}>".encode()


TYPE: Final = name("rdf:type")
ARTICLE: Final = name("schema:Article")
CONCEPT: Final = name("skos:Concept")
SCHEME: Final = name("skos:ConceptScheme")
COLLECTION: Final = name("skos:Collection")
ANNOTATION: Final = name("oa:Annotation")
ASSOCIATION: Final = name("kg:Association")
PREF_LABEL: Final = name("skos:prefLabel")
ALT_LABEL: Final = name("skos:altLabel")
HIDDEN_LABEL: Final = name("skos:hiddenLabel")
LABELS: Final = (PREF_LABEL, ALT_LABEL, HIDDEN_LABEL)
BROADER: Final = name("skos:broader")
NARROWER: Final = name("skos:narrower")
RELATED: Final = name("skos:related")
IN_SCHEME: Final = name("skos:inScheme")
TOP_CONCEPT_OF: Final = name("skos:topConceptOf")
HAS_TOP_CONCEPT: Final = name("skos:hasTopConcept")
EXACT_MATCH: Final = name("skos:exactMatch")
OTHER_MATCHES: Final = (name("skos:broadMatch"), name("skos:narrowMatch"), name("skos:relatedMatch"))
SUBJECT: Final = name("dcterms:subject")
ABOUT: Final = name("schema:about")
MENTIONS: Final = name("schema:mentions")
ARTICLE_COUNT: Final = name("kg:articleCount")
ASSOCIATED: Final = name("kg:concept")
SUBJECT_COUNT: Final = name("kg:SubjectCount")
IN_SUBJECT: Final = name("kg:inSubject")
SIMILARITY: Final = name("kg:Similarity")
SCORE: Final = name("kg:score")
IN_LANGUAGE: Final = name("schema:inLanguage")
CONFIGURATION: Final = name("kg:configurationHash")
ACTIVITY: Final = name("prov:Activity")
_PARTS: Final = (name("schema:mainEntity"), name("schema:hasPart"))
_ANSWER: Final = name("schema:acceptedAnswer")
_TEXT: Final = name("schema:text")
_TITLE: Final = name("dcterms:title")
_LISTED: Final = (
    *LABELS,
    *(BROADER, NARROWER, RELATED, IN_SCHEME, TOP_CONCEPT_OF, HAS_TOP_CONCEPT, EXACT_MATCH, *OTHER_MATCHES),
    *(SUBJECT, ABOUT, MENTIONS, ARTICLE_COUNT, ASSOCIATED, IN_SUBJECT, SCORE, IN_LANGUAGE, CONFIGURATION),
)


@dataclass(slots=True)
class AnnotationFacts:
    """The values of the properties of an oa:Annotation, in N-Triples syntax. A value that the graph lacks is None."""

    article: bytes | None = None
    concept: bytes | None = None
    motivation: bytes | None = None
    salience: bytes | None = None
    frequency: bytes | None = None


class Core:
    """The facts of the core graph of a build whose base IRI is `base`.

    Pass all triples to `add` before you call any other method. All nodes and literals are in N-Triples syntax.

    Attributes:
        types: maps each node to its classes.
        values: for each predicate that the checks need, a mapping from subjects to lists of their objects.
        annotations: maps each annotation to the values of its properties.
        texts: maps each part of an article to the digest of its text, see `text_digest`.
        titles: maps each node that has a title to its title.
        outside: the subjects whose IRIs do not begin with `base`.
    """

    def __init__(self, base: str) -> None:
        self._base = b"<" + base.encode()
        self._same: dict[bytes, bytes] = {}
        self._same_types: dict[tuple[bytes, ...], tuple[bytes, ...]] = {}
        self.types: dict[bytes, tuple[bytes, ...]] = {}
        self.values: dict[bytes, Pairs] = {predicate: defaultdict(list) for predicate in _LISTED}
        self.annotations: dict[bytes, AnnotationFacts] = defaultdict(AnnotationFacts)
        self.texts: dict[bytes, bytes] = {}
        self.titles: dict[bytes, bytes] = {}
        self._holder: dict[bytes, bytes] = {}
        self._undescribed: dict[bytes, tuple[bytes, bytes]] = {}
        self._untyped: dict[bytes, None] = {}
        self.outside: dict[bytes, None] = {}
        self._take: dict[bytes, Callable[[bytes, bytes], None]] = {
            **{predicate: self._lister(predicate) for predicate in _LISTED},
            **{name(f"oa:{of}"): self._filler(to) for of, to in _ANNOTATED.items()},
            name("kg:salience"): self._filler("salience"),
            name("kg:frequency"): self._filler("frequency"),
            TYPE: self._type,
            **dict.fromkeys((*_PARTS, _ANSWER), self._part),
            _TEXT: lambda s, o: self.texts.__setitem__(s, text_digest(o)),
            _TITLE: lambda s, o: self.titles.__setitem__(s, o),
        }

    def add(self, triples: list[list[bytes]]) -> None:
        """Add triples. Each is a list of subject, predicate and object."""
        same, types, take, base = self._same, self.types, self._take, self._base
        undescribed = self._undescribed
        last = b""
        for subject, predicate, value in triples:
            if subject != last:
                last = subject = same.setdefault(subject, subject)
                if subject not in types:
                    self._untyped[subject] = None
                if not subject.startswith(base) and not subject.startswith(b"_:"):
                    self.outside[subject] = None
            else:
                subject = last
            if value.startswith(base):
                value = same.setdefault(value, value)
                if value not in types and value not in undescribed:
                    undescribed[value] = (subject, predicate)
            if predicate in take:
                take[predicate](subject, value)

    def once(self, node: bytes) -> bytes:
        """Return the equal node that this object already stores, if there is one; otherwise return `node` itself.

        Other data structures that store the returned node share its memory with this object.
        """
        return self._same.get(node, node)

    def of_class(self, wanted: bytes) -> list[bytes]:
        """Return all nodes of a class."""
        return [node for node, types in self.types.items() if wanted in types]

    def article_of(self, part: bytes) -> bytes | None:
        """Return the article that a part belongs to, or None if the article is unknown.

        An answer belongs to the article to which its question belongs.
        """
        holder = self._holder.get(part)
        return holder if holder is None or ARTICLE in self.types.get(holder, ()) else self._holder.get(holder)

    def dangling(self) -> dict[bytes, tuple[bytes, bytes] | None]:
        """Return all nodes without a class, as the keys of a mapping.

        Nodes are all subjects, and those objects whose IRIs begin with the base IRI. If a node is an object but not a
        subject, its value is the subject and the predicate of a triple with this object. Otherwise, it may be None.
        """
        found: dict[bytes, tuple[bytes, bytes] | None] = {s: None for s in self._untyped if s not in self.types}
        return found | {o: by for o, by in self._undescribed.items() if o not in self.types}

    def label(self, node: str) -> str | None:
        """Return the label or title of the node with the IRI `node`, or None if the node has neither.

        For a part of an article or an annotation, which have no label, the label or title of the article is returned.
        """
        key = f"<{node}>".encode()
        labels = self.values[PREF_LABEL].get(key) or [self.titles[key]] if self._has_name(key) else []
        if labels:
            return " ".join(lexical(labels[0]).split())
        article, mark, _ = node.partition("#")
        return self.label(article) if mark else None

    def short(self, node: bytes) -> str:
        """Return the name of a node for messages: its IRI, without the base IRI at the beginning, and its label."""
        full = iri(node) if node.startswith(b"<") else node.decode()
        label = self.label(full)
        below = full.removeprefix(iri(self._base + b">"))
        return f'{below} "{label}"' if label else below

    def _has_name(self, key: bytes) -> bool:
        return key in self.values[PREF_LABEL] or key in self.titles

    def _type(self, subject: bytes, value: bytes) -> None:
        types = (*self.types.get(subject, ()), value)
        self.types[subject] = self._same_types.setdefault(types, types)

    def _part(self, subject: bytes, value: bytes) -> None:
        self._holder[value] = subject

    def _lister(self, predicate: bytes) -> Callable[[bytes, bytes], None]:
        values = self.values[predicate]

        def take(subject: bytes, value: bytes) -> None:
            values[subject].append(value)

        return take

    def _filler(self, field: str) -> Callable[[bytes, bytes], None]:
        annotations, same = self.annotations, self._same

        def take(subject: bytes, value: bytes) -> None:
            setattr(annotations[subject], field, same.setdefault(value, value))

        return take


_ANNOTATED: Final = {"hasBody": "concept", "hasTarget": "article", "motivatedBy": "motivation"}


def text_digest(literal: bytes) -> bytes:
    """Return a digest of a literal in N-Triples syntax, for comparing long texts without storing them."""
    return blake2b(literal, digest_size=_TEXT_DIGEST).digest()
