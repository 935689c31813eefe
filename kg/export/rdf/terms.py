"""The terms of RDF vocabularies that the graph uses, the type of its nodes, and functions that make its literals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from kg.base.iris import NAMESPACES

Property = tuple[NamedNode, NamedNode | Literal]
_CACHED: Final = 1 << 14
"""Maximum size of a cache with the texts or literals of numbers: enough for all saliences and nearly all counts."""


def term(curie: str) -> NamedNode:
    """Return the IRI of a prefixed name, such as `schema:Article`."""
    prefix, _, name = curie.partition(":")
    return NamedNode(NAMESPACES[prefix] + name)


TYPE: Final = term("rdf:type")
TITLE: Final = term("dcterms:title")
IDENTIFIER: Final = term("dcterms:identifier")
SUBJECT: Final = term("dcterms:subject")
RELATION: Final = term("dcterms:relation")
ARTICLE: Final = term("schema:Article")
HEADLINE: Final = term("schema:headline")
URL: Final = term("schema:url")
IS_BASED_ON: Final = term("schema:isBasedOn")
DATE_PUBLISHED: Final = term("schema:datePublished")
AUTHOR: Final = term("schema:author")
IN_LANGUAGE: Final = term("schema:inLanguage")
KEYWORDS: Final = term("schema:keywords")
MAIN_ENTITY: Final = term("schema:mainEntity")
HAS_PART: Final = term("schema:hasPart")
NAME: Final = term("schema:name")
TEXT: Final = term("schema:text")
ACCEPTED_ANSWER: Final = term("schema:acceptedAnswer")
ABOUT: Final = term("schema:about")
MENTIONS: Final = term("schema:mentions")
CONCEPT: Final = term("skos:Concept")
CONCEPT_SCHEME: Final = term("skos:ConceptScheme")
PREF_LABEL: Final = term("skos:prefLabel")
ALT_LABEL: Final = term("skos:altLabel")
HIDDEN_LABEL: Final = term("skos:hiddenLabel")
COLLECTION: Final = term("skos:Collection")
MEMBER: Final = term("skos:member")
IN_SCHEME: Final = term("skos:inScheme")
EXACT_MATCH: Final = term("skos:exactMatch")
CLOSE_MATCH: Final = term("skos:closeMatch")
DEFINITION: Final = term("skos:definition")
BROADER: Final = term("skos:broader")
NARROWER: Final = term("skos:narrower")
RELATED: Final = term("skos:related")
TOP_CONCEPT_OF: Final = term("skos:topConceptOf")
HAS_TOP_CONCEPT: Final = term("skos:hasTopConcept")
ANNOTATION: Final = term("oa:Annotation")
HAS_BODY: Final = term("oa:hasBody")
HAS_TARGET: Final = term("oa:hasTarget")
MOTIVATED_BY: Final = term("oa:motivatedBy")
IDENTIFYING: Final = term("oa:identifying")
TAGGING: Final = term("oa:tagging")
SALIENCE: Final = term("kg:salience")
FREQUENCY: Final = term("kg:frequency")
ORIGIN: Final = term("kg:origin")
ARTICLE_COUNT: Final = term("kg:articleCount")
PARTICIPATION: Final = term("kg:participation")
ASSOCIATION: Final = term("kg:Association")
ASSOCIATED: Final = term("kg:concept")
NPMI: Final = term("kg:npmi")
SUBJECT_COUNT: Final = term("kg:SubjectCount")
IN_SUBJECT: Final = term("kg:inSubject")
RANK: Final = term("kg:rank")
SIMILARITY: Final = term("kg:Similarity")
COMPARED: Final = term("kg:article")
SCORE: Final = term("kg:score")
SHARED_CONCEPT: Final = term("kg:sharedConcept")
WORD_COUNT: Final = term("schema:wordCount")
MISSING_ARTICLE: Final = term("kg:MissingArticle")
XSD_DATE: Final = term("xsd:date")
XSD_DECIMAL: Final = term("xsd:decimal")
XSD_INTEGER: Final = term("xsd:integer")
CONFIGURATION_HASH: Final = term("kg:configurationHash")
DESCRIPTION: Final = term("dcterms:description")
LANGUAGE: Final = term("dcterms:language")
LICENSE: Final = term("dcterms:license")
MODIFIED: Final = term("dcterms:modified")
MEDIA_OBJECT: Final = term("schema:MediaObject")
SOFTWARE_APPLICATION: Final = term("schema:SoftwareApplication")
SOFTWARE_VERSION: Final = term("schema:softwareVersion")
ENCODING_FORMAT: Final = term("schema:encodingFormat")
SHA256: Final = term("schema:sha256")
ENTITY: Final = term("prov:Entity")
ACTIVITY: Final = term("prov:Activity")
SOFTWARE_AGENT: Final = term("prov:SoftwareAgent")
WAS_DERIVED_FROM: Final = term("prov:wasDerivedFrom")
WAS_GENERATED_BY: Final = term("prov:wasGeneratedBy")
USED: Final = term("prov:used")
WAS_ASSOCIATED_WITH: Final = term("prov:wasAssociatedWith")
ENDED_AT_TIME: Final = term("prov:endedAtTime")
XSD_DATE_TIME: Final = term("xsd:dateTime")


@dataclass(frozen=True, slots=True)
class RdfNode:
    """A node of the graph: its IRI and its properties (pairs of predicate and object), each pair only once."""

    iri: NamedNode
    properties: list[Property]


def triples(nodes: Iterable[RdfNode]) -> Iterator[Triple]:
    """Yield the triples of nodes."""
    for node in nodes:
        for predicate, value in node.properties:
            yield Triple(node.iri, predicate, value)


@lru_cache(_CACHED)
def decimal_text(value: float) -> str:
    """Return `value`, rounded to four decimal places, as a canonical xsd:decimal, such as "0.8123" or "1.0".

    The canonical form is defined in XML Schema 1.0, part 2, section 3.2.3.2.
    """
    lexical = f"{value:.4f}".rstrip("0")
    return lexical + "0" if lexical.endswith(".") else lexical


def decimal_literal(value: float) -> Literal:
    """Return `value`, rounded to four decimal places, as a literal of type xsd:decimal."""
    return Literal(decimal_text(value), datatype=XSD_DECIMAL)


@lru_cache(_CACHED)
def integer_literal(value: int) -> Literal:
    """Return `value` as a literal of type xsd:integer."""
    return Literal(str(value), datatype=XSD_INTEGER)
