"""Vocabularies made by hand."""

from collections.abc import Sequence

from kg.concepts.linking.lexicon import Lexicon
from kg.read.vocabulary import ExternalConcept, ExternalVocabulary

Row = tuple[str, Sequence[str], Sequence[str]]


def iri(label: str, vocabulary: str = "v") -> str:
    return f"https://{vocabulary}.example/{label.replace(' ', '-')}"


def external(*rows: str | Row, name: str = "v") -> ExternalVocabulary:
    """A concept for each preferred label, with other labels, and preferred labels of what is above it."""
    plain = [(row, (), ()) if isinstance(row, str) else row for row in rows]
    concepts = [
        ExternalConcept(iri(label, name), label, tuple(sorted(others)), tuple(sorted(iri(one, name) for one in above)))
        for label, others, above in plain
    ]
    concepts.sort(key=lambda concept: concept.iri)
    return ExternalVocabulary(f"{name}.ttl", "0" * 64, f"https://{name}.example/", f"Title of {name}", tuple(concepts))


def lexicon(*rows: str | Row) -> Lexicon:
    return Lexicon([external(*rows)])
