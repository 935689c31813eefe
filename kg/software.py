"""The software and the kind of processor that the bytes of a build depend on.

The rows of an article depend on less (`row_software`) than the output as a whole (`output_software`), so that a change
of a template does not cost reading and tagging all articles again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from kg.digests import digest_of

DISTRIBUTION: Final = "markdown-kg"
"""The name under which kg is installed."""
ROW_MODULES: Final = (
    *("annotate", "config.py", "digests.py", "errors.py", "iris.py", "model.py", "read", "software.py", "threads.py"),
)
"""What makes rows from files, directly below the package."""
ROW_LIBRARIES: Final = (
    *("markdown-it-py", "msgspec", "numpy", "pyarrow", "PyYAML", "spacy", "thinc", "threadpoolctl"),
)
"""What these modules import."""

_PACKAGE: Final = Path(__file__).parent


def row_software(pipeline: str) -> dict[str, str]:
    """Return what the rows of an article depend on beside the article and the configuration, by name.

    Args:
        pipeline: name and version of the spaCy pipeline.
    """
    return {
        **_versions(ROW_LIBRARIES),
        "python": platform.python_version(),
        "pipeline": pipeline,
        "code": code_digest(ROW_MODULES)[:16],
        "processor": processor(),
    }


def output_software(versions: Mapping[str, str]) -> dict[str, str]:
    """Return what the output depends on beside the articles and the configuration, by name.

    Args:
        versions: of the pipeline, the models and the program, see `kg.report.versions`.
    """
    required = importlib.metadata.requires(DISTRIBUTION) or []
    libraries = [found[0] for line in required if "extra ==" not in line and (found := re.match(r"[\w.-]+", line))]
    return {**_versions(libraries), **versions, "code": code_digest()[:16], "processor": processor()}


@cache
def processor() -> str:
    """Describe what decides how numbers are rounded: the machine, numpy's SIMD extensions, the kernel of its BLAS.

    Two processors of one description give the same bits. OpenBLAS chooses its kernel by the processor, or by the
    environment variable `OPENBLAS_CORETYPE`; numpy its extensions by the processor, or by `NPY_DISABLE_CPU_FEATURES`.
    """
    import numpy as np  # takes a tenth of a second, which `kg --help` does not need
    from threadpoolctl import threadpool_info

    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    own = [pool for pool in pools if "numpy" in pool["filepath"]] or pools  # other libraries may bring one of theirs
    kernels = {f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".rstrip() for pool in own}
    names = [*extensions.get("baseline", []), *extensions.get("found", [])]
    return ", ".join([" ".join([platform.machine(), *names]), *sorted(kernels)])


@cache
def code_digest(names: tuple[str, ...] = ("",)) -> str:
    """Return a digest of all files of the package, or of those that are, or lie below, one of `names`.

    Every file counts, whatever its suffix: a template decides about bytes as code does.
    """
    files = sorted(file for name in names for file in _files(_PACKAGE / name))
    return digest_of(
        [(file.relative_to(_PACKAGE).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    )


def _files(place: Path) -> Iterable[Path]:
    if place.is_file():
        yield place
    for folder, folders, names in os.walk(place, followlinks=True):  # in a clone, kg/ontologies is a link
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(folder, name) for name in names if not name.endswith((".pyc", ".pyo")))


def _versions(distributions: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in distributions:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # of two pipelines that serve, one is installed
            found[name] = "absent"
    return found
