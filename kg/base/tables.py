"""Schemas, writing and reading of tables/*.parquet.

Every table is sorted by its first columns, so that equal graphs have equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from kg.base.consistent_read import consistently
from kg.base.errors import DataError
from kg.base.memory import release_memory

_BATCH: Final = 256

PART: Final = pa.struct([("name", pa.string()), ("text", pa.string())])
OCCURRENCE: Final = pa.struct(
    [
        ("part", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("sentence_start", pa.int32()),
        ("sentence_end", pa.int32()),
    ]
)

MATCH: Final = pa.struct(
    [
        ("iri", pa.string()),  # of the concept of the external vocabulary
        ("kind", pa.string()),  # see `kg.base.model.MatchKind`
        ("label", pa.string()),  # its preferred label
        ("scheme", pa.string()),  # IRI of the vocabulary, or null
    ]
)

# Measures of an article or a concept in the network, see `kg.graph.structure`.
_STRUCTURE: Final = [
    ("community", pa.string()),  # slug of the community, or null
    ("centrality", pa.float64()),  # PageRank, four digits; 1 is the mean of all articles and concepts
    ("x", pa.float64()),  # position in the layout of the whole graph
    ("y", pa.float64()),
]
ARTICLES_FOUND: Final = pa.schema(
    [
        ("url", pa.string()),  # identity; sort key
        ("path", pa.string()),  # of the file, relative to the articles folder, with forward slashes
        ("sha256", pa.string()),  # of the file's bytes
        ("id", pa.string()),
        ("title", pa.string()),
        ("date", pa.date32()),
        ("authors", pa.list_(pa.string())),
        ("language", pa.string()),  # BCP 47, lower case
        ("subject", pa.string()),  # the commonest spelling of the subject, or null
        ("keywords", pa.list_(pa.string())),  # as written
        ("no_index", pa.bool_()),
        ("parts", pa.list_(PART)),  # name: question, answer, body
    ]
)
ARTICLES: Final = pa.schema(
    [
        *ARTICLES_FOUND,
        *_STRUCTURE,
        ("participation", pa.float64()),  # 0..1, see `kg.graph.participation`; null if no concept has a community
    ]
)
LINKS: Final = pa.schema(
    [
        ("source", pa.string()),  # url; sorted by (source, target)
        ("target", pa.string()),  # url of an article; if it is missing, the url in the link
        ("position", pa.int32()),  # of the link in its article, from 1
        ("status", pa.string()),  # url, id, path, name, missing
        ("target_title", pa.string()),  # title of the target; if it is missing, the title in the link
    ]
)
CONCEPTS_FOUND: Final = pa.schema(
    [
        ("slug", pa.string()),  # identity; sort key
        ("normal_form", pa.string()),
        ("pref_label", pa.string()),
        ("alt_labels", pa.list_(pa.string())),  # sorted, without pref_label
        ("language", pa.string()),
        ("article_count", pa.int32()),
        ("frequency", pa.int32()),  # occurrences over all articles
        ("origins", pa.list_(pa.string())),  # see `kg.base.model.Origin`
        ("matches", pa.list_(MATCH)),  # sorted by IRI, without duplicates
    ]
)
CONCEPTS_DEFINED: Final = pa.schema(
    [
        *CONCEPTS_FOUND,
        ("definition", pa.string()),  # a sentence on one line; null if no article has one
        ("definition_article", pa.string()),  # url of the article that has the sentence
    ]
)
CONCEPTS: Final = pa.schema([*CONCEPTS_DEFINED, *_STRUCTURE])
MENTIONS: Final = pa.schema(
    [
        ("article", pa.string()),  # url; sorted by (article, rank)
        ("rank", pa.int32()),  # 1 is the article's most salient concept
        ("concept", pa.string()),  # slug
        ("salience", pa.float64()),  # 0..1, four digits
        ("frequency", pa.int32()),  # occurrences in the article; 0 for a keyword that does not occur in the text
        ("about", pa.bool_()),  # schema:about as well as schema:mentions
        ("origins", pa.list_(pa.string())),
        ("occurrences", pa.list_(OCCURRENCE)),  # offsets in code points of the part's text, in order
    ]
)
RELATIONS: Final = pa.schema(
    [
        ("source", pa.string()),  # slug; sorted by (source, target); two concepts have at most one relation
        ("target", pa.string()),  # slug of the broader concept, or of the second of two related concepts
        ("kind", pa.string()),  # see `kg.base.model.RelationKind`
        ("origins", pa.list_(pa.string())),  # head, pattern, subsumption, vocabulary; cooccurrence
        ("article_count", pa.int32()),  # articles that mention both
        ("npmi", pa.float64()),  # of related concepts: normalised pointwise mutual information, four digits
        ("article", pa.string()),  # url of the article with the sentence that states a broader relation, or null
        ("part", pa.string()),
        ("start", pa.int32()),  # of that sentence, in code points of the part's text
        ("end", pa.int32()),
    ]
)
COMMUNITIES: Final = pa.schema(
    [
        ("slug", pa.string()),  # identity, the slug of its first concept; sort key
        ("label", pa.string()),
        ("article_count", pa.int32()),
        ("concept_count", pa.int32()),
        ("leading", pa.list_(pa.string())),  # slugs of the concepts that describe it best
    ]
)
SCHEMAS: Final = {
    "articles": ARTICLES,
    "links": LINKS,
    "concepts": CONCEPTS,
    "mentions": MENTIONS,
    "relations": RELATIONS,
    "communities": COMMUNITIES,
}


@dataclass(frozen=True, slots=True)
class Tables:
    """The graph as Arrow tables with the schemas in `SCHEMAS`."""

    articles: pa.Table
    links: pa.Table
    concepts: pa.Table
    mentions: pa.Table
    relations: pa.Table
    communities: pa.Table


def write_tables(tables: Tables, folder: Path) -> None:
    """Write each table to `folder`/NAME.parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        pq.write_table(getattr(tables, name), folder / f"{name}.parquet", compression="zstd")


def read_tables(folder: Path) -> Tables:
    """Read the tables that `write_tables` wrote.

    Raises:
        DataError: if a table is missing, cannot be read or has another schema.
    """
    try:
        read = consistently(folder, lambda: Tables(**{name: _read_table(folder, name) for name in SCHEMAS}))
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{folder}: the tables cannot be read ({error}); build the graph again") from error
    release_memory()  # decoding takes three times the size of the tables
    return read


def share_table(name: str, table: pa.Table, folder: Path) -> None:
    """Write `folder`/NAME.arrow, which several processes map into memory, so that they share one copy."""
    whole = table.combine_chunks()  # so that readers need not combine its columns
    feather.write_feather(whole, folder / f"{name}.arrow", compression="uncompressed", chunksize=max(whole.num_rows, 1))


def share_tables(tables: Tables, folder: Path) -> Tables:
    """Write all tables to a new `folder` with `share_table`, and return them as mapped from there."""
    folder.mkdir()
    for name in SCHEMAS:
        share_table(name, getattr(tables, name), folder)
    return shared_tables(folder)


def shared_tables(folder: Path) -> Tables:
    """Return the tables that were shared in a folder, mapped into memory; tables that were not are empty."""
    found = {name: folder / f"{name}.arrow" for name in SCHEMAS}
    return Tables(
        **{
            name: feather.read_table(path, memory_map=True) if path.exists() else SCHEMAS[name].empty_table()
            for name, path in found.items()
        }
    )


def _read_table(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / f"{name}.parquet", schema=SCHEMAS[name])


def each_row(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, converted in small batches, since an article may be megabytes of text."""
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


def map_unique(column: pa.Array, function: Callable[[Any], str | None]) -> pa.Array:
    """Return the results of `function` for the values of a column, calling it once per distinct value; null stays null.

    The result is a string array of the same length.
    """
    encoded = column.dictionary_encode()
    return pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
