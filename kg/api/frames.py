"""The tables of a build as pandas DataFrames."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pyarrow as pa

from kg.base.model import PartName
from kg.base.tables import Tables

_ARTICLE_COLUMNS: Final = [
    *("title", "subject", "date", "authors", "language", "keywords", "community", "centrality", "participation"),
    *("x", "y", "id", "path", "based_on", "no_index"),
]
_CONCEPT_COLUMNS: Final = [
    *("pref_label", "alt_labels", "definition", "definition_article"),
    *("language", "article_count", "frequency", "origins"),
    *("community", "centrality", "x", "y"),
]
_CATEGORIES: Final = {"subject", "community", "language", "status", "kind"}


def articles_frame(tables: Tables) -> pd.DataFrame:
    """Return the articles, indexed by url. The columns question, answer and body have the texts of these parts."""
    frame = _frame(tables.articles, _ARTICLE_COLUMNS).set_index(_index(tables.articles, "url"))
    parts = [{part["name"]: part["text"] for part in row} for row in tables.articles["parts"].to_pylist()]
    for name in PartName:
        frame[name.value] = pd.array([part.get(name) for part in parts], dtype="str")
    return frame


def concepts_frame(tables: Tables) -> pd.DataFrame:
    """Return the concepts, indexed by slug."""
    return _frame(tables.concepts, _CONCEPT_COLUMNS).set_index(_index(tables.concepts, "slug"))


def mentions_frame(tables: Tables) -> pd.DataFrame:
    """Return the mentions of concepts in articles.

    The column article has the url, the column concept the slug. For each article, the most salient concept comes first.
    """
    return _frame(tables.mentions, tables.mentions.column_names)


def relations_frame(tables: Tables) -> pd.DataFrame:
    """Return the relations of concepts.

    The columns source and target have the slugs of two concepts. If the kind is broader, the target is the broader one.
    """
    return _frame(tables.relations, tables.relations.column_names)


def links_frame(tables: Tables) -> pd.DataFrame:
    """Return the links between articles.

    The columns source and target have urls. If the target does not exist, the status is "missing".
    """
    return _frame(tables.links, tables.links.column_names)


def communities_frame(tables: Tables) -> pd.DataFrame:
    """Return the communities, indexed by slug; the one with the most articles comes first."""
    frame = _frame(tables.communities, ["label", "article_count", "concept_count", "leading"])
    frame = frame.set_index(_index(tables.communities, "slug"))
    return frame.sort_values("article_count", ascending=False, kind="stable")


def _frame(table: pa.Table, columns: list[str]) -> pd.DataFrame:
    """Return these columns as a frame.

    Dates have the type datetime64. Columns with few different values have the type category.
    """
    return pd.DataFrame({name: _column(table[name], category=name in _CATEGORIES) for name in columns})


def _column(column: pa.ChunkedArray, *, category: bool) -> pd.Series:
    if pa.types.is_list(column.type):
        return pd.Series(column.to_pylist(), dtype="object")
    series: pd.Series = column.to_pandas(date_as_object=False)
    return series.astype("category") if category else series


def _index(table: pa.Table, name: str) -> pd.Index:
    return pd.Index(table[name].to_pylist(), name=name, dtype="str")
