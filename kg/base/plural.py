"""Words that several parts of the program say in the same way."""

from __future__ import annotations


def counted(number: int, name: str) -> str:
    """A number with its noun.

    >>> counted(1, "article"), counted(2000, "article")
    ('1 article', '2,000 articles')
    """
    return f"{number:,} {name}{'' if number == 1 else 's'}"
