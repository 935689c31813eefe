"""Reading and tagging of articles in a worker process, and extraction of terms, acronyms and statements from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from spacy.tokens import Doc

from kg.annotate.batch import Annotated, AnnotationJob, Batch, digest
from kg.annotate.collect import Collected
from kg.annotate.curation import read_curation
from kg.annotate.extract.acronyms import definitions, must_be_in_capitals
from kg.annotate.extract.noun_phrases import find_candidates
from kg.annotate.extract.pattern_search import find_patterns
from kg.annotate.extract.token_model import summary, wanted_tokens
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import View, tagger_view
from kg.annotate.extract.vocabulary_names import Names, indexed
from kg.annotate.nlp.package import pipeline_language
from kg.annotate.nlp.pipeline import Tagger, bounded_memory, load_tagger, tag
from kg.annotate.nlp.stop_words import stop_words
from kg.annotate.text.normal_form import keyword_terms
from kg.annotate.text.term_filter import is_term
from kg.base.model import ParsedArticle, Problem
from kg.base.threads import one_thread
from kg.read.article import parse_article
from kg.read.failure import failure
from kg.read.files import read_bytes
from kg.read.language import is_same_language


def annotate(job: AnnotationJob, batch: Batch) -> Annotated:
    """Read and annotate every file of a batch.

    If this fails with an unexpected error, the files are tried one by one. A file that fails on its own is skipped and
    reported. This does not change the rows of the other files.
    """
    tagger = load_tagger(job.config.annotate.pipeline)
    _prepared(job)  # an error here does not belong to a single file
    sources = {file: read_bytes(job.root / file) for file in batch}
    with one_thread(), bounded_memory(tagger.pipeline):
        try:
            rows = _rows(job, tagger, sources, {})
        except MemoryError:
            raise
        except Exception:
            failures = {file: found for file, raw in sources.items() if (found := _failure(job, tagger, file, raw))}
            rows = _rows(job, tagger, sources, failures)
    return Annotated(tuple(digest(raw) for raw in sources.values()), rows)


def _failure(job: AnnotationJob, tagger: Tagger, file: str, raw: bytes | OSError) -> Problem | None:
    """Annotate a single file, and return the problem if this fails, or None."""
    try:
        _rows(job, tagger, {file: raw}, {})
    except Exception as error:
        return failure(file, error)
    return None


def _rows(
    job: AnnotationJob, tagger: Tagger, sources: Mapping[str, bytes | OSError], failures: Mapping[str, Problem]
) -> bytes:
    """Return the rows of the files of a batch.

    Args:
        job: the settings of the annotation.
        tagger: the loaded tagger.
        sources: the files of the batch, as a mapping from the path of a file to its bytes.
        failures: the files to leave out, as a mapping from the path of a file to the problem that is reported for it.
    """
    collected = Collected(acceleration=tagger.acceleration)
    articles: list[tuple[int, ParsedArticle]] = []
    language = _prepared(job).language
    for number, (file, raw) in enumerate(sources.items()):
        article, problems = (
            (None, [failures[file]]) if file in failures else parse_article(file, raw, job.config, language)
        )
        collected.problems += problems
        if article is not None:
            articles.append((number, article))
    views = [tagger_view(article) for _, article in articles]
    docs = tag(tagger.pipeline, [view.text for view in views])
    for (number, article), view, doc in zip(articles, views, docs, strict=True):
        _annotate(job, number, article, view, doc, collected)
    return collected.to_bytes()


def _annotate(
    job: AnnotationJob, number: int, article: ParsedArticle, view: View, doc: Doc, collected: Collected
) -> None:
    """Find the candidate terms, acronyms, hypernym pairs and definitions of an article, and add them to `collected`.

    If the article is not in the language of the tagger, its tags are wrong. Then only known terms are found: its
    keywords, the terms that kg.toml accepts, and the names in external vocabularies.

    `number` is the index of the article's file in the batch. `doc` has the tagged tokens of `view.text`.
    """
    prepared, model = _prepared(job), job.model
    is_read = is_same_language(article.language, prepared.language)
    keywords = article.keywords if job.config.concepts.keywords else ()
    acronyms = definitions(view, keywords) if is_read else []
    named = [(form, label) for form, label in keyword_terms(keywords) if is_term(form.split(" "))]
    looked_for = {form for form, _ in named} | prepared.wanted | {acronym.terms[1] for acronym in acronyms}
    function_words = stop_words(article.language)
    shorts = [(acronym.terms[0], acronym.short) for acronym in acronyms]
    tokens = Tokens(doc, view)
    found = find_candidates(
        tokens,
        view,
        frozenset(looked_for),
        prepared.names,
        None if is_read else prepared.known | looked_for,
        must_be_in_capitals([*named, *prepared.curated, *shorts], function_words),
        function_words,
    )
    collected.add(number, article, found, acronyms, function_words)
    vectors = np.asarray(doc.tensor, np.float32)
    if model:
        probabilities = model.probabilities(vectors, wanted_tokens(len(doc), found.spans))
        collected.add_token_features(summary(probabilities, found.spans))
    else:
        collected.add_vectors(vectors, found.spans)
    if is_read:
        collected.add_patterns(number, find_patterns(tokens, view, article.parts))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Values that a process computes once from the settings of a job, and then uses for all batches of files."""

    wanted: frozenset[str]
    curated: tuple[tuple[str, str], ...]
    """The normal form and the text of each term that kg.toml names."""
    names: Names
    known: frozenset[str]
    """The normal forms of all names in external vocabularies."""
    language: str
    """The tag of the pipeline's language."""


@lru_cache(maxsize=1)
def _prepared(job: AnnotationJob) -> _Prepared:
    config = job.config
    curation = read_curation(config.concepts)
    return _Prepared(
        wanted=curation.wanted,
        curated=tuple((entry.form, entry.text) for entry in curation.entries),
        names=indexed(job.names),
        known=frozenset(job.names),
        language=pipeline_language(config.annotate.pipeline),
    )
