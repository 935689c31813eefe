"""Schemas of the tables in tables/*.parquet, and functions that write them, read them and share them among processes.

Every table is sorted by its first columns. So the tables of equal graphs have equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from kg.base.arrays import AUTHOR_PROFILE
from kg.base.consistent_read import consistently
from kg.base.errors import DataError
from kg.base.memory import release_memory

_BATCH: Final = 256
"""Number of rows of a table that are converted to Python values at a time."""

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
        ("iri", pa.string()),  # IRI of the matching concept in the external vocabulary
        ("kind", pa.string()),  # see `kg.base.model.MatchKind`
        ("label", pa.string()),  # preferred label of that concept
        ("scheme", pa.string()),  # IRI of the vocabulary, or null
    ]
)

# Measures of an article or a concept in the network of all articles and concepts, see `kg.graph.structure`.
_STRUCTURE: Final = [
    ("community", pa.string()),  # slug of the community, or null
    ("centrality", pa.float64()),  # PageRank, four decimals; the mean over all articles and concepts is 1
    ("x", pa.float64()),  # position in the layout of the whole graph
    ("y", pa.float64()),
]
ARTICLES_FOUND: Final = pa.schema(
    [
        ("url", pa.string()),  # identity; sort key
        ("path", pa.string()),  # path of the file, relative to the articles folder, with forward slashes
        ("sha256", pa.string()),  # SHA-256 of the file's bytes
        ("id", pa.string()),
        ("title", pa.string()),
        ("date", pa.date32()),
        ("authors", pa.list_(pa.string())),
        ("author_profiles", pa.list_(AUTHOR_PROFILE)),  # other data in the front matter on authors
        ("language", pa.string()),  # BCP 47, lower case
        ("based_on", pa.string()),  # IRI of the web page that the article is about, or null
        ("subject", pa.string()),  # the commonest spelling of the subject, or null
        ("keywords", pa.list_(pa.string())),  # as the author wrote them
        ("no_index", pa.bool_()),
        ("parts", pa.list_(PART)),  # the name of a part is question, answer or body
        ("word_count", pa.int32()),  # number of words in the texts of all parts, separated by white space
    ]
)
ARTICLES: Final = pa.schema(
    [
        *ARTICLES_FOUND,
        *_STRUCTURE,
        # from 0 to 1, see `kg.graph.participation`; null if no concept of the article is in a community
        ("participation", pa.float64()),
    ]
)
LINKS: Final = pa.schema(
    [
        ("source", pa.string()),  # url of the article that has the link; the table is sorted by (source, target)
        ("target", pa.string()),  # url of the linked article; if that article is missing, the url in the link
        ("position", pa.int32()),  # number of the link among the links of its article, from 1
        ("status", pa.string()),  # see `kg.base.model.LinkStatus`
        ("target_title", pa.string()),  # title of the linked article; if that article is missing, the title in the link
        ("property", pa.string()),  # front-matter field that has the link; null for a link in the text
    ]
)
CONCEPTS_FOUND: Final = pa.schema(
    [
        ("slug", pa.string()),  # identity; sort key
        ("normal_form", pa.string()),
        ("pref_label", pa.string()),
        ("alt_labels", pa.list_(pa.string())),  # sorted, without pref_label
        ("hidden_labels", pa.list_(pa.string())),  # sorted; plurals and case variants of pref_label and alt_labels
        ("language", pa.string()),
        ("article_count", pa.int32()),
        ("frequency", pa.int32()),  # number of occurrences in all articles
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
        ("article", pa.string()),  # url; the table is sorted by (article, rank)
        ("rank", pa.int32()),  # 1 is the article's most salient concept
        ("concept", pa.string()),  # slug
        ("salience", pa.float64()),  # from 0 to 1, four decimals
        ("frequency", pa.int32()),  # number of occurrences in the article; 0 for a keyword that is not in its text
        ("about", pa.bool_()),  # whether the graph has schema:about in addition to schema:mentions
        ("origins", pa.list_(pa.string())),
        ("occurrences", pa.list_(OCCURRENCE)),  # in order; the offsets count code points of the part's text
    ]
)
RELATIONS: Final = pa.schema(
    [
        # Two concepts have at most one relation. The table is sorted by (source, target).
        ("source", pa.string()),  # slug of the narrower concept, or of the first of two related concepts
        ("target", pa.string()),  # slug of the broader concept, or of the second of two related concepts
        ("kind", pa.string()),  # see `kg.base.model.RelationKind`
        ("origins", pa.list_(pa.string())),  # broader: head, pattern, subsumption, vocabulary; related: cooccurrence
        ("article_count", pa.int32()),  # number of articles that mention both concepts
        ("npmi", pa.float64()),  # for related concepts: normalised pointwise mutual information, four decimals
        ("article", pa.string()),  # url of the article with the sentence that states a broader relation, or null
        ("part", pa.string()),  # name of the part of the article with that sentence
        ("start", pa.int32()),  # start of that sentence, in code points of the part's text
        ("end", pa.int32()),  # end of that sentence, in code points of the part's text
    ]
)
COMMUNITIES: Final = pa.schema(
    [
        ("slug", pa.string()),  # identity, the slug of its first concept; sort key
        ("label", pa.string()),
        ("article_count", pa.int32()),
        ("concept_count", pa.int32()),
        ("leading", pa.list_(pa.string())),  # slugs of the concepts that describe the community best
    ]
)
SIMILAR: Final = pa.schema(
    [
        # At most ten rows for each article; see `kg.graph.similar`. The table is sorted by (source, rank).
        ("source", pa.string()),  # url of the article
        ("rank", pa.int32()),  # 1 is the article that is most like the source
        ("target", pa.string()),  # url of the similar article
        ("score", pa.float64()),  # from 0 to 1, four decimals; higher ranks have higher scores
        ("similarity", pa.float64()),  # cosine of the content, from 0 to 1, six decimals
        ("concepts", pa.list_(pa.string())),  # slugs of the shared concepts that contribute most, at most five
    ]
)
SCHEMAS: Final = {
    "articles": ARTICLES,
    "links": LINKS,
    "concepts": CONCEPTS,
    "mentions": MENTIONS,
    "relations": RELATIONS,
    "communities": COMMUNITIES,
    "similar": SIMILAR,
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
    similar: pa.Table


def write_tables(tables: Tables, folder: Path) -> None:
    """Write each table to a file in `folder`, such as articles.parquet."""
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
    release_memory()  # while they are decoded, the tables take three times their own size
    return read


def share_table(name: str, table: pa.Table, folder: Path) -> None:
    """Write `table` to the file NAME.arrow in `folder`, where NAME is `name`.

    Processes that map this file into memory share one copy of the table.
    """
    whole = table.combine_chunks()  # so that readers need not combine the chunks of each column
    feather.write_feather(whole, folder / f"{name}.arrow", compression="uncompressed", chunksize=max(whole.num_rows, 1))


def share_tables(tables: Tables, folder: Path) -> Tables:
    """Create `folder`, write all tables into it with `share_table`, and return the tables mapped into memory."""
    folder.mkdir()
    for name in SCHEMAS:
        share_table(name, getattr(tables, name), folder)
    return shared_tables(folder)


def shared_tables(folder: Path) -> Tables:
    """Return the tables that `share_table` has written to a folder, mapped into memory.

    Tables that were not written are empty.
    """
    found = {name: folder / f"{name}.arrow" for name in SCHEMAS}
    return Tables(
        **{
            name: feather.read_table(path, memory_map=True) if path.exists() else SCHEMAS[name].empty_table()
            for name, path in found.items()
        }
    )


def _read_table(folder: Path, name: str) -> pa.Table:
    # The path is absolute, since Arrow takes a relative path that begins with "~" for one in the home folder.
    return pq.read_table((folder / f"{name}.parquet").absolute(), schema=SCHEMAS[name])


def each_row(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as dictionaries.

    Only a few rows are converted at a time, since one article may have megabytes of text.
    """
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


def map_unique(column: pa.Array, function: Callable[[Any], str | None]) -> pa.Array:
    """Apply `function` to the values of a column, and return the results as a string array of the same length.

    The function is called once for each distinct value. A null in the column gives a null.
    """
    encoded = column.dictionary_encode()
    return pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
