"""Conversion of the tables of a build into pandas data frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa

from kg.base.memory import gc_paused
from kg.base.model import PartName
from kg.base.tables import Tables
from kg.query.related import SimilarArticle
from kg.query.search.values import Answer
from kg.query.suggest import Suggestion

_ARTICLE_COLUMNS: Final = [
    *("title", "subject", "date", "authors", "language", "keywords", "community", "centrality", "participation"),
    *("x", "y", "id", "path", "based_on", "no_index", "word_count"),
]
_CONCEPT_COLUMNS: Final = [
    *("pref_label", "alt_labels", "hidden_labels", "definition", "definition_article"),
    *("language", "article_count", "frequency", "origins"),
    *("community", "centrality", "x", "y"),
]
_CATEGORIES: Final = {"subject", "community", "language", "status", "kind"}


def articles_frame(tables: Tables) -> pd.DataFrame:
    """Return the articles as a data frame, indexed by url.

    The columns question, answer and body have the texts of these parts of the articles.
    """
    frame = _frame(tables.articles, _ARTICLE_COLUMNS).set_index(_index(tables.articles, "url"))
    parts = [{part["name"]: part["text"] for part in row} for row in tables.articles["parts"].to_pylist()]
    for name in PartName:
        frame[name.value] = pd.array([part.get(name) for part in parts], dtype="str")
    return frame


def concepts_frame(tables: Tables) -> pd.DataFrame:
    """Return the concepts as a data frame, indexed by slug."""
    return _frame(tables.concepts, _CONCEPT_COLUMNS).set_index(_index(tables.concepts, "slug"))


def mentions_frame(tables: Tables) -> pd.DataFrame:
    """Return the mentions of concepts in articles as a data frame.

    The column article has the url of the article, and the column concept has the slug of the concept. The rows of each
    article are together, with the most salient concept first.
    """
    return _frame(tables.mentions, tables.mentions.column_names)


def relations_frame(tables: Tables) -> pd.DataFrame:
    """Return the relations between concepts as a data frame.

    The columns source and target have the slugs of the two concepts. If the column kind is "broader", the target is the
    broader concept.
    """
    return _frame(tables.relations, tables.relations.column_names)


def links_frame(tables: Tables) -> pd.DataFrame:
    """Return the links between articles as a data frame.

    The columns source and target have the urls of the linking and of the linked article. If the linked article does not
    exist, the column status is "missing".
    """
    return _frame(tables.links, tables.links.column_names)


def communities_frame(tables: Tables) -> pd.DataFrame:
    """Return the communities as a data frame, indexed by slug; the community with the most articles comes first."""
    frame = _frame(tables.communities, ["label", "article_count", "concept_count", "leading"])
    frame = frame.set_index(_index(tables.communities, "slug"))
    return frame.sort_values("article_count", ascending=False, kind="stable")


def similar_frame(found: Sequence[SimilarArticle]) -> pd.DataFrame:
    """Return the similar articles of an article as a data frame, indexed by rank."""
    rows = [(one.rank, one.article.key, one.article.label, one.score, [*one.concepts], one.is_linked) for one in found]
    return pd.DataFrame(rows, columns=["rank", "url", "title", "score", "concepts", "linked"]).set_index("rank")


def suggested_links_frame(found: Sequence[Suggestion]) -> pd.DataFrame:
    """Return suggested links as a data frame; see `kg.api.graph.Graph.suggest_links`."""
    rows = [
        (one.node.key, one.other.key, one.node.label, one.other.label, one.score, [*one.concepts])
        for one in found
        if one.other is not None
    ]
    return pd.DataFrame(rows, columns=["source", "target", "source_title", "target_title", "score", "concepts"])


def hits_frame(answer: Answer) -> pd.DataFrame:
    """Return the hits of a search as a data frame, best first.

    The attribute `attrs` of the frame has the key "corrections": the words that were searched instead of others.
    """
    columns: dict[str, list[str]] = {
        "kind": [hit.kind.value for hit in answer.hits],
        "label": [hit.label for hit in answer.hits],
        "key": [hit.key for hit in answer.hits],
    }
    frame = pd.DataFrame(columns, dtype="str")
    frame["score"] = pd.array([hit.score for hit in answer.hits], dtype="float64")
    frame["sentence"] = pd.array([hit.sentence for hit in answer.hits], dtype="str")
    frame.attrs["corrections"] = dict(answer.corrections)
    return frame


def _frame(table: pa.Table, columns: list[str]) -> pd.DataFrame:
    """Return some columns of a table as a data frame.

    Dates have the type datetime64. The columns in `_CATEGORIES`, which have few different values, have the type
    category.
    """
    with gc_paused():
        return pd.DataFrame({name: _column(table[name], category=name in _CATEGORIES) for name in columns})


def _column(column: pa.ChunkedArray, *, category: bool) -> pd.Series:
    if pa.types.is_list(column.type):
        return pd.Series(column.to_pylist(), dtype="object")
    series: pd.Series = column.to_pandas(date_as_object=False)
    return series.astype("category") if category else series


def _index(table: pa.Table, name: str) -> pd.Index:
    return pd.Index(table[name].to_pylist(), name=name, dtype="str")
