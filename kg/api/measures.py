"""Measures of concepts as data frames: their articles over time, and the articles that they share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
import pandas as pd

from kg.base.errors import UsageError
from kg.base.tables import Tables
from kg.graph.index import GraphIndex
from kg.graph.rows import FocusKind

Period = Literal["year", "month"]

_FREQUENCIES: Final = {"year": "Y", "month": "M"}


def timeline_of(index: GraphIndex, tables: Tables, slug: str, period: Period) -> pd.DataFrame:
    """Return the number and the share of articles that mention a concept, for each year or month.

    Args:
        index: look-ups in `tables`.
        tables: the whole graph.
        slug: the slug of the concept.
        period: the length of a period.

    Returns:
        A data frame with a row for each period from that of the oldest to that of the latest article; see
        `kg.api.graph.Graph.timeline`.

    Raises:
        UsageError: if `period` is neither "year" nor "month".
    """
    if period not in _FREQUENCIES:
        raise UsageError(f'there is no period "{period}"; there are: {", ".join(_FREQUENCIES)}')
    dates = tables.articles["date"].to_pandas(date_as_object=False).set_axis([*index.titles])
    dated = dates.dropna().dt.to_period(_FREQUENCIES[period])
    urls = {row.article for row in index.articles_of(slug)}
    every, mentioning = dated.value_counts(), dated[dated.index.isin(urls)].value_counts()
    periods = pd.period_range(dated.min(), dated.max(), name="period") if len(dated) else every.index.rename("period")
    total, found = (counts.reindex(periods, fill_value=0) for counts in (every, mentioning))
    return pd.DataFrame({"articles": found.astype("int64"), "share": found / total.where(total > 0)})


def cooccurrence_of(index: GraphIndex, names: Iterable[str]) -> pd.DataFrame:
    """Return the numbers of articles that mention both of two concepts; see `kg.api.graph.Graph.cooccurrence`."""
    if isinstance(names, str):
        raise UsageError("give a list of concepts, not one text")
    found = dict.fromkeys(index.resolve(name, {FocusKind.CONCEPT}).key for name in names)
    mentions = index.mentions_by_concept(found)
    column = {url: number for number, url in enumerate(index.titles)}
    incidence = np.zeros((len(found), len(column)), np.float32)  # so that BLAS multiplies; sums below 2**24 are exact
    for row, slug in enumerate(found):
        incidence[row, [column[mention.article] for mention in mentions.get(slug, ())]] = 1
    labels = pd.Index([index.labels[slug] for slug in found], name="concept", dtype="str")
    return pd.DataFrame((incidence @ incidence.T).astype(np.int64), index=labels, columns=labels.rename(None))
