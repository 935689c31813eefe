"""The schemas of tables/*.parquet and how they are written and read.

Every table is sorted by its first columns, so that the same graph is the same bytes.
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
        ("iri", pa.string()),  # of a concept of an external vocabulary
        ("kind", pa.string()),  # see `kg.base.model.MatchKind`
        ("label", pa.string()),  # its preferred one
        ("scheme", pa.string()),  # IRI of the vocabulary, or null
    ]
)

# What the network says of an article or a concept, see `kg.graph.structure`.
_STRUCTURE: Final = [
    ("community", pa.string()),  # its slug; null where it is in none
    ("centrality", pa.float64()),  # PageRank, four digits; 1 is the mean of all articles and concepts
    ("x", pa.float64()),  # where the layout of the whole graph puts it
    ("y", pa.float64()),
]
ARTICLES_FOUND: Final = pa.schema(
    [
        ("url", pa.string()),  # identity; sorted by it
        ("path", pa.string()),  # of the file, relative to the articles folder, with forward slashes
        ("sha256", pa.string()),  # of the file's bytes
        ("id", pa.string()),
        ("title", pa.string()),
        ("date", pa.date32()),
        ("authors", pa.list_(pa.string())),
        ("language", pa.string()),  # BCP 47, lower case
        ("subject", pa.string()),  # the commonest spelling; null where an article has none
        ("keywords", pa.list_(pa.string())),  # as written
        ("no_index", pa.bool_()),
        ("parts", pa.list_(PART)),  # name: question, answer, body
    ]
)
ARTICLES: Final = pa.schema(
    [
        *ARTICLES_FOUND,
        *_STRUCTURE,
        ("participation", pa.float64()),  # 0..1, see `kg.graph.participation`; null where no concept has a community
    ]
)
LINKS: Final = pa.schema(
    [
        ("source", pa.string()),  # url; sorted by (source, target)
        ("target", pa.string()),  # url of an article, or, where missing, the url that the link gave
        ("position", pa.int32()),  # of the link in its article, from 1
        ("status", pa.string()),  # url, id, path, name, missing
        ("target_title", pa.string()),  # the target's title; where missing, the one that the links gave
    ]
)
CONCEPTS_FOUND: Final = pa.schema(
    [
        ("slug", pa.string()),  # identity; sorted by it
        ("normal_form", pa.string()),
        ("pref_label", pa.string()),
        ("alt_labels", pa.list_(pa.string())),  # sorted, without pref_label
        ("language", pa.string()),
        ("article_count", pa.int32()),
        ("frequency", pa.int32()),  # occurrences over all articles
        ("origins", pa.list_(pa.string())),  # see `kg.base.model.Origin`
        ("matches", pa.list_(MATCH)),  # sorted by IRI, each IRI once
    ]
)
CONCEPTS_DEFINED: Final = pa.schema(
    [
        *CONCEPTS_FOUND,
        ("definition", pa.string()),  # a sentence in one line; null where no article has one
        ("definition_article", pa.string()),  # url of the article that it is from
    ]
)
CONCEPTS: Final = pa.schema([*CONCEPTS_DEFINED, *_STRUCTURE])
MENTIONS: Final = pa.schema(
    [
        ("article", pa.string()),  # url; sorted by (article, rank)
        ("rank", pa.int32()),  # 1 is the article's most salient concept
        ("concept", pa.string()),  # slug
        ("salience", pa.float64()),  # 0..1, four digits
        ("frequency", pa.int32()),  # occurrences in the article; 0: a keyword whose words do not stand in the text
        ("about", pa.bool_()),  # schema:about as well as schema:mentions
        ("origins", pa.list_(pa.string())),
        ("occurrences", pa.list_(OCCURRENCE)),  # code points into the part's text, in order
    ]
)
RELATIONS: Final = pa.schema(
    [
        ("source", pa.string()),  # slug; sorted by (source, target), and no two concepts have two relations
        ("target", pa.string()),  # slug; the broader one, or of two related ones the second
        ("kind", pa.string()),  # see `kg.base.model.RelationKind`
        ("origins", pa.list_(pa.string())),  # head, pattern, subsumption, vocabulary; cooccurrence
        ("article_count", pa.int32()),  # articles that mention both
        ("npmi", pa.float64()),  # of related ones: normalised pointwise mutual information, four digits
        ("article", pa.string()),  # url of the article whose sentence says that one is a kind of the other, or null
        ("part", pa.string()),
        ("start", pa.int32()),  # of that sentence, in code points of the part's text
        ("end", pa.int32()),
    ]
)
COMMUNITIES: Final = pa.schema(
    [
        ("slug", pa.string()),  # identity, that of its first concept; sorted by it
        ("label", pa.string()),
        ("article_count", pa.int32()),
        ("concept_count", pa.int32()),
        ("leading", pa.list_(pa.string())),  # slugs of the concepts that say best what it is about
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
    """The graph as Arrow tables, with the schemas above."""

    articles: pa.Table
    links: pa.Table
    concepts: pa.Table
    mentions: pa.Table
    relations: pa.Table
    communities: pa.Table


def write_tables(tables: Tables, folder: Path) -> None:
    """Write `folder`/NAME.parquet for each table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        pq.write_table(getattr(tables, name), folder / f"{name}.parquet", compression="zstd")


def read_tables(folder: Path) -> Tables:
    """Read what `write_tables` wrote.

    Raises:
        DataError: if a table is missing or is not one of ours.
    """
    try:
        read = consistently(folder, lambda: Tables(**{name: _read_table(folder, name) for name in SCHEMAS}))
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{folder}: the tables cannot be read ({error}); build the graph again") from error
    release_memory()  # what decoding took is three times the tables
    return read


def share_table(name: str, table: pa.Table, folder: Path) -> None:
    """Write `folder`/NAME.arrow, which processes map into memory: what several of them have takes room only once."""
    whole = table.combine_chunks()  # so that its columns need not be put together by all who read it
    feather.write_feather(whole, folder / f"{name}.arrow", compression="uncompressed", chunksize=max(whole.num_rows, 1))


def share_tables(tables: Tables, folder: Path) -> Tables:
    """Have `share_table` write all tables into a new `folder`, and give the same tables as they are shared there."""
    folder.mkdir()
    for name in SCHEMAS:
        share_table(name, getattr(tables, name), folder)
    return shared_tables(folder)


def shared_tables(folder: Path) -> Tables:
    """The tables that were shared in a folder; those that were not have no rows."""
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
    """The rows of a table, of which few are Python objects at one time; an article may be megabytes of text."""
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


def map_unique(column: pa.Array, function: Callable[[Any], str | None]) -> pa.Array:
    """What `function` makes of each value of a column, asked once for each of those that differ; of null it is null."""
    encoded = column.dictionary_encode()
    return pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
