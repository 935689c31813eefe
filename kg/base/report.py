"""What a build says of itself: report.json."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from kg.base.errors import DataError, UsageError
from kg.base.model import Problem, Severity
from kg.base.software import DISTRIBUTION, own_version

FILE_NAME: Final = "report.json"
GENERATOR: Final = "kg"


class NearSynonyms(msgspec.Struct, frozen=True):
    """Two concepts, by their labels, that may be one; `label` is the one with more articles.

    `reason` is "said", "same words", "same acronym", "same stems" or "same company"; `evidence` the article's url that
    says it, the words, the acronym, the stems or the cosine.
    """

    label: str
    other: str
    reason: str
    evidence: str


class Ambiguous(msgspec.Struct, frozen=True):
    """A term that may be two things; `reason` is "acronym" or "company", `senses` what each of them is told by."""

    label: str
    reason: str
    senses: list[str]


class LinkedVocabulary(msgspec.Struct, frozen=True):
    """An external vocabulary that the concepts were matched with.

    `scheme` is its IRI, `sha256` of the file; `concepts` is how many it has in English, `linked` how many of them match
    one of ours. Of `ambiguous`, `senses` are its concepts of that name, which link nothing; of `doubted`, the one whose
    preferred label it is, but which the articles do not bear out, or contradict.
    """

    file: str
    scheme: str | None
    title: str
    sha256: str
    concepts: int
    linked: int
    exact: int
    close: int
    ambiguous: list[Ambiguous] = []
    doubted: list[Ambiguous] = []


class PublishedArtifact(msgspec.Struct, frozen=True):
    """A file or folder of a build, by its path below OUT; a folder's ends in a slash, and has no media type."""

    name: str
    media_type: str | None
    title: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Every count, every problem, versions and timings of one build.

    `configuration` is what the build was told, with the base IRI that it used; `timings` are seconds by stage. `build`
    is a hash of the articles, the configuration and the versions; `ended` is SOURCE_DATE_EPOCH as an xsd:dateTime.
    `digests.features` is a SHA-256 of the unrounded features of all candidates. Two builds of the same articles, with
    the same configuration and software, on the same kind of `processor` (see `kg.base.software.processor`) agree in it.
    `acceleration` has the parts of the tagger, each with the reason why it is not accelerated, or null if it is.
    `artifacts` has all files and folders of the build, see `kg.pipeline.artifacts`.
    `inputs` and `size` tell whether there is anything to do, see `kg.pipeline.inputs`. If there was nothing, the report
    is that of the build that is there, but `unchanged`. `cache_failure` is why nothing could be kept for the next
    build; it is no problem of the articles, and is published nowhere. What came with a later version has a default, so
    that older builds can be read and replaced.
    `near_synonyms` and `ambiguous` are proposals for a person to decide on, see `kg.concepts.review.synonyms`.
    """

    generator: str = GENERATOR
    title: str
    build: str = ""
    ended: str | None = None
    configuration: dict[str, Any]
    configuration_sha256: str
    versions: dict[str, str]
    counts: dict[str, int]
    problems: list[Problem]
    near_synonyms: list[NearSynonyms] = []
    ambiguous: list[Ambiguous] = []
    vocabularies: list[LinkedVocabulary] = []
    artifacts: list[PublishedArtifact] = []
    timings: dict[str, float]
    digests: dict[str, str] = {}
    processor: str = ""
    acceleration: dict[str, str | None] = {}
    inputs: str = ""
    size: tuple[int, int] = (0, 0)
    unchanged: bool = False
    cache_failure: str | None = None

    @property
    def errors(self) -> int:
        """Problems that lost something of an article."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def warnings(self) -> int:
        """Problems that lost nothing."""
        return len(self.problems) - self.errors


def versions(pipeline: str, model: str) -> dict[str, str]:
    """The versions of everything that a build's bytes depend on; `pipeline` is spaCy's, `model` ranks concepts."""
    packages = ("lightgbm", "numpy", "pyarrow", "pyoxigraph", "spacy")
    found = {name: importlib.metadata.version(name) for name in packages}
    return {
        DISTRIBUTION: own_version(),
        **found,
        "pipeline": pipeline,
        "model": model,
        "python": platform.python_version(),
    }


def build_digest(sources: Iterable[tuple[str, str]], configuration: str, software: Mapping[str, str]) -> str:
    """The name of a build, 16 hexadecimal digits: the same for the same input, configuration and versions.

    Args:
        sources: path and SHA-256 of every file that was read.
        configuration: the SHA-256 of the configuration.
        software: versions by name.
    """
    told = msgspec.json.encode([sorted(sources), configuration, sorted(software.items())])
    return hashlib.sha256(told).hexdigest()[:16]


def time_of_build() -> str | None:
    """SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/) as an xsd:dateTime; None without it.

    Raises:
        UsageError: if it is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        return None
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        raise UsageError(f'SOURCE_DATE_EPOCH is "{given}", which is no number of seconds since 1970') from None


def write_report(report: Report, folder: Path) -> None:
    """Write `folder`/report.json."""
    (folder / FILE_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def read_report(folder: Path) -> Report:
    """Read `folder`/report.json.

    Raises:
        DataError: if the folder is no build of ours.
    """
    path = folder / FILE_NAME
    try:
        report = msgspec.json.decode(path.read_bytes(), type=Report)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataError(f"{folder} is not a build of kg: it has no {FILE_NAME}; make one with kg build") from error
    except (OSError, msgspec.DecodeError) as error:
        raise DataError(f"{path} cannot be read ({error}); build the graph again") from error
    if report.generator != GENERATOR or not isinstance(report.configuration.get("base"), str):
        raise DataError(f"{folder} is not a build of kg: another program wrote its {FILE_NAME}")
    return report
