"""Access to a build in Python, which begins with `kg.open("exports/demo")`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Final, Literal

import networkx as nx
import pandas as pd
import rdflib
from rdflib import Dataset

from kg.api.answers import frame_or_graph
from kg.api.cards import Article, Concept, Mention, block
from kg.api.frames import (
    articles_frame,
    communities_frame,
    concepts_frame,
    hits_frame,
    links_frame,
    mentions_frame,
    relations_frame,
    similar_frame,
    suggested_links_frame,
)
from kg.api.measures import Period, cooccurrence_of, timeline_of
from kg.api.networks import Layer, Weights, kinds_in, network_of
from kg.api.pictures import Neighbourhood
from kg.api.rdflib_dataset import loaded_dataset, stored_dataset
from kg.api.subgraphs import iris_in, tables_of_community, tables_of_nodes, tables_of_subject
from kg.base.errors import UsageError, check_at_least_one
from kg.base.iris import Minter
from kg.base.report import Report, read_report
from kg.base.tables import Tables, read_tables
from kg.export.property_graph.attributes import edges, nodes
from kg.graph.index import GraphIndex
from kg.graph.neighbourhood import MAX_NODES, neighbourhood
from kg.graph.rows import FocusKind
from kg.graph.similar import MOST
from kg.query.explain import LIMIT, explain, paths
from kg.query.explain.values import Explanation, Paths
from kg.query.limits import MAX_ROWS, TIMEOUT
from kg.query.named import load_query, run_named
from kg.query.process import QueryRunner
from kg.query.related import related_articles
from kg.query.search import KINDS, SearchIndex
from kg.query.search import LIMIT as HITS
from kg.query.suggest import suggest_links

_QUERY_NAME: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")


def open_graph(out: str | Path) -> Graph:
    """Open the build in the folder `out`, which `kg.build` or `kg build` has made.

    Raises:
        DataError: if the folder is not a build by kg, or cannot be read.
    """
    folder = Path(out)
    return Graph(folder, read_report(folder), read_tables(folder / "tables"))


class Graph:
    """A build that is open for reading.

    It offers data frames, the graph in networkx and rdflib, SPARQL queries, searches, explanations, paths, and pictures
    of parts of the graph. The data frames are cached. If you change a data frame, this has no effect on the results of
    other methods.
    """

    def __init__(self, out: Path, report: Report, tables: Tables) -> None:
        self.out = out
        self.report = report
        self._tables = tables
        self._minter = Minter(report.configuration["base"])
        self._index = GraphIndex(tables, self._minter)

    def __repr__(self) -> str:
        counts = ", ".join(f"{number:,} {what}" for what, number in self._counts().items())
        return f"<Graph {self.report.title!r}: {counts}>"

    def __str__(self) -> str:
        return block("Graph", self.report.title, [(what, f"{number:,}") for what, number in self._counts().items()])

    def _repr_html_(self) -> str:
        cells = "".join(f"<tr><td>{what}</td><td>{number:,}</td></tr>" for what, number in self._counts().items())
        title = f'<caption style="white-space:nowrap"><b><bdi>{escape(self.report.title)}</bdi></b></caption>'
        return f"<table>{title}{cells}</table>"

    def _counts(self) -> dict[str, int]:
        names = ("articles", "concepts", "mentions", "relations", "links", "communities")
        return {name: getattr(self._tables, name).num_rows for name in names}

    @cached_property
    def articles(self) -> pd.DataFrame:
        """The articles, indexed by url.

        The columns question, answer and body have the texts of these parts of the articles.
        """
        return articles_frame(self._tables)

    @cached_property
    def concepts(self) -> pd.DataFrame:
        """The concepts, indexed by slug."""
        return concepts_frame(self._tables)

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """The mentions of concepts in articles.

        The column article has the url of the article, and the column concept has the slug of the concept. The rows of
        each article are together, with the most salient concept first.
        """
        return mentions_frame(self._tables)

    @cached_property
    def relations(self) -> pd.DataFrame:
        """The relations between concepts.

        The columns source and target have the slugs of the two concepts. If the column kind is "broader", the target is
        the broader concept.
        """
        return relations_frame(self._tables)

    @cached_property
    def links(self) -> pd.DataFrame:
        """The links between articles.

        The columns source and target have the urls of the linking and of the linked article. If the linked article does
        not exist, the column status is "missing".
        """
        return links_frame(self._tables)

    @cached_property
    def communities(self) -> pd.DataFrame:
        """The communities, indexed by slug; the community with the most articles comes first."""
        return communities_frame(self._tables)

    def to_networkx(
        self,
        layers: Collection[Layer] = ("relation", "mentions", "broader", "related", "subject"),
        weights: Weights = "salience",
    ) -> nx.MultiDiGraph:
        """Return the graph as a networkx graph.

        Nodes and edges have the same attributes as in graph.graphml; see `kg.export.property_graph.attributes`.

        Args:
            layers: the kinds of edges to include. All nodes of the connected kinds are included. "relation" means links
                between articles, including links to missing articles. "mentions" means edges from an article to all its
                concepts, and "about" means edges to only those concepts that the article is about. "broader" and
                "related" mean relations between concepts. "subject" means edges from an article to its subject.
            weights: what to use as the weight of the edge from an article to a concept, "salience" or "frequency"; or
                "none" for a graph without weights. The weight of an edge between related concepts is always their NPMI
                (normalised pointwise mutual information). All other edges have the weight 1.

        Returns:
            A graph whose nodes are IRIs, such as those of articles and concepts. The key of an edge is its kind.

        Raises:
            UsageError: if `weights` or an element of `layers` is not one of the values above.
        """
        return self._network(self._tables, layers, weights)

    def _network(self, tables: Tables, layers: Collection[Layer], weights: Weights) -> nx.MultiDiGraph:
        node_kinds, edge_kinds = kinds_in(layers)
        found = nodes(tables, self._minter, node_kinds), edges(tables, self._minter, edge_kinds)
        return network_of(*found, weights)

    def to_rdflib(self, *, in_memory: bool = False) -> Dataset:
        """Return an rdflib dataset with the named graphs graph/core and, if the build has evidence, graph/evidence.

        The default graph is the union of these graphs. Oxigraph runs the queries, without a time limit. There are two
        exceptions: rdflib itself runs queries that it has already parsed, and queries with initial bindings for
        variables that are not in their SELECT clause. These are slower. The prefixes of kg are bound.

        Args:
            in_memory: False for a read-only view of the store, which takes no time to open; True for a copy that can be
                changed. A million triples take about 10 seconds and half a gigabyte of memory to copy.

        Raises:
            DataError: if the store of the build is missing or damaged.
            UsageError: by methods of the read-only dataset that would change it.
            QueryError: by queries of the dataset that do not parse, or that call another endpoint with SERVICE.
        """
        return loaded_dataset(self.out, self._minter) if in_memory else stored_dataset(self.out)

    def query(
        self,
        query: str,
        *,
        timeout: float | None = TIMEOUT,
        max_rows: int | None = MAX_ROWS,
        **parameters: object,
    ) -> pd.DataFrame | rdflib.Graph:
        """Return the answer to a query.

        The answer to a SELECT is a data frame with one column for each variable. Numbers and dates are Python values,
        not text. The answer to a CONSTRUCT or DESCRIBE is an rdflib graph. The answer to an ASK is a data frame with
        the column answer. A `kg.QueryWarning` is issued for each term of the query that is not in the graph and is
        probably a mistake.

        Args:
            query: a query in SPARQL, or the name of a named query. In SPARQL, kg's prefixes need not be declared, and
                IRIs can be relative to the base IRI of the build.
            timeout: number of seconds after which the query is stopped; None for no limit.
            max_rows: maximum number of rows or triples; None for no limit.
            parameters: the values of the parameters of a named query. As `from` is a keyword of Python, write `from_`
                for the parameter `from`.

        Raises:
            QueryError: if the query does not parse, the named query does not exist, or a parameter is invalid.
            QueryTimeout: if the answer does not come in time.
            MachineError: if the query needs too much memory, or the answer has too many rows.
            UsageError: if parameters are given with a SPARQL query.
        """
        runner = QueryRunner(self.out, self._minter, timeout, max_rows)
        if _QUERY_NAME.fullmatch(query):
            values = {name.removesuffix("_"): str(value) for name, value in parameters.items()}
            return frame_or_graph(run_named(runner, self._index, load_query(query), values))
        if parameters:
            raise UsageError("parameters are only for named queries; write the values into your own query")
        return frame_or_graph(runner.run(query))

    def article(self, url: str) -> Article:
        """Return the article whose url, title or IRI is `url`.

        Raises:
            UsageError: if there is no such article (the message suggests similar names), or if several have this title.
        """
        found = self._index.resolve_article(url)
        row = self._index.article(found.key)
        labels = self._index.labels
        return Article(
            url=row.url,
            iri=found.iri,
            title=row.title,
            based_on=row.based_on,
            subject=row.subject,
            date=row.date,
            authors=tuple(row.authors),
            keywords=tuple(row.keywords),
            community=row.community,
            centrality=row.centrality,
            concepts=tuple(
                Mention(mention.concept, labels[mention.concept], mention.salience, mention.frequency)
                for mention in self._index.mentions_of(row.url)
            ),
            links={
                link.target: link.target if link.target_title is None else link.target_title
                for link in self._index.links_from(row.url)
            },
            parts=self._index.text(row.url),
        )

    def similar(self, article: str, limit: int = MOST) -> pd.DataFrame:
        """Return the articles that are most like an article, the most similar first.

        Args:
            article: the url, title or IRI of the article.
            limit: maximum number of articles; the build has at most ten for each article.

        Returns:
            A data frame, indexed by rank, with the columns url, title, score (from 0 to 1), concepts (a list with the
            labels of the shared concepts that contribute most) and linked (whether one links to the other).

        Raises:
            UsageError: if there is no such article, if several have this title, or if `limit` is not a whole number of
                at least 1.
        """
        return similar_frame(related_articles(self._index, self._index.resolve_article(article), limit))

    def suggest_links(self, limit: int = 100) -> pd.DataFrame:
        """Return the links that are missing between similar articles, the best first.

        Returns:
            A data frame with at most `limit` rows. Its columns are source and target (urls), source_title,
            target_title, score (from 0 to 1) and concepts (a list with the labels of the shared concepts).

        Raises:
            UsageError: if `limit` is not a whole number of at least 1.
        """
        return suggested_links_frame(suggest_links(self._index, limit).best)

    def concept(self, name: str) -> Concept:
        """Return the concept whose label (preferred, alternative or hidden), slug or IRI is `name`, ignoring case.

        Raises:
            UsageError: if there is no such concept (the message suggests similar names), or if several concepts have
                this label; the message then has the slug and the number of articles of each.
        """
        found = self._index.resolve(name, {FocusKind.CONCEPT})
        row = self._index.concept(found.key)
        titles = self._index.titles
        return Concept(
            slug=row.slug,
            iri=found.iri,
            label=row.pref_label,
            alt_labels=tuple(row.alt_labels),
            hidden_labels=tuple(row.hidden_labels),
            definition=row.definition,
            **self._relations_of(row.slug),
            community=row.community,
            centrality=row.centrality,
            frequency=row.frequency,
            articles=tuple(
                Mention(mention.article, titles[mention.article], mention.salience, mention.frequency)
                for mention in self._index.articles_of(row.slug)
            ),
        )

    def _relations_of(self, slug: str) -> dict[str, dict[str, str]]:
        """Return the broader, narrower and related concepts of a concept.

        The keys are "broader", "narrower" and "related". Each value maps the slugs of these concepts to their labels,
        sorted by slug.
        """
        found: dict[str, list[str]] = {"broader": [], "narrower": [], "related": []}
        for row in self._index.relations_of(slug):
            found[row.seen_from(slug)].append(row.other(slug))
        labels = self._index.labels
        return {kind: {other: labels[other] for other in sorted(others)} for kind, others in found.items()}

    def timeline(self, concept: str, period: Period = "year") -> pd.DataFrame:
        """Return how many articles mention a concept, for each year or month of the articles' dates.

        Articles without a date do not count.

        Args:
            concept: any label of the concept, its slug or its IRI.
            period: "year" or "month".

        Returns:
            A data frame indexed by period (a pandas PeriodIndex named "period"), from that of the oldest article to
            that of the latest. The column articles has the number of articles of the period that mention the concept.
            The column share has their share of all articles of the period, from 0 to 1; it is NaN for a period without
            articles. The data frame has no rows if no article has a date.

        Raises:
            UsageError: if there is no such concept, if several concepts have this label, or if there is no such period.
        """
        slug = self._index.resolve(concept, {FocusKind.CONCEPT}).key
        return timeline_of(self._index, self._tables, slug, period)

    def cooccurrence(self, concepts: Iterable[str]) -> pd.DataFrame:
        """Return for each two of the given concepts the number of articles that mention both.

        Args:
            concepts: n concepts, each by any of its labels, its slug or its IRI. A concept that is given twice counts
                once.

        Returns:
            A symmetric data frame of shape (n, n) with whole numbers. Rows and columns are the preferred labels, in the
            order of `concepts`. The diagonal has the number of articles that mention the concept.

        Raises:
            UsageError: if there is no such concept, if several concepts have this label, or if `concepts` is one text.
        """
        return cooccurrence_of(self._index, concepts)

    def subgraph(
        self, *, subject: str | None = None, community: str | None = None, query: str | None = None
    ) -> nx.MultiDiGraph:
        """Return a part of the graph as a networkx graph, with all edges between its nodes. Give one argument.

        Args:
            subject: the label or IRI of a subject: its articles, and all concepts that they mention.
            community: the label, slug or IRI of a community: its articles and concepts.
            query: a SELECT, CONSTRUCT or DESCRIBE in SPARQL: the articles, concepts and missing articles whose IRIs are
                in the answer. Other IRIs in the answer are ignored.

        Returns:
            A graph as `to_networkx` returns it: nodes are IRIs, and the key of an edge is its kind. Nodes and edges
            have the attributes of graph.graphml. The weight of an edge is the salience of a mention, the NPMI of two
            related concepts, and 1 for all other edges. Subjects are no nodes of it.

        Raises:
            UsageError: if not exactly one argument is given, if the subject or community is not found, or if the query
                is an ASK.
            QueryError: if the query does not parse.
            QueryTimeout: if the answer to the query does not come in time.
        """
        if sum(given is not None for given in (subject, community, query)) != 1:
            raise UsageError("give exactly one of subject, community and query")
        if subject is not None:
            part = tables_of_subject(self._tables, self._index, subject)
        elif community is not None:
            part = tables_of_community(self._tables, self._index, community)
        else:
            assert query is not None
            answer = QueryRunner(self.out, self._minter, TIMEOUT, MAX_ROWS).run(query)
            part = tables_of_nodes(self._tables, self._index, iris_in(answer))
        return self._network(part, ("relation", "mentions", "broader", "related"), "salience")

    def neighbourhood(self, focus: str, depth: int = 1, max_nodes: int = MAX_NODES) -> Neighbourhood:
        """Return the part of the graph around a concept, an article, a subject or a community.

        Args:
            focus: the label, url, slug or IRI of this concept, article, subject or community.
            depth: maximum distance of a node from `focus`, in edges; at least 1. The articles and concepts of a subject
                or community have the distance 1.
            max_nodes: maximum number of nodes, at least 1. If there are more, the most relevant nodes are kept.

        Raises:
            UsageError: if `focus` is not found (the message suggests similar names) or is the label of several
                concepts, or if a number is not a whole number of at least 1.
        """
        check_at_least_one("depth", depth)
        check_at_least_one("max_nodes", max_nodes)
        found = self._index.resolve(focus)
        part = neighbourhood(self._tables, self._minter, found, depth, max_nodes)
        return Neighbourhood(part, self._tables, self.report)

    def path(self, a: str, b: str) -> Paths:
        """Return the best paths between two articles, two concepts, or an article and a concept, the best first.

        A path leads over related links in both directions, mentions, broader and related concepts. Its weight is the
        product of the weights of its steps, which `kg.graph.best_paths` defines. Each step has a sentence that proves
        it, if there is one.

        Args:
            a: an article (its url, title or IRI) or a concept (any of its labels, its slug or its IRI).
            b: the other article or concept, named in the same way as `a`.

        Returns:
            A sequence of at most three paths, each of at most six steps; it is empty if there is no such path.

        Raises:
            UsageError: if a name is not found (the message suggests similar names), or if both names mean the same
                article or concept.
        """
        return paths(self._index, a, b, self.report.site)

    def search(self, words: str, kind: Literal["article", "concept"] | None = None, limit: int = HITS) -> pd.DataFrame:
        """Search for articles and concepts by words, in their titles, labels and texts.

        Words may be in any order, and misspelt; the last one may be the beginning of a word. If they name a concept,
        its articles come by salience. Quotes and operators have no meaning.

        Args:
            words: the words.
            kind: "article" or "concept", to search only for articles or only for concepts.
            limit: maximum number of rows.

        Returns:
            A data frame with a row for each hit, best first. Its columns are `kind`, `label`, `key` (the url of an
            article, the slug of a concept), `score` (from 0 to 1, see `kg.query.search`), and `sentence`, which shows
            why it was found, and is empty if only the title or a label has the words. `attrs["corrections"]` of the
            data frame has the words that were searched instead of misspelt ones.

        Raises:
            UsageError: if there are no words or too many, `kind` is unknown, or `limit` is below 1.
            DataError: if the full-text index of the build is missing or damaged.
        """
        if kind not in (None, *KINDS):
            raise UsageError(f'kind must be "article" or "concept", not "{kind}"')
        answer = self._search_index.search(words, KINDS if kind is None else (FocusKind(kind),), limit)
        return hits_frame(answer)

    @cached_property
    def _search_index(self) -> SearchIndex:
        return SearchIndex(self._index, self.out)

    def explain(self, a: str, b: str, limit: int = LIMIT) -> Explanation:
        """Explain how two articles, two concepts, or an article and a concept are connected.

        The explanation quotes sentences of articles as proof.

        Args:
            a: an article (its url, title or IRI) or a concept (any of its labels, its slug or its IRI).
            b: the other article or concept, named in the same way as `a`.
            limit: maximum number of reasons of each kind, such as shared concepts.

        Raises:
            UsageError: if a name is not found (the message suggests similar names), if both names mean the same article
                or concept, or if `limit` is not a whole number of at least 1.
        """
        return explain(self._index, a, b, limit, self.report.site)
