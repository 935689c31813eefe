"""The evidence graph: for each annotation of the core graph, the words in the article's text on which it is based.

The graph uses the selectors of the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/#selectors).
Offsets are counted in code points of the schema:text of a part of the article, such as its answer; the end is
exclusive.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from kg.base.iris import Minter
from kg.base.tables import Tables, each_row
from kg.export.artifacts import Artifact, Exporter
from kg.export.rdf.core_graph import Follower, Row
from kg.export.rdf.statistics import GraphStatistics
from kg.export.rdf.terms import HAS_TARGET, TYPE, term
from kg.export.store.write_store import Lines
from kg.graph.passages import Occurrence, best_occurrence

FILE_NAME: Final = "evidence.nt.gz"
Which = Literal["top", "all"]
"""The occurrences to publish: only the best one of each concept in each article ("top"), or all ("all")."""

_GZIP_LEVEL: Final = 3
_ANNOTATIONS_A_BLOCK: Final = 8
"""Average number of annotations in a block of lines."""
_CONTEXT: Final = 32
"""Maximum length of a quote's prefix and of its suffix, in code points."""

_TYPE: Final = f"> {TYPE}"
_HAS_TARGET: Final = f"> {HAS_TARGET} <"
_HAS_SOURCE: Final = f"> {term('oa:hasSource')} <"
_HAS_SCOPE: Final = f"> {term('oa:hasScope')} <"
_HAS_SELECTOR: Final = f"> {term('oa:hasSelector')} <"
_START: Final = f'> {term("oa:start")} "'
_END: Final = f'> {term("oa:end")} "'
_EXACT: Final = f'> {term("oa:exact")} "'
_PREFIX: Final = f'> {term("oa:prefix")} "'
_SUFFIX: Final = f'> {term("oa:suffix")} "'
_SPECIFIC_RESOURCE: Final = f"{_TYPE} {term('oa:SpecificResource')} .\n"
_POSITION_SELECTOR: Final = f"{_TYPE} {term('oa:TextPositionSelector')} .\n"
_QUOTE_SELECTOR: Final = f"{_TYPE} {term('oa:TextQuoteSelector')} .\n"
_COUNT: Final = f'"^^{term("xsd:nonNegativeInteger")} .\n'

_ESCAPES: Final = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    ord(character): f"\\{letter}" for character, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}
"""The escape sequences of the characters that canonical N-Triples escapes in literals; the keys are code points.

See https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples.
"""
_ESCAPED: Final = re.compile(r'[\x00-\x1f\x7f"\\]')


def write_evidence(tables: Tables, minter: Minter, path: Path, which: Which, load: Lines) -> GraphStatistics:
    """Write the evidence graph as gzipped canonical N-Triples.

    The gzip header has no file name and no time, so that the same graph always gives the same file.

    Args:
        tables: the tables of the graph; only the tables of articles and of mentions are read.
        minter: makes the IRIs.
        path: the file to write.
        which: the occurrences to publish.
        load: function that is called with the uncompressed lines of each block of annotations.

    Returns:
        The statistics of the graph.
    """
    targets = 0
    with path.open("wb") as file, gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as out:
        for count, lines in _blocks(tables, minter, which):
            targets += count
            out.write(lines)
            load(lines)
    return _statistics(targets)


def _blocks(tables: Tables, minter: Minter, which: Which) -> Iterator[tuple[int, bytes]]:
    """Yield the graph in blocks. For each block, yield a pair: the number of targets in the block, and its lines.

    A target is an occurrence of the annotation's concept in the text. Whether an annotation begins a new block depends
    only on a hash of its IRI. The order of lines is fixed: annotations are sorted by article, then by descending
    salience. The triples that link an annotation to its targets come first. They are followed, target by target, by the
    triples of the target and of its selectors. No line occurs twice.
    """
    mentions = Follower(each_row(tables.mentions.select(["article", "concept", "occurrences"])), "article")
    block: list[str] = []
    count = 0
    for row in each_row(tables.articles.select(["url", "parts"])):
        texts = {part["name"]: part["text"] for part in row["parts"]}
        article = minter.article(row["url"])
        for mention in mentions.rows_of(row["url"]):
            annotation = minter.mention(row["url"], mention["concept"])
            if not zlib.crc32(annotation.encode()) % _ANNOTATIONS_A_BLOCK and block:
                yield count, "".join(block).encode()
                block, count = [], 0
            chosen = _select(texts, mention, which)
            count += len(chosen)
            targets = [minter.target(row["url"], mention["concept"], found["part"], found["start"]) for found in chosen]
            block += [f"<{annotation}{_HAS_TARGET}{target}> .\n" for target in targets]
            block += [_target(article, texts, *pair) for pair in zip(targets, chosen, strict=True)]
    if block:
        yield count, "".join(block).encode()


def _select(texts: Mapping[str, str], mention: Row, which: Which) -> Sequence[Occurrence]:
    occurrences: Sequence[Occurrence] = mention["occurrences"]
    if which == "all":
        return occurrences
    best = best_occurrence(texts, occurrences)
    return [] if best is None else [best]


def _target(article: str, texts: Mapping[str, str], target: str, found: Occurrence) -> str:
    """Return the N-Triples of a target, which is the occurrence `found` of a concept, and of its two selectors.

    All targets have the same form, so the values are filled into a string. This takes a third of the time that a
    serializer takes. IRIs need not be escaped, as they have no characters that N-Triples escapes.
    """
    part, start, end = found["part"], found["start"], found["end"]
    text = texts[part]
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return (
        f"<{target}{_SPECIFIC_RESOURCE}"
        f"<{target}{_HAS_SOURCE}{article}#{part}> .\n"
        f"<{target}{_HAS_SCOPE}{article}> .\n"
        f"<{target}{_HAS_SELECTOR}{target}-position> .\n"
        f"<{target}{_HAS_SELECTOR}{target}-quote> .\n"
        f"<{target}-position{_POSITION_SELECTOR}"
        f"<{target}-position{_START}{start}{_COUNT}"
        f"<{target}-position{_END}{end}{_COUNT}"
        f"<{target}-quote{_QUOTE_SELECTOR}"
        f'<{target}-quote{_EXACT}{_escape(text[start:end])}" .\n'
        f'<{target}-quote{_PREFIX}{_escape(before)}" .\n'
        f'<{target}-quote{_SUFFIX}{_escape(after)}" .\n'
    )


def _escape(text: str) -> str:
    return text.translate(_ESCAPES) if _ESCAPED.search(text) else text


def _statistics(targets: int) -> GraphStatistics:
    """Return the statistics of an evidence graph with `targets` targets. Each count is a multiple of `targets`."""
    once = ("hasTarget", "hasSource", "hasScope", "start", "end", "exact", "prefix", "suffix")
    properties = {TYPE.value: 3, term("oa:hasSelector").value: 2} | {term(f"oa:{name}").value: 1 for name in once}
    classes = (term(f"oa:{name}").value for name in ("SpecificResource", "TextPositionSelector", "TextQuoteSelector"))
    return GraphStatistics(
        3 * targets,
        Counter({name: times * targets for name, times in properties.items() if targets}),
        Counter({name: targets for name in classes if targets}),
    )


EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name=FILE_NAME,
                media_type="application/n-triples",
                title="The evidence for each annotation, as N-Triples",
                summary="the words in which each concept of an article was found",
                opens_with="any RDF tool, zcat, grep",
                dataset_order=40,
                page_order=50,
                dump_of="evidence",
            ),
        ),
        enabled=lambda publish: publish.evidence != "none",
    ),
)
"""The exporter of the evidence. `kg.export.graph_process` calls `write_evidence`."""
