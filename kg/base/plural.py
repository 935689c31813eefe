"""Formatting of a number with its noun, for messages."""

from __future__ import annotations


def counted(number: int, name: str) -> str:
    """Return a number with its noun in the singular or plural.

    >>> counted(1, "article"), counted(2000, "article")
    ('1 article', '2,000 articles')
    """
    return f"{number:,} {name}{'' if number == 1 else 's'}"
