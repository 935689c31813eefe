"""Articles that repeat another one word for word: they stay articles, but prove nothing a second time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.model import PartName

Ints = npt.NDArray[np.int64]


def repeats(articles: pa.Table) -> Ints:
    """The file numbers, sorted, of articles whose text stands word for word in another one with an earlier url.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`.

    The question is not compared: one answer is often filed under two questions. Neither are line breaks; an article
    without text repeats nothing.
    """
    first: set[str] = set()
    found: list[int] = []
    rows = articles.select(["url", "file", "parts"]).sort_by([("url", "ascending"), ("file", "ascending")])
    for batch in rows.to_batches(max_chunksize=256):
        for row in batch.to_pylist():
            parts = (part["text"] for part in row["parts"] or () if part["name"] != PartName.QUESTION.value)
            text = " ".join(" ".join(parts).split())
            if text and text in first:
                found.append(row["file"])
            first.add(text)
    return np.array(sorted(found), np.int64)
