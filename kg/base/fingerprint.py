"""The software and the kind of processor that the bytes of a build depend on.

The results of reading and tagging an article are rows of tables (`kg.annotate.rows`). They depend on less software
(`row_software`) than the whole output of a build (`output_software`). So after a change of a template, for example, the
articles need not be read and tagged again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import math
import os
import platform
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from kg.base.digests import digest_of
from kg.base.errors import UsageError
from kg.base.threads import one_thread

DISTRIBUTION: Final = "markdown-kg"
"""Name of the Python distribution that contains kg, as pip knows it."""
# fmt: off
ROW_MODULES: Final = (
    "annotate", "base/arrays.py", "base/config.py", "base/config_errors.py", "base/digests.py", "base/errors.py",
    "base/fingerprint.py", "base/iris.py", "base/model.py", "base/paths.py", "base/plural.py", "base/threads.py",
    "base/toml.py", "read",
)
# fmt: on
"""Files and folders with the code that reads and tags articles, as paths relative to the package `kg`."""
ROW_LIBRARIES: Final = (
    *("langcodes", "markdown-it-py", "msgspec", "numpy", "py3langid", "pyarrow", "python-dateutil", "PyYAML"),
    *("rich", "spacy", "thinc", "threadpoolctl"),
)
"""Names of the distributions that the code in `ROW_MODULES` imports."""
_BENEATH: Final = ("blis", "cymem", "markupsafe", "mdurl", "murmurhash", "preshed")
"""Names of indirect dependencies that affect computed results: other libraries compute with them."""

_PACKAGE: Final = Path(__file__).parents[1]
_LINKS: Final = ("ontologies",)
"""Folders of the package that are symbolic links in a clone of the repository."""
_NAME: Final = re.compile(r"[\w.-]+")


def row_software(pipeline: str) -> dict[str, str]:
    """Return the software and the kind of processor that the results of reading and tagging an article depend on.

    The keys are names, such as "numpy". The values are versions, digests or, for the processor, a description.

    Args:
        pipeline: name and version of the spaCy pipeline.
    """
    return {
        **_versions([*ROW_LIBRARIES, *_BENEATH]),
        "python": platform.python_version(),
        "pipeline": pipeline,
        "pipeline files": files_digest(pipeline.partition(" ")[0])[:16],
        "code": code_digest(ROW_MODULES)[:16],
        "processor": processor(),
    }


def output_software(versions: Mapping[str, str]) -> dict[str, str]:
    """Return the software and the kind of processor that the output of a build depends on.

    The keys and values are like those in the result of `row_software`.

    Args:
        versions: maps kg, the spaCy pipeline, the model and others to their versions, see `kg.base.report.versions`.

    Raises:
        UsageError: if kg is not installed as a distribution.
    """
    own_version()
    required = importlib.metadata.requires(DISTRIBUTION) or []
    libraries = [found[0] for line in required if "extra ==" not in line and (found := _NAME.match(line))]
    return {
        **_versions([*libraries, *_BENEATH]),
        **versions,
        "pipeline files": files_digest(versions["pipeline"].partition(" ")[0])[:16],
        "code": code_digest()[:16],
        "processor": processor(),
    }


def own_version() -> str:
    """Return the version of kg.

    Raises:
        UsageError: if kg is not installed as a distribution.
    """
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError as error:
        raise UsageError(f"kg is not installed as {DISTRIBUTION}: pip install . in a clone of kg") from error


@cache
def processor() -> str:
    """Return a description of the processor and of the numerical code that runs on it. Both affect rounding.

    The description names the machine type, numpy's SIMD extensions and the kernel of numpy's own OpenBLAS. It ends in a
    digest of results that this process computes from fixed numbers. So the descriptions of two processors also differ
    if the C library or another BLAS uses different code on each of them. If environment variables select different
    code, the description of the same processor changes.
    """
    import numpy as np  # only here, since the import takes a tenth of a second, too long for `kg --help`
    from threadpoolctl import threadpool_info

    extensions = np.show_config(mode="dicts").get("SIMD Extensions", {})
    # numpy's own OpenBLAS is in this folder or in numpy.libs beside it; other libraries may bring another BLAS
    own = str(Path(np.__file__).parent)
    names = [*extensions.get("baseline", []), *extensions.get("found", [])]
    kernels = {
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".rstrip()
        for pool in threadpool_info()
        if pool["user_api"] == "blas" and pool["filepath"].startswith((f"{own}/", f"{own}.libs"))
    }
    return ", ".join([" ".join([platform.machine(), *names]), *sorted(kernels), f"arithmetic {_arithmetic()}"])


def _arithmetic() -> str:
    """Return a digest of results that are computed on this machine from fixed numbers.

    They are results of functions of numpy and of the C library, and of matrix products.
    """
    import numpy as np

    numbers = np.linspace(0.01, 20, 1999)
    single = numbers.astype(np.float32)
    digest = hashlib.sha256()
    for function in (np.exp, np.log, np.log1p, np.sqrt, np.tanh):
        digest.update(function(numbers).tobytes() + function(single).tobytes())
    digest.update(np.power(numbers, 0.7).tobytes())
    for number in numbers.tolist():
        digest.update(repr((math.exp(number), math.log(number), number**0.7)).encode())
    wide = np.sin(np.arange(300 * 288, dtype=np.float64)).astype(np.float32).reshape(300, 288)
    with one_thread():
        for product in (wide @ wide[:288], wide[:9] @ wide[:50].T, wide @ wide[0]):
            digest.update(product.tobytes())
    return digest.hexdigest()[:8]


@cache
def code_digest(names: tuple[str, ...] = ("",)) -> str:
    """Return a digest of the files and folders `names` of the package kg; by default, of all files of the package.

    Files of every suffix count, since the output depends on templates as well as on code. Temporary files of editors
    and of Python are ignored.
    """
    return _digest(_PACKAGE, (*names, *(_LINKS if names == ("",) else ())))


def _digest(top: Path, names: Iterable[str] = ("",)) -> str:
    """Return a digest of the names and contents of some files in the folder `top`.

    Each of `names` is the path of a file or folder, relative to `top`. A folder counts with all its files.
    """
    files = sorted({file for name in names for file in _files(top / name)})
    return digest_of([(ascii(file.relative_to(top)), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files])


def _files(place: Path) -> Iterable[Path]:
    """Yield `place` if it is a file; if it is a folder, yield the regular files below it.

    Temporary files of Python and editors in the folder are left out.
    """
    if place.is_file():
        yield place
    for folder, folders, names in os.walk(place):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        yield from (
            Path(folder, name)
            for name in names
            if not name.startswith(".") and not name.endswith(("~", ".pyc", ".pyo")) and Path(folder, name).is_file()
        )


def _versions(distributions: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in distributions:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # the official pipeline may replace the one that kg requires
            found[name] = "absent"
    return found


@cache
def files_digest(package: str) -> str:
    """Return a digest of the files of an installed package, or "unknown" if the package is not installed."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        found = None
    places = list(found.submodule_search_locations or []) if found else []
    return _digest(Path(places[0])) if places else "unknown"
