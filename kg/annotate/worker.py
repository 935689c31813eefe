"""Annotating articles: what a worker does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from spacy.tokens import Doc

from kg.annotate.acronyms import definitions
from kg.annotate.batch import Annotated, Batch, Recipe, digest
from kg.annotate.candidates import find_candidates
from kg.annotate.collect import Collected
from kg.annotate.curation import read_curation
from kg.annotate.names import Names, indexed
from kg.annotate.nlp.pipeline import bounded_memory, load_tagger, tag
from kg.annotate.normal_form import keyword_terms
from kg.annotate.patterns import find_patterns
from kg.annotate.terms import is_term
from kg.annotate.token_model import summary, wanted_tokens
from kg.annotate.tokens import Tokens
from kg.annotate.view import View, tagger_view
from kg.model import Article
from kg.read.article import parse_article
from kg.read.files import read_bytes
from kg.threads import one_thread


def annotate(recipe: Recipe, batch: Batch) -> Annotated:
    """Read and annotate every file of a batch."""
    tagger = load_tagger(recipe.config.annotate.pipeline)
    pipeline = tagger.pipeline
    collected = Collected(acceleration=tagger.acceleration)
    digests: list[str] = []
    articles: list[tuple[int, Article]] = []
    for number, file in enumerate(batch):
        raw = read_bytes(recipe.root / file)
        digests.append(digest(raw))
        article, problems = parse_article(file, raw, recipe.config)
        collected.problems += problems
        if article is not None:
            articles.append((number, article))
    views = [tagger_view(article) for _, article in articles]
    with one_thread(), bounded_memory(pipeline):
        docs = tag(pipeline, [view.text for view in views])
        for (number, article), view, doc in zip(articles, views, docs, strict=True):
            _annotate(recipe, number, article, view, doc, collected)
    return Annotated(tuple(digests), collected.to_bytes())


def _annotate(recipe: Recipe, number: int, article: Article, view: View, doc: Doc, collected: Collected) -> None:
    """Collect the rows of an article, which is the file of that number in its batch and was tagged as `doc`."""
    prepared, model = _prepared(recipe), recipe.model
    keywords = article.keywords if recipe.config.concepts.keywords else ()
    acronyms = definitions(view, keywords)
    looked_for = {form for form, _ in keyword_terms(keywords) if is_term(form.split(" "))}
    looked_for |= prepared.wanted | {acronym.terms[1] for acronym in acronyms}
    tokens = Tokens(doc, view)
    found = find_candidates(tokens, view, frozenset(looked_for), prepared.names)
    collected.add(number, article, found, acronyms)
    vectors = np.asarray(doc.tensor, np.float32)
    if model:
        probabilities = model.probabilities(vectors, wanted_tokens(len(doc), found.spans))
        collected.add_token_features(summary(probabilities, found.spans))
    else:
        collected.add_vectors(vectors, found.spans)
    collected.add_patterns(number, find_patterns(tokens, view, article.parts))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What every batch needs of a recipe, made once a process."""

    wanted: frozenset[str]
    names: Names


@lru_cache(maxsize=1)
def _prepared(recipe: Recipe) -> _Prepared:
    return _Prepared(read_curation(recipe.config.concepts).wanted, indexed(recipe.names))
