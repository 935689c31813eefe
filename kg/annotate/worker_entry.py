"""The functions that a build runs in worker processes. The functions import spaCy only when they are called."""

from __future__ import annotations

from kg.annotate.batch import Annotated, AnnotationJob, Batch


def annotate_batch(job: AnnotationJob, batch: Batch) -> Annotated:
    """Read and tag every file of a batch, and return the rows of tables that result; see `kg.annotate.worker`."""
    # Imported here because the module imports spaCy, which only processes that tag articles need.
    from kg.annotate.worker import annotate

    return annotate(job, batch)


def prepare(pipeline: str | None) -> None:
    """Load the spaCy pipeline `pipeline` in a worker in advance, so that `annotate_batch` finds it loaded.

    If `pipeline` is None, the default pipeline is loaded.
    """
    from kg.annotate.nlp.pipeline import load_tagger

    load_tagger(pipeline)
