"""Search for articles and concepts by words, in the full-text index of a build.

Words are compared by their stems. A word that no text has is replaced by the most similar one; see
`kg.query.search.words`. Every hit has a score from 0 to 1.

A concept has the score 1 if the query is one of its labels, its slug or its IRI, in any order of the words. The query
may also have words that more than half of the articles have, such as "what is". For any other concept, the words of one
of its labels must all be in the query, or the words of the query in the label, but for such common words. Its score is
the weight of the words that the label and the query share, divided by the weight of the words that at least one of them
has. The weight of a word is its inverse document frequency.

An article has the score 1 if the query is its title, url or IRI. Other articles are found in three steps: those with
all words of the query, those with all words if the last one may be the beginning of a word, and those with any of the
words. An article of an earlier step is better: each step has a third of the range from 0 to 1. In a step, the score is
BM25, divided by that of the best article; words of the title count more than those of the text. If the words of a label
of a concept are in the query, a part of the score is the salience of the concept in the article. The part is half of
the score of the concept: half if the query names the concept, and less if it has other words too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from math import fsum
from pathlib import Path
from typing import Final, NamedTuple

from kg.base.errors import check_at_least_one, check_text
from kg.graph.index import GraphIndex
from kg.graph.passages import Piece
from kg.graph.rows import Focus, FocusKind
from kg.query.search.database import Database
from kg.query.search.sentences import best_sentences
from kg.query.search.values import Answer, Hit
from kg.query.search.words import QueryWords, WordIndex, all_of, any_of

KINDS: Final = (FocusKind.CONCEPT, FocusKind.ARTICLE)
"""The kinds of things that a search finds. Of hits with equal scores, concepts come first."""
LIMIT: Final = 10
"""Default maximum number of hits."""

_TITLE: Final = 8.0
"""Weight of a word of a title in BM25; a word of the text has the weight 1."""
_PREFERRED: Final = 2.0
"""Weight of a word of a preferred label in BM25; a word of another label has the weight 1."""
_DEPTH: Final = 200
"""Minimum number of articles, and of concepts, that are compared before the best are returned."""
_DIGITS: Final = 4


class _Fit(NamedTuple):
    """The fit of a label of a concept to a query."""

    score: float
    is_in_query: bool
    """Whether all words of the label are in the query."""
    has_distinctive: bool
    """Whether the label has all words of the query, but for those that more than half of the articles have."""
    common: float
    """The weight of the words that both have."""

    @property
    def names(self) -> bool:
        """Whether the query is the label, and perhaps some words that most articles have."""
        return self.is_in_query and self.has_distinctive


_NAMED: Final = _Fit(1.0, True, True, 0.0)


class _Mentioned(NamedTuple):
    """The concepts that are in the query and fit best, and the score with which they do."""

    score: float
    slugs: tuple[str, ...]


class SearchIndex:
    """The full-text index of one build, open for searches."""

    def __init__(self, index: GraphIndex, out: Path) -> None:
        """Open the full-text index of the build in the folder `out`.

        Raises:
            DataError: if the build has no full-text index, or a damaged one.
        """
        self._index = index
        self._database = Database(out)
        self._words = WordIndex(self._database)

    def search(self, query: str, kinds: Collection[FocusKind] = KINDS, limit: int = LIMIT) -> Answer:
        """Return the articles and concepts that fit a query best.

        Args:
            query: words in any order; quotes and operators have no meaning.
            kinds: the kinds of things to search, of those in `KINDS`.
            limit: maximum number of hits.

        Raises:
            UsageError: if the query is not a text, has no word or too many, or if `limit` is not a whole number of
                at least 1.
            DataError: if the full-text index is damaged.
        """
        check_text("the words", query)
        check_at_least_one("limit", limit)
        with self._database.reading():
            return self._search(query, kinds, limit)

    def _search(self, query: str, kinds: Collection[FocusKind], limit: int) -> Answer:
        words = self._words.read(query)
        meant = query if not words.corrections else " ".join(words.words)
        named = [*dict.fromkeys(self._index.matches(meant, KINDS))]
        concepts = {focus.key: _NAMED for focus in named if focus.kind is FocusKind.CONCEPT}
        concepts |= {slug: fit for slug, fit in self._concepts(words).items() if slug not in concepts}
        best = max((fit.score for fit in concepts.values() if fit.is_in_query), default=0.0)
        in_query = [slug for slug, fit in concepts.items() if fit.is_in_query and fit.score == best]
        mentioned = _Mentioned(best, tuple(in_query))
        scores: dict[Focus, float] = {}
        if FocusKind.CONCEPT in kinds:
            scores |= {self._index.focus(FocusKind.CONCEPT, slug): fit.score for slug, fit in concepts.items()}
        if FocusKind.ARTICLE in kinds:
            found = self._articles(words, mentioned, min(limit, len(self._index.titles)))
            found |= {focus.key: 1.0 for focus in named if focus.kind is FocusKind.ARTICLE}
            scores |= {self._index.focus(FocusKind.ARTICLE, url): score for url, score in found.items()}
        ranked = sorted(scores, key=lambda focus: (-scores[focus], KINDS.index(focus.kind)))[:limit]  # a stable order
        sentences = self._sentences(ranked, words, mentioned)
        hits = tuple(
            Hit(focus.kind, focus.label, focus.key, focus.iri, scores[focus], pieces, article)
            for focus in ranked
            for pieces, article in [sentences.get(focus, ((), None))]
        )
        near = () if hits else tuple(self._index.similar_labels(query, kinds))
        return Answer(meant.strip(), words.corrections, words.unknown, hits, near)

    def _concepts(self, words: QueryWords) -> dict[str, _Fit]:
        """Return the concepts with a label that has words in common with the query, best first; the keys are slugs."""
        statement = (
            "SELECT slug FROM concept_label JOIN concept ON number = concept_label.rowid WHERE concept_label MATCH ? "
            "ORDER BY bm25(concept_label, ?, 1.0), number LIMIT ?"
        )
        wanted = any_of([*words.words, *words.expansions])
        matching = self._database.rows(statement, wanted, _PREFERRED, _DEPTH) if wanted else []
        known = (slug for (slug,) in matching if slug in self._index.labels)
        labels = [(slug, label) for slug in known for label in self._index.labels_of(slug)]
        replaced = words.words[-1:] if words.expansions else ()
        of_query = map(" ".join, (words.words, words.distinctive, replaced, words.expansions))
        query, distinctive, last, expansions, *stems = self._database.stems(
            [*of_query, *(label for _, label in labels)]
        )
        weights = self._words.weights(query.union(*stems))
        found: dict[str, _Fit] = {}
        for (slug, _), written in zip(labels, stems, strict=True):
            label = (written - expansions) | last if written & expansions else written
            if label and (label <= query or distinctive <= label):
                common, either = (fsum(map(weights.__getitem__, one)) for one in (label & query, label | query))
                fit = _Fit(round(common / either, _DIGITS), label <= query, distinctive <= label, common)
                found[slug] = max(found.get(slug, fit), fit)
        longest = max((fit.common for fit in found.values() if fit.names), default=0.0)
        for slug, fit in found.items():
            if fit.names and fit.common == longest:
                found[slug] = fit._replace(score=1.0)
        counts = self._index.article_counts
        return dict(sorted(found.items(), key=lambda one: (-one[1].score, -counts[one[0]], one[0])))

    def _articles(self, words: QueryWords, named: _Mentioned, limit: int) -> dict[str, float]:
        """Return the scores of the articles that fit the query, best first; the keys are urls."""
        by_words = self._by_words(words, max(limit, _DEPTH))
        by_salience = self._index.saliences(named.slugs)
        part = named.score / 2 if by_salience else 0.0
        scores = {
            url: round((1 - part) * by_words.get(url, 0.0) + part * by_salience.get(url, 0.0), _DIGITS)
            for url in by_words | by_salience
        }
        return dict(sorted(scores.items(), key=lambda found: (-found[1], found[0])))

    def _by_words(self, words: QueryWords, depth: int) -> dict[str, float]:
        """Return the articles that have the words, with their scores; the keys are urls."""
        if not words.distinctive:
            return {}
        groups = [[word] for word in words.distinctive]
        last = [[words.distinctive[-1], *words.completions]]
        steps = [all_of(groups), all_of([*groups[:-1], *last]), any_of([*words.distinctive, *words.expansions])]
        statement = (
            "SELECT url, -bm25(article_text, ?, 1.0) AS score FROM article_text "
            "JOIN article ON number = article_text.rowid WHERE article_text MATCH ? ORDER BY score DESC, number LIMIT ?"
        )
        found: dict[str, float] = {}
        for number, step in enumerate(steps):
            if step in steps[:number] or len(found) >= depth:
                continue
            rows = [(url, score) for url, score in self._database.rows(statement, _TITLE, step, depth)]
            best = max((score for _, score in rows), default=0.0) or 1.0
            for url, score in rows:
                found.setdefault(url, (len(steps) - 1 - number + max(0.0, score) / best) / len(steps))
        return {url: score for url, score in found.items() if url in self._index.titles}

    def _sentences(
        self, hits: Iterable[Focus], words: QueryWords, named: _Mentioned
    ) -> Mapping[Focus, tuple[tuple[Piece, ...], str | None]]:
        """Return a sentence for each hit, and the url of the article that has it.

        For a concept, it is the best evidence in the article for which the concept is most salient. For an article, it
        is the best evidence for the concept that the query names, or else the sentence that fits the words best.
        """
        evidence: dict[Focus, list[tuple[str, str]]] = {}
        mentions = self._index.mentions_by_concept(focus.key for focus in hits if focus.kind is FocusKind.CONCEPT)
        for focus in hits:
            if focus.kind is FocusKind.ARTICLE:
                evidence[focus] = [(focus.key, slug) for slug in named.slugs if named.score == 1.0]
            else:
                said = (mention.article for mention in mentions.get(focus.key, ()) if mention.frequency > 0)
                evidence[focus] = [(url, focus.key) for url in islice(said, 1)]
        proofs = self._index.best_sentences(pair for pairs in evidence.values() for pair in pairs)
        found = {
            focus: (proofs[pair].pieces, pair[0])
            for focus, pairs in evidence.items()
            for pair in pairs
            if pair in proofs
        }
        rest = {focus.key: focus for focus in hits if focus.kind is FocusKind.ARTICLE and focus not in found}
        texts = self._index.texts(rest)
        for shown in ([*words.distinctive, *words.expansions], words.completions):
            if texts and shown:
                weights = self._words.weights(*self._database.stems([" ".join(shown)]))
                fitting = best_sentences(self._database, texts, shown, weights)
                found |= {rest[url]: (pieces, url) for url, pieces in fitting.items()}
                texts = {url: text for url, text in texts.items() if url not in fitting}
        return found
