"""The steps of a build that lead from the rows of the articles to the tables of the graph.

Each step is a function that takes values and returns values. `kg.pipeline.build` calls the steps in order.
`kg.pipeline.resources` decides which other work runs at the same time, and when memory is released.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.collect import Rows, read_rows
from kg.annotate.extract.token_model import TokenModel, load_token_model
from kg.annotate.nlp.package import pipeline_identity, pipeline_language
from kg.base.model import Problem, Severity
from kg.base.tables import Tables, each_row
from kg.concepts.linking.mapping_report import ambiguous_labels
from kg.concepts.linking.skos_mapping import stated_broader
from kg.concepts.ranking.ranker import Ranker, load_ranker
from kg.concepts.relations.relate import relate
from kg.concepts.selection.select import select
from kg.concepts.terms.corpus import Corpus, added_up
from kg.concepts.terms.curate import unused_entries
from kg.graph.articles import article_table, duplicate_urls
from kg.graph.link_table import resolve_links
from kg.graph.similar import similar_articles
from kg.graph.structure import with_structure
from kg.pipeline.plan import Plan
from kg.read.files import exists_below, find_articles
from kg.read.folder_problems import language_problems, reasons_left_out


class Policy(Protocol):
    """Methods that the steps call at certain points, and that change no result; see `kg.pipeline.resources`."""

    def share(self, articles: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Receive the tables of articles and mentions once they are final, and return tables with equal contents."""
        ...

    def release(self) -> None:
        """Clean up after a step that has freed much memory."""
        ...


@dataclass(frozen=True, slots=True)
class Models:
    """The models that a plan names.

    `tokens` tells how likely it is that a token is part of a keyword. `ranker` tells how likely it is that a candidate
    term is a concept.
    """

    tokens: TokenModel
    ranker: Ranker


@dataclass(frozen=True, slots=True)
class Found:
    """The paths of the articles of a folder, and problems with files that could not be used as articles."""

    files: list[str]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The concepts chosen for a corpus.

    Attributes:
        rows: a table with the schema `kg.annotate.rows.ARTICLES`, but without texts; it has one row for each url.
        articles: a table with the schema `kg.base.tables.ARTICLES_FOUND`.
        concepts: a table with the schema `kg.base.tables.CONCEPTS_FOUND`.
        mentions: a table with the schema `kg.base.tables.MENTIONS`.
        words: a table with the schema `kg.annotate.rows.WORDS`; its counts are sums over all articles.
        repeated: urls of the articles that repeat another article word for word.
        problems: a problem for each article that was left out, and for each entry of kg.toml that matches nothing.
    """

    rows: pa.Table
    articles: pa.Table
    concepts: pa.Table
    mentions: pa.Table
    words: pa.Table
    repeated: list[str]
    problems: list[Problem]


def find_files(plan: Plan) -> Found:
    """Find the articles in the articles folder of the plan."""
    return Found(*find_articles(plan.root, plan.settings.read, skip=plan.target))


def load_models(plan: Plan) -> Models:
    """Load the models that the plan names.

    Raises:
        UsageError: a model is missing or damaged, or was trained with another pipeline or another version of kg.
    """
    tokens = load_token_model(plan.model, pipeline_identity(plan.settings.annotate.pipeline))
    return Models(tokens, load_ranker(plan.model))


def make_tables(
    plan: Plan, found: Found, rows: Sequence[Rows], ranker: Ranker, folder: Path, policy: Policy
) -> tuple[Tables, list[Problem]]:
    """Make the tables of the graph from the rows of all articles.

    Args:
        plan: the plan of the build.
        found: the files of the folder.
        rows: the rows of all batches of articles.
        ranker: the model that tells how likely a candidate is a concept.
        folder: a folder for temporary files.
        policy: its methods are called when the tables of articles and mentions are final, and when memory has become
            free.

    Returns:
        The tables, and the problems found.
    """
    chosen = choose_concepts(plan, rows, ranker, folder, policy)
    policy.release()
    concepts, relations = relate_concepts(plan, rows, chosen)
    links, dangling = resolve_article_links(plan, found, rows, chosen)
    similar = similar_articles(chosen.articles, concepts, chosen.mentions)
    tables = with_structure(chosen.articles, links, concepts, chosen.mentions, relations, similar)
    problems = [
        *reading_problems(rows),
        *chosen.problems,
        *dangling,
        *language_problems(chosen.rows["language"].to_pylist(), pipeline_language(plan.settings.annotate.pipeline)),
        *ambiguous_labels(plan.lexicon, concepts),
    ]
    return tables, problems


def choose_concepts(plan: Plan, rows: Sequence[Rows], ranker: Ranker, folder: Path, policy: Policy) -> Chosen:
    """Choose the concepts of each article, and the labels of the concepts; for the arguments see `make_tables`."""
    corpus, duplicates = gather_corpus(rows)
    selection = select(corpus, plan.settings.concepts, ranker, plan.lexicon, folder)
    articles, mentions = policy.share(article_table(corpus.articles), selection.mentions())
    policy.release()
    concepts = selection.concepts()
    unused = unused_entries(plan.curation, corpus, concepts)
    without_texts = corpus.articles.drop_columns(["parts"])
    is_repeated = pc.is_in(without_texts["file"], pa.array(corpus.repeated, pa.int32()))
    return Chosen(
        rows=without_texts,
        articles=articles,
        concepts=concepts,
        mentions=mentions,
        words=corpus.words,
        repeated=without_texts.filter(is_repeated)["url"].to_pylist(),
        problems=[*duplicates, *unused],
    )


def gather_corpus(rows: Sequence[Rows]) -> tuple[Corpus, list[Problem]]:
    """Return the corpus, which has the rows of all articles, and a list of problems.

    If several articles have the same url, only the first one is kept. The list has a problem for each article that is
    left out.
    """
    articles = read_rows(rows, "articles")
    duplicates = duplicate_urls(zip(*(articles[name].to_pylist() for name in ("url", "path", "line")), strict=True))
    files = None
    if duplicates:
        left_out = pa.array([problem.file for problem in duplicates], pa.string())
        articles = articles.filter(pc.invert(pc.is_in(articles["path"], left_out)))
        files = articles["file"].combine_chunks()
    corpus = Corpus(
        articles=articles,
        read_candidates=partial(_batches, rows, "candidates", files),
        read_forms=partial(_batches, rows, "forms", None),
        words=added_up(read_rows(rows, "words")),
        acronyms=read_rows(rows, "acronyms"),
    )
    return corpus, duplicates


def relate_concepts(plan: Plan, rows: Sequence[Rows], chosen: Chosen) -> tuple[pa.Table, pa.Table]:
    """Find the broader and related concepts of each concept, and its definition.

    Returns:
        Two tables, with the schemas `kg.base.tables.CONCEPTS_DEFINED` and `kg.base.tables.RELATIONS`.
    """
    return relate(
        chosen.concepts,
        chosen.mentions,
        chosen.rows,
        texts=chosen.articles,
        kinds=read_rows(rows, "kinds"),
        sentences=read_rows(rows, "definitions"),
        words=chosen.words,
        without=chosen.repeated,
        stated=stated_broader(plan.lexicon, chosen.concepts),
    )


def resolve_article_links(
    plan: Plan, found: Found, rows: Sequence[Rows], chosen: Chosen
) -> tuple[pa.Table, list[Problem]]:
    """Find the target of each link from an article to another article.

    Returns:
        A table with the schema `kg.base.tables.LINKS`, and a problem for each link whose target was not found.
    """
    not_read = [*found.problems, *reading_problems(rows), *chosen.problems]
    return resolve_links(
        each_row(chosen.rows.select(["file", "url", "id", "title", "subject", "path", "aliases", "names"])),
        each_row(read_rows(rows, "links")),
        plan.settings.read,
        exists=exists_below(plan.root),
        left_out=reasons_left_out(not_read, chosen.rows["path"].to_pylist()),
    )


def reading_problems(rows: Sequence[Rows]) -> list[Problem]:
    """Return the problems that were found when the single files were read."""
    found = read_rows(rows, "problems").to_pylist()
    return [Problem(**{**row, "severity": Severity(row["severity"])}) for row in found]


def _batches(rows: Sequence[Rows], name: str, files: pa.Array | None, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield an empty table, then one table for each batch of articles. Each table has the given columns.

    `name` tells which table of the batch is read, for example "forms"; it is a key of `kg.annotate.rows.SCHEMAS`. If
    `files` is not None, only rows whose file number is in `files` are included.
    """
    yield read_rows([], name, columns).select(columns)
    for part in rows:
        if files is None:
            yield read_rows([part], name, columns).select(columns)
        else:
            found = read_rows([part], name, ["file", *columns])
            yield found.filter(pc.is_in(found["file"], files)).select(columns)
