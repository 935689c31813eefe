"""The per-article stage: files -> rows, a batch of files at a time, written where the parent finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kg.annotate.acronyms import definitions
from kg.annotate.candidates import find_candidates, is_term
from kg.annotate.collect import Collected
from kg.annotate.curation import read_curation
from kg.annotate.names import load_names
from kg.annotate.normal_form import keyword_label, normal_form
from kg.annotate.patterns import find_patterns
from kg.annotate.pipeline import load_pipeline, one_thread, pipeline_name
from kg.annotate.token_model import load_token_model, summary, wanted_tokens
from kg.annotate.view import tagger_view
from kg.config import Config
from kg.read.article import read_article
from kg.read.files import file_size

BATCH_BYTES: Final = 250_000
"""Source bytes of a batch: some seconds of work, so that progress shows and a lost worker costs little."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some files and where their rows go; `first` is the index of the first file in the sorted list of all."""

    root: Path
    files: tuple[str, ...]
    first: int
    output: Path
    config: Config
    model: Path | None
    """The folder of the model that says which tokens are of keywords; none, where one is to be trained."""
    names: Path | None = None
    """A file of `kg.annotate.names`, where a vocabulary has names that are looked for in every article."""


def batches(
    root: Path, files: Sequence[str], output: Path, config: Config, model: Path | None, names: Path | None = None
) -> list[Batch]:
    """Cut the sorted `files` into batches of about `BATCH_BYTES`."""
    result: list[Batch] = []
    start = size = 0
    for index, file in enumerate(files):
        size += file_size(root / file)
        if size >= BATCH_BYTES or index + 1 == len(files):
            folder = output / f"{len(result):06}"
            result.append(Batch(root, tuple(files[start : index + 1]), start, folder, config, model, names))
            start, size = index + 1, 0
    return result


def annotate_batch(batch: Batch) -> Path:
    """Read and annotate every file of a batch; returns the folder with one Arrow file for each of `rows.SCHEMAS`.

    An article is tagged by itself, so that its tags never depend on its neighbours: the matrix products of a batch of
    texts may round differently from those of one (and are no faster with this small model).
    """
    pipeline = load_pipeline(batch.config.annotate.pipeline)
    model = load_token_model(batch.model, pipeline_name(pipeline)) if batch.model else None
    wanted = read_curation(batch.config.concepts).wanted
    names = load_names(batch.names) if batch.names else {}
    collected = Collected()
    with one_thread(), pipeline.memory_zone():
        for offset, file in enumerate(batch.files):
            article, problems = read_article(batch.root, file, batch.config)
            collected.problems += problems
            if article is not None:
                view = tagger_view(article)
                keywords = article.keywords if batch.config.concepts.keywords else ()
                acronyms = definitions(view, keywords)
                looked_for = {form for form in keyword_set(keywords) if is_term(form.split(" "))}
                looked_for |= wanted | {acronym.terms[1] for acronym in acronyms}
                doc = pipeline(view.text)
                found = find_candidates(doc, view, frozenset(looked_for), names)
                collected.add(batch.first + offset, article, found, acronyms)
                vectors = np.asarray(doc.tensor, np.float32)
                spans = [candidate.spans for candidate in found.candidates.values()]
                if model:
                    probabilities = model.probabilities(vectors, wanted_tokens(len(doc), spans))
                    collected.add_token_features(summary(probabilities, spans))
                else:
                    collected.add_vectors(vectors, spans)
                collected.add_patterns(batch.first + offset, find_patterns(doc, view, article.parts))
    return collected.write(batch.output)


def keyword_set(keywords: Iterable[str]) -> frozenset[str]:
    """The normal forms of keywords, without those that are code or mathematics."""
    labels = (keyword_label(keyword) for keyword in keywords)
    return frozenset(form for label in labels if label and (form := normal_form(label)))
