"""Find the settings with which a folder of articles is read: the contents of its kg.toml, or a guess."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kg.base.config import Config, find_config, load_config
from kg.base.errors import ConfigError
from kg.read.dialects.resolve import resolve_config
from kg.read.guess import guess_folder
from kg.read.language import language_tag


def read_settings(articles: Path, config: Path | None = None) -> tuple[Config, Path | None]:
    """Return the resolved configuration of an articles folder, and the kg.toml that it comes from.

    Without a kg.toml, the configuration is what `kg init` would write, and the path is None.

    Args:
        articles: the articles folder.
        config: a kg.toml. If None, it is the one in the articles folder or beside it.

    Raises:
        ConfigError: kg.toml is invalid.
        UsageError: `articles` is not a readable folder.
    """
    source = config if config is not None else find_config(articles)
    settings = load_config(source) if source is not None else guess_folder(articles).config
    language, _ = language_tag(settings.language)
    if language is None:
        raise ConfigError(f'{source}: language: "{settings.language}" is no language like "en" or "English"')
    settings = msgspec.structs.replace(settings, language=language)
    return resolve_config(articles, settings, source), source
