"""Evidence made by hand, probabilities that are given, and what was chosen from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kg.annotate import rows
from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.annotate.text.normal_form import keyword_terms
from kg.base.config import Concepts
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.ranking.background import Background, Counts, hashes
from kg.concepts.ranking.ranker import Card, Ranker
from kg.concepts.selection.select import select
from kg.concepts.terms.candidate_store import Candidates
from kg.concepts.terms.corpus import Corpus, in_one_part

CUT = 0.25
"""Of `believe`."""

Candidate = tuple[int, str, int]  # file, term, frequency


def candidate(file: int, term: str, frequency: int) -> dict:
    place = {"part": 0, "start": 1, "end": 5, "sentence_start": 0, "sentence_end": 9}
    return {
        "file": file,
        "term": term,
        "shape": "nn",
        "words": len(term.split()),
        "frequency": frequency,
        "first": 0.1,
        "last": 0.5,
        **dict.fromkeys(("alone", "proper", "bold", "heading", "section_name", "item_start"), 0),
        "in_title": False,
        **dict.fromkeys(TOKEN_FEATURES, 0.1),
        "occurrences": [{**place, "start": start} for start in range(frequency)],
    }


def article(file: int, keywords: Sequence[str], text: str = "A text.", tokens: int = 3) -> dict:
    return {
        "file": file,
        "url": f"/{file}",
        "language": "en",
        "keywords": keywords,
        "keyword_terms": [{"form": form, "label": label} for form, label in keyword_terms(keywords)],
        "parts": [{"name": "body", "text": text}],
        "tokens": tokens,
    }


def evidence(keywords: Sequence[Sequence[str]], candidates: Sequence[Candidate]) -> Corpus:
    """An article for each list of keywords; a form in running prose for every candidate's term."""
    forms = [{"term": term, "form": term, "running": True, "count": count} for _, term, count in candidates]
    words = [{"word": word, "use": "noun", "count": 1} for _, term, _ in candidates for word in term.split()]
    found = pa.Table.from_pylist([candidate(*given) for given in candidates], rows.CANDIDATES)
    return Corpus(
        articles=pa.Table.from_pylist([article(*numbered) for numbered in enumerate(keywords)], rows.ARTICLES),
        read_candidates=in_one_part(found),
        read_forms=in_one_part(pa.Table.from_pylist(forms, rows.FORMS)),
        words=pa.Table.from_pylist(words, rows.WORDS),
        acronyms=rows.ACRONYMS.empty_table(),
    )


def all_candidates(given: Corpus) -> pa.Table:
    return pa.concat_tables(given.read_candidates(rows.CANDIDATES.names))


def all_forms(given: Corpus) -> pa.Table:
    return pa.concat_tables(given.read_forms(rows.FORMS.names))


def counts(known: Mapping[str, tuple[int, int]]) -> Counts:
    """How many articles have each text, and how many authors chose it."""
    keys = hashes(list(known))
    order = np.argsort(keys)
    seen, chosen = np.array(list(known.values()), np.float64).reshape(-1, 2)[order].T
    return Counts(keys[order], seen, chosen)


def background(terms: Mapping[str, tuple[int, int]], articles: int, rate: float) -> Background:
    """Counts of terms; what is known of a word is what is known of it as a term."""
    words = {term: known for term, known in terms.items() if " " not in term}
    return Background(articles, rate, counts(terms), counts(words))


@dataclass(frozen=True)
class _Believed(Ranker):
    values: tuple[float, ...] = ()

    def salience(self, candidates: Candidates, words: pa.Table) -> np.ndarray:
        return np.array(self.values, np.float64)


def believe(*values: float) -> Ranker:
    """A ranker that gives the candidates these probabilities, in their order, whatever they are."""
    card = Card(name="by hand", articles=0, features=[], slope=1, offset=0, cut=CUT, precision=1)
    return _Believed(card, None, None, values=values)


def selected(
    given: Corpus, options: Concepts, ranker: Ranker, lexicon: Lexicon | None = None
) -> tuple[pa.Table, pa.Table]:
    """The concepts that are chosen, and their mentions."""
    found = select(given, options, ranker, lexicon)
    return found.concepts(), found.mentions()


def mentions(found: tuple[pa.Table, pa.Table]) -> dict[str, list[str]]:
    """The concepts of each article, best first."""
    result: dict[str, list[str]] = {}
    for row in found[1].to_pylist():
        result.setdefault(row["article"], []).append(row["concept"])
    return result


def mention(found: tuple[pa.Table, pa.Table], concept: str) -> dict:
    (row,) = [row for row in found[1].to_pylist() if row["concept"] == concept]
    return row


def concept(found: tuple[pa.Table, pa.Table], slug: str) -> dict:
    (row,) = [row for row in found[0].to_pylist() if row["slug"] == slug]
    return row
