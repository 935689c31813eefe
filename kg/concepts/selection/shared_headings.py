"""Find the headings and labels that many articles share, such as "See also" in a manual, or "Category: ..." in notes.

Such a heading or label names a section or a field of an article, and not the article's topic.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kg.base.arrays import Bools
from kg.concepts.terms.candidate_store import Candidates

MIN_ARTICLES: Final = 5
"""Minimum number of articles that have a shared heading."""
MIN_SHARE_OF_ARTICLES: Final = 0.05
"""Minimum share of articles with a shared heading or label, among all articles that have headings or labels."""
MIN_SHARE_OF_OCCURRENCES: Final = 0.4
"""Minimum share of the occurrences of a term that are whole headings or labels.

If a term is also frequent elsewhere in the text, its articles may well be about it.
"""


def shared_headings(candidates: Candidates) -> Bools:
    """Return a mask over the terms: whether the term is a heading or a label that many articles share.

    Articles that repeat another article are not counted.

    Args:
        candidates: the candidates of the whole corpus.
    """
    size = len(candidates.terms)
    articles, frequency, whole = np.zeros(size), np.zeros(size), np.zeros(size)
    with_headings: set[int] = set()
    for number in candidates.parts:
        part = candidates.part(number, ["frequency", "heading", "section_name"])
        term, headings = part.term[part.counted], part.column("section_name")[part.counted]
        articles += np.bincount(term, weights=headings > 0, minlength=size)
        frequency += np.bincount(term, weights=part.column("frequency")[part.counted], minlength=size)
        whole += np.bincount(term, weights=headings, minlength=size)
        has_heading = (part.column("heading") > 0) | (part.column("section_name") > 0)
        with_headings.update(part.file[part.counted & has_heading].tolist())
    needed = max(MIN_ARTICLES, MIN_SHARE_OF_ARTICLES * len(with_headings))
    found: Bools = (articles >= needed) & (whole >= MIN_SHARE_OF_OCCURRENCES * frequency)
    return found
