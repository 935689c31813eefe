"""The report of a build, report.json."""

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
from kg.base.fingerprint import DISTRIBUTION, own_version
from kg.base.iris import is_web_address
from kg.base.model import Problem, Severity

FILE_NAME: Final = "report.json"
GENERATOR: Final = "kg"


class NearSynonyms(msgspec.Struct, frozen=True):
    """The labels of two concepts that are proposed as synonyms.

    `label` is the label of the concept that occurs in more articles; `other` is the label of the other concept.

    `reason` is "said" (an article says so, as in "X, also known as Y"), "same words", "same acronym", "same stems"
    or "same company" (both occur in similar contexts). `evidence` depends on the reason. It is the url of the article
    for "said", the shared words for "same words", the acronym for "same acronym", the stems for "same stems", and the
    cosine similarity of the contexts for "same company".
    """

    label: str
    other: str
    reason: str
    evidence: str


class Ambiguous(msgspec.Struct, frozen=True):
    """A term that may have several senses.

    `reason` is "acronym" (it has several long forms), "company" (its contexts fall into groups) or "vocabulary" (see
    `LinkedVocabulary`). `senses` has a description of each sense.
    """

    label: str
    reason: str
    senses: list[str]


class LinkedVocabulary(msgspec.Struct, frozen=True):
    """An external vocabulary, with whose concepts the concepts of the graph were matched.

    Attributes:
        file: path of the vocabulary's file.
        scheme: IRI of the concept scheme.
        title: title of the vocabulary.
        sha256: SHA-256 of the file.
        concepts: number of the vocabulary's concepts that have an English label.
        linked: number of the vocabulary's concepts that match a concept of the graph.
        exact: number of exact matches.
        close: number of close matches.
        ambiguous: concepts of the graph with a name that several concepts of the vocabulary have. `senses` has these
            concepts of the vocabulary. The concept of the graph was not matched with any of them.
        doubted: concepts of the graph that were not matched with a concept of the vocabulary, although it has the same
            preferred label. The articles do not support the match, or contradict it. `senses` has one item, the concept
            of the vocabulary.
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
    """A file or folder of a build.

    `name` is its path relative to the output folder. The name of a folder ends in a slash; its `media_type` is None.
    """

    name: str
    media_type: str | None
    title: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Counts, problems, versions and timings of one build.

    Attributes that later versions of kg added have a default, so that the reports of earlier versions can still be
    read.

    Attributes:
        generator: name of the program that wrote the report.
        title: title of the graph.
        build: identifier of the build, a hash of the articles, the configuration and the versions.
        ended: the time in the environment variable SOURCE_DATE_EPOCH as an xsd:dateTime; None if it is not set.
        configuration: the resolved configuration, with the base IRI that was used.
        configuration_sha256: SHA-256 of the configuration.
        versions: maps the name of each piece of software to its version.
        counts: maps the name of each count, such as "articles", to the number.
        problems: problems of the input, errors first and notes last.
        near_synonyms: concepts that may be synonyms, for a person to review; see `kg.concepts.review.synonyms`.
        ambiguous: terms that may have several senses, for a person to review.
        vocabularies: the external vocabularies, with whose concepts the concepts of the graph were matched.
        timings: maps the name of each stage to the seconds that it took.
        digests: has one entry with the key `features`. Its value is a SHA-256 of the unrounded features of all
            candidate terms. The value is equal for two builds of the same articles, with the same configuration and
            software, on the same kind of `processor`.
        processor: the kind of processor, see `kg.base.fingerprint.processor`.
        acceleration: maps each part of the tagger, such as "tokenizer", to the reason why it was not replaced by a
            faster part, or to null if it was replaced.
        artifacts: the files and folders of the build, see `kg.pipeline.artifact_registry`.
        inputs: digest of all inputs of the build, see `kg.pipeline.change_detection`.
        size: two numbers: how many files and how many bytes the build has, see `kg.pipeline.change_detection`.
        source: a digest of the path from the output folder to the articles folder, see `kg.pipeline.change_detection`.
        unchanged: true if no input has changed since the previous build. In this case nothing was built, and this is
            the report of the previous build.
        cache_failure: reason why nothing could be cached for the next build, or None. It is not among the `problems`,
            since it is not a problem of the articles.
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
    source: str = ""
    size: tuple[int, int] = (0, 0)
    unchanged: bool = False
    cache_failure: str | None = None

    @property
    def site(self) -> str | None:
        """Web address of the articles, or None if the configuration has none.

        Pages link to this address, and the build of this report may come from anybody. So a text that is not a web
        address is ignored.
        """
        site = self.configuration.get("site")
        return site if isinstance(site, str) and is_web_address(site) else None

    @property
    def errors(self) -> int:
        """Number of problems that are errors. Only errors change the exit status."""
        return self._number_of(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Number of problems that are warnings."""
        return self._number_of(Severity.WARNING)

    @property
    def notes(self) -> int:
        """Number of problems that are notes."""
        return self._number_of(Severity.NOTE)

    def _number_of(self, severity: Severity) -> int:
        return sum(problem.severity is severity for problem in self.problems)


def versions(pipeline: str, model: str) -> dict[str, str]:
    """Return the versions of the software and of the models that the bytes of a build depend on, by name.

    Args:
        pipeline: name and version of the spaCy pipeline.
        model: version of the model that ranks concepts.

    Raises:
        UsageError: if kg is not installed as a distribution.
    """
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
    """Return the identifier of a build, which consists of 16 hexadecimal digits.

    It is the same for two builds with the same input, configuration and software versions.

    Args:
        sources: path and SHA-256 of each file that was read.
        configuration: the SHA-256 of the configuration.
        software: maps the name of each piece of software to its version.
    """
    encoded = msgspec.json.encode([sorted(sources), configuration, sorted(software.items())])
    return hashlib.sha256(encoded).hexdigest()[:16]


def time_of_build() -> str | None:
    """Return the time in the environment variable SOURCE_DATE_EPOCH as an xsd:dateTime; None if it is not set.

    See https://reproducible-builds.org/specs/source-date-epoch/.

    Raises:
        UsageError: if the value of the variable is not a number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        return None
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        raise UsageError(f'SOURCE_DATE_EPOCH is "{given}", which is not a number of seconds since 1970') from None


def write_report(report: Report, folder: Path) -> None:
    """Write `folder`/report.json."""
    (folder / FILE_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def read_report(folder: Path) -> Report:
    """Read `folder`/report.json.

    Raises:
        DataError: if the folder is not a kg build, or its report cannot be read.
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
