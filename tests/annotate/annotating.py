"""A batch annotated in this process, and its rows where the next stage finds them."""

from itertools import count
from pathlib import Path

from kg.annotate.batch import AnnotationJob
from kg.annotate.collect import Rows
from kg.annotate.extract.token_model import TokenModel
from kg.annotate.worker_entry import annotate_batch
from kg.base.config import Config

_number = count()


def annotated(
    output: Path,
    root: Path,
    *files: str,
    config: Config | None = None,
    model: TokenModel | None = None,
    names: tuple[str, ...] = (),
) -> Rows:
    """The rows of files below `root`, in a new file below `output`."""
    output.mkdir(exist_ok=True)
    path = output / f"{next(_number)}.zip"
    path.write_bytes(annotate_batch(AnnotationJob(root, config or Config(), model, names), files).rows)
    return Rows(path, 0)
