"""The plan of a build: what it was asked for, resolved against kg.toml, the folder and what is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from kg.annotate.curation import Curation, read_curation
from kg.annotate.nlp.package import pipeline_version
from kg.base.config import Config, find_config, load_config
from kg.base.digests import digest_of
from kg.base.iris import DEFAULT_BASE, check_base
from kg.base.report import time_of_build, versions
from kg.base.software import code_digest, output_software, row_software
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.ranking.ranker import model_folder, model_version
from kg.read.dialects.resolve import resolve_config
from kg.read.vocabulary import read_vocabulary


@dataclass(frozen=True)
class Plan:
    """What a build needs to know before it looks at an article.

    Attributes:
        root: the articles folder.
        target: the output folder.
        settings: kg.toml, where the caller asked for nothing else, with the folder's dialect.
        curation: what kg.toml says of single concepts.
        lexicon: the names of all external vocabularies.
        model: the folder of the model that ranks concepts.
        pipeline: name and version of the spaCy pipeline.
        versions: of the program, its libraries, the pipeline and the model, as the report names them.
        ended: the time that the build is given, see `kg.base.report.time_of_build`.
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
        """What rows depend on, see `kg.base.software.row_software`."""
        return row_software(self.pipeline)

    @cached_property
    def output_software(self) -> str:
        """A digest of `kg.base.software.output_software`."""
        return digest_of(output_software(self.versions))

    @property
    def scores_key(self) -> str:
        """The key of the scores of candidates in the cache."""
        ranker = [self.versions["lightgbm"], self.versions["model"], code_digest(("concepts",))]
        return digest_of(["odds", *ranker, str(self.root.resolve())])


def make_plan(
    articles: Path,
    out: Path | None,
    config: Path | None,
    *,
    base: str | None,
    concepts: Mapping[str, Any],
    publish: Mapping[str, Any],
) -> Plan:
    """Resolve what a build was asked for.

    Args:
        articles: the articles folder.
        out: the output folder; `exports/NAME` if None.
        config: a kg.toml; the one in the folder or beside it if None.
        base: the base IRI, or None for that of kg.toml.
        concepts: values for `kg.base.config.Concepts` by name; None leaves the one of kg.toml.
        publish: the same for `kg.base.config.Publish`.

    Raises:
        UsageError: kg.toml is wrong, `articles` is no folder, or a pipeline, a model or a vocabulary is missing.
        DataError: a vocabulary cannot be read as SKOS.
    """
    source = config if config is not None else find_config(articles)
    settings = load_config(source) if source is not None else Config()
    settings = msgspec.structs.replace(
        settings,
        base=check_base(base or settings.base or DEFAULT_BASE),
        concepts=msgspec.structs.replace(settings.concepts, **_given(concepts)),
        publish=msgspec.structs.replace(settings.publish, **_given(publish)),
    )
    settings = resolve_config(articles, settings, source)
    is_asked_for = concepts.get("vocabularies") is not None  # then paths are relative to the working directory
    lexicon = _lexicon(settings, Path() if is_asked_for or source is None else source.parent)
    model = model_folder(settings.concepts.model, source)
    pipeline = pipeline_version(settings.annotate.pipeline)
    return Plan(
        root=articles,
        target=out if out is not None else Path("exports") / articles.resolve().name,
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
    """Read all vocabularies, whose paths are relative to `folder`, each once."""
    paths = {(folder / path).resolve(): folder / path for path in settings.concepts.vocabularies}
    return Lexicon([read_vocabulary(path) for path in paths.values()])
