"""The functions that worker processes are told to call; they load spaCy only when they are called."""

from __future__ import annotations

from kg.annotate.batch import Annotated, AnnotationJob, Batch


def annotate_batch(job: AnnotationJob, batch: Batch) -> Annotated:
    """Read and annotate every file of a batch; see `kg.annotate.worker`."""
    # Imported here because it imports spaCy, which only annotating processes need.
    from kg.annotate.worker import annotate

    return annotate(job, batch)


def prepare(pipeline: str | None) -> None:
    """Load the tagger that `annotate_batch` needs before the first batch arrives."""
    from kg.annotate.nlp.pipeline import load_tagger

    load_tagger(pipeline)
