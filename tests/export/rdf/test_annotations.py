"""Annotations written from patterns: the same as a serializer writes."""

from collections import Counter
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.iris import PREFIXES, slug
from kg.base.tables import Tables
from kg.export.rdf.annotations import Annotation, Patterns, example
from kg.export.rdf.core_graph import core_nodes, core_parts
from kg.export.rdf.terms import RdfNode, triples
from tests.export.sample_tables import EDITION, article, concept, mention, sample_tables, tables

ORIGINS = [("extracted",), ("author",), ("author", "extracted"), ("author", "extracted", "vocabulary")]


def serialize(nodes: Sequence[RdfNode]) -> tuple[bytes, ...]:
    block = list(triples(nodes))
    formats = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE)
    written = [ox.serialize(block, format=format, prefixes=PREFIXES) for format in formats]
    return tuple(text[text.index(b"\n<") if text.startswith(b"@") else 0 :] for text in written)


def check(content: Tables) -> None:
    """Each run of nodes by itself, since the texts of a serializer cannot be cut."""
    patterns = Patterns(serialize)
    for part, node in zip(core_parts(content, EDITION), core_nodes(content, EDITION), strict=True):
        assert patterns.serialized([part]) == serialize([node])


@pytest.mark.parametrize("origins", ORIGINS)
@pytest.mark.parametrize("frequency", [0, 1, 987654321])
@pytest.mark.parametrize("salience", [0.0, 0.0001, 0.1234, 0.5, 1.0])
def test_every_annotation_is_written_as_it_is(origins: tuple[str, ...], frequency: int, salience: float) -> None:
    mentions = [mention("x", rank, slug, salience, frequency, *origins) for rank, slug in enumerate("ab", start=1)]
    check(tables([article("x", "X")], concepts=[concept("a", "a", 1), concept("b", "b", 1)], mentions=mentions))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_iri_survives(url: str, name: str) -> None:
    found = [concept(slug(name), "a", 1)]
    check(tables([article(url, "X")], concepts=found, mentions=[mention(url, 1, slug(name), 0.5, 1, "extracted")]))


def test_nodes_and_annotations_stay_in_order() -> None:
    parts = list(core_parts(sample_tables(), EDITION))
    wanted = zip(*(serialize([node]) for node in core_nodes(sample_tables(), EDITION)), strict=True)
    assert Patterns(
        lambda nodes: tuple(map(b"".join, zip(*(serialize([node]) for node in nodes), strict=True)))
    ).serialized(parts) == tuple(map(b"".join, wanted))


def test_annotations_are_counted_by_kind() -> None:
    patterns = Patterns(serialize)
    parts = list(core_parts(sample_tables(), EDITION))
    patterns.serialized(parts)
    patterns.serialized(parts)
    kinds = [part.kind for part in parts if isinstance(part, Annotation)]
    assert patterns.counts == Counter(2 * kinds)
    assert len(kinds) == sample_tables().mentions.num_rows
    for kind in kinds:
        assert len(example(kind).properties) == 6 + len(kind[1])
