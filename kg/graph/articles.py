"""The table of articles, and the errors about articles that have the same url."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from kg.base.iris import slug, url_path
from kg.base.model import Problem, Severity
from kg.base.tables import ARTICLES_FOUND
from kg.read.folder_problems import DUPLICATE


def duplicate_urls(articles: Iterable[tuple[str, str, int]]) -> list[Problem]:
    """Return an error for every article that has the same url as an earlier article.

    Args:
        articles: for each article its url, its path, and the line of its url field, in the order of the files.
    """
    owners: dict[str, str] = {}
    problems: list[Problem] = []
    for url, path, line in articles:
        owner = owners.setdefault(url_path(url), path)
        if owner != path:
            message = f'the url "{url}" is already used by {owner}; this file is skipped'
            problems.append(Problem(Severity.ERROR, DUPLICATE, path, line, "url", message))
    return problems


def article_table(articles: pa.Table) -> pa.Table:
    """Return the articles as a table with the schema `kg.base.tables.ARTICLES_FOUND`, sorted by url.

    If a subject is spelled in several ways, all its articles get the most frequent spelling.

    Args:
        articles: rows of `kg.annotate.rows.ARTICLES`.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    subjects: list[str | None] = articles["subject"].to_pylist()
    for subject in subjects:
        if subject:
            spellings[slug(subject)][subject] += 1
    best = {key: min(found, key=lambda label: (-found[label], label)) for key, found in spellings.items()}
    labels = pa.array([best[slug(subject)] if subject else None for subject in subjects], pa.string())
    table = articles.set_column(articles.schema.get_field_index("subject"), "subject", labels)
    return table.select(ARTICLES_FOUND.names).cast(ARTICLES_FOUND).take(pc.sort_indices(table["url"]))
