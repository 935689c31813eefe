"""The plan of a build: its arguments, completed from kg.toml, the articles folder and the installed software."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from kg.annotate.curation import Curation, read_curation
from kg.annotate.nlp.package import pipeline_version
from kg.base.config import Config
from kg.base.digests import digest_of
from kg.base.fingerprint import code_digest, output_software, row_software
from kg.base.iris import DEFAULT_BASE, check_base
from kg.base.paths import real_path
from kg.base.report import time_of_build, versions
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.ranking.ranker import model_folder, model_version
from kg.read.settings import read_settings
from kg.read.vocabulary import read_vocabulary


@dataclass(frozen=True)
class Plan:
    """All settings that are fixed before a build reads the first article.

    Attributes:
        root: the articles folder.
        target: the output folder.
        settings: the resolved configuration. It combines kg.toml, the caller's arguments, which override kg.toml, and
            the dialect of the folder.
        curation: the entries of kg.toml about single concepts.
        lexicon: the names of the concepts of all external vocabularies.
        model: the folder of the model that ranks concepts.
        pipeline: name and version of the spaCy pipeline.
        versions: maps the names of kg, its libraries, the pipeline and the model to versions, as in the report.
        ended: the time of the build, see `kg.base.report.time_of_build`.
    """

    root: Path
    target: Path
    settings: Config
    curation: Curation
    lexicon: Lexicon
    model: Path
    pipeline: str
    versions: dict[str, str]
    ended: str | None

    @cached_property
    def row_software(self) -> dict[str, str]:
        """The software and processor on which the results of reading and tagging an article depend.

        See `kg.base.fingerprint.row_software`.
        """
        return row_software(self.pipeline)

    @cached_property
    def output_software(self) -> str:
        """Digest of the software and processor on which the whole output depends.

        See `kg.base.fingerprint.output_software`.
        """
        return digest_of(output_software(self.versions))

    @property
    def scores_key(self) -> str:
        """Key under which the cache keeps the ranker's scores of the candidate terms in this articles folder."""
        ranker = [self.versions["lightgbm"], self.versions["model"], code_digest(("concepts",))]
        return digest_of(["odds", *ranker, str(real_path(self.root))])


def make_plan(
    articles: Path,
    out: Path | None,
    config: Path | None,
    *,
    base: str | None,
    concepts: Mapping[str, Any],
    publish: Mapping[str, Any],
) -> Plan:
    """Make the plan of a build from its arguments.

    Args:
        articles: the articles folder.
        out: the output folder. If None, it is `exports/NAME`, where NAME is the name of the articles folder.
        config: a file kg.toml. If None, the kg.toml in the articles folder or beside this folder is used.
        base: the base IRI. If None, the base IRI in kg.toml is used.
        concepts: maps names of options in `kg.base.config.Concepts` to values. If a value is None, the value in kg.toml
            is used.
        publish: the same for the options in `kg.base.config.Publish`.

    Raises:
        UsageError: kg.toml is invalid, `articles` is not a folder, or a pipeline, a model or a vocabulary is missing.
        DataError: a vocabulary cannot be read as SKOS.
    """
    settings, source = read_settings(articles, config)
    settings = msgspec.structs.replace(
        settings,
        base=check_base(base or settings.base or DEFAULT_BASE),
        concepts=msgspec.structs.replace(settings.concepts, **_given(concepts)),
        publish=msgspec.structs.replace(settings.publish, **_given(publish)),
    )
    is_asked_for = concepts.get("vocabularies") is not None  # if so, paths are relative to the working directory
    lexicon = _lexicon(settings, Path() if is_asked_for or source is None else source.parent)
    model = model_folder(settings.concepts.model, source)
    pipeline = pipeline_version(settings.annotate.pipeline)
    return Plan(
        root=articles,
        target=out if out is not None else Path("exports") / real_path(articles).name,
        settings=settings,
        curation=read_curation(settings.concepts, source),
        lexicon=lexicon,
        model=model,
        pipeline=pipeline,
        versions=versions(pipeline, model_version(model)),
        ended=time_of_build(),
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _lexicon(settings: Config, folder: Path) -> Lexicon:
    """Read all vocabularies, each file once, and return the names of their concepts.

    The paths of the vocabularies are relative to `folder`.
    """
    paths = {real_path(folder / path): folder / path for path in settings.concepts.vocabularies}
    return Lexicon([read_vocabulary(path) for path in paths.values()])
