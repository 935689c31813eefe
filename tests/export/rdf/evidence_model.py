"""What the evidence graph must say, term by term, as the Web Annotation Data Model has it."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.base.iris import PREFIXES
from kg.base.tables import Tables
from kg.export.rdf.evidence_graph import Which
from kg.graph.passages import best_occurrence
from tests.export.sample_tables import MINTER

TYPE = NamedNode(PREFIXES["rdf"] + "type")
COUNT = NamedNode(PREFIXES["xsd"] + "nonNegativeInteger")


def oa(name: str) -> NamedNode:
    return NamedNode(PREFIXES["oa"] + name)


def evidence_triples(content: Tables, which: Which) -> Iterator[Triple]:
    texts = {row["url"]: {part["name"]: part["text"] for part in row["parts"]} for row in content.articles.to_pylist()}
    for row in content.mentions.to_pylist():
        url, found = row["article"], row["occurrences"]
        for place in found if which == "all" else [best_occurrence(texts[url], found)] if found else []:
            target = MINTER.target(url, row["concept"], place["part"], place["start"])
            yield Triple(NamedNode(MINTER.mention(url, row["concept"])), oa("hasTarget"), NamedNode(target))
            yield from of_target(url, target, place, texts[url][place["part"]])


def of_target(url: str, target: str, place: dict, text: str) -> Iterator[Triple]:
    start, end = place["start"], place["end"]
    position, quote = NamedNode(f"{target}-position"), NamedNode(f"{target}-quote")
    said = [
        (NamedNode(target), TYPE, oa("SpecificResource")),
        (NamedNode(target), oa("hasSource"), NamedNode(MINTER.part(url, place["part"]))),
        (NamedNode(target), oa("hasScope"), NamedNode(MINTER.article(url))),
        (NamedNode(target), oa("hasSelector"), position),
        (NamedNode(target), oa("hasSelector"), quote),
        (position, TYPE, oa("TextPositionSelector")),
        (position, oa("start"), Literal(str(start), datatype=COUNT)),
        (position, oa("end"), Literal(str(end), datatype=COUNT)),
        (quote, TYPE, oa("TextQuoteSelector")),
        (quote, oa("exact"), Literal(text[start:end])),
        (quote, oa("prefix"), Literal(text[max(0, start - 32) : start])),
        (quote, oa("suffix"), Literal(text[end : end + 32])),
    ]
    yield from (Triple(*statement) for statement in said)
