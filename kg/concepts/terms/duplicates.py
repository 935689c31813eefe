"""Articles that repeat another one word for word: they stay articles, but prove nothing a second time."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa

from kg.base.arrays import Ints
from kg.base.model import PartName

_FIRST: Final = 12
"""Words of a text that hardly any two articles have in common."""


def repeats(articles: pa.Table) -> Ints:
    """The file numbers, sorted, of articles whose text stands word for word in another one with an earlier url.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`.

    The question is not compared: one answer is often filed under two questions. Neither are line breaks; an article
    without text repeats nothing.
    """
    rows = articles.select(["url", "file", "parts"]).sort_by([("url", "ascending"), ("file", "ascending")])
    texts: list[str] = []
    for batch in rows.to_batches(max_chunksize=256):
        for parts in batch["parts"].to_pylist():
            texts.append(" ".join(part["text"] for part in parts or () if part["name"] != PartName.QUESTION.value))
    beginnings = [tuple(text.split(maxsplit=_FIRST)[:_FIRST]) for text in texts]
    alike = Counter(beginnings)
    seen: set[str] = set()
    found: list[int] = []
    for file, text, beginning in zip(rows["file"].to_pylist(), texts, beginnings, strict=True):
        if beginning and alike[beginning] > 1:  # few have to be compared
            words = " ".join(text.split())
            if words in seen:
                found.append(file)
            seen.add(words)
    return np.array(sorted(found), np.int64)
