"""The configuration, kg.toml, as one frozen, typed value.

The defaults fit the common front-matter conventions, so that most folders need no kg.toml.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from kg.base.digests import digest_of
from kg.base.errors import ConfigError
from kg.base.iris import check_base

FILE_NAME: Final = "kg.toml"
_LICENSE: Final = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+|[A-Za-z0-9][A-Za-z0-9.+-]*""")


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for reading: the files that are articles, and the dialect that they are written in.

    Attributes:
        suffixes: file name suffixes of articles, in lower case.
        max_file_bytes: size in bytes above which a file is not read.
        include: globs over the path below the articles folder, see `kg.read.globs`.
        exclude: globs of paths that are skipped.
        drafts: whether drafts are read.
        tool: name of the dialect; detected if None, see `kg.read.dialects.resolve`.
        content: the folder whose paths are the site's addresses; detected if None.
    """

    suffixes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\.[^./A-Z]+$")], ...] = (".md", ".markdown")
    max_file_bytes: Annotated[int, msgspec.Meta(gt=0)] = 5_000_000
    include: tuple[str, ...] = ("**",)
    exclude: tuple[str, ...] = ("**/node_modules",)
    drafts: bool = False
    tool: str | None = None
    content: str | None = None


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Names of front-matter fields by role, tried in order; `a.b` is a nested field, `*` matches numbered fields."""

    url: tuple[str, ...] = ("url", "permalink")
    id: tuple[str, ...] = ("id",)
    title: tuple[str, ...] = ("title", "article_title")
    date: tuple[str, ...] = ("date", "published", "created")
    authors: tuple[str, ...] = ("author", "authors")
    language: tuple[str, ...] = ("language", "lang")
    subject: tuple[str, ...] = ("subject", "category")
    keywords: tuple[str, ...] = ("seo.page_keywords", "keywords", "tags")
    categories: tuple[str, ...] = ("categories",)
    aliases: tuple[str, ...] = ("aliases", "alias")
    question: tuple[str, ...] = ("question",)
    answer: tuple[str, ...] = ("answer",)
    links: tuple[str, ...] = ("related_article*", "related")
    no_index: tuple[str, ...] = ("no_index", "noindex")
    slug: tuple[str, ...] = ("slug",)
    draft: tuple[str, ...] = ("draft",)


class Annotate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for tagging; `pipeline` names an installed spaCy pipeline, by default the small English one."""

    pipeline: str | None = None


class Concepts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for choosing concepts.

    Attributes:
        per_article: "auto" keeps the candidates that are probably concepts; a number keeps that many of the best.
        keywords: whether keywords of authors become concepts.
        model: a folder that `kg train` wrote, relative to kg.toml; None for the model that comes with kg.
        vocabularies: SKOS files, relative to kg.toml, whose concepts are linked, see `kg.concepts.linking`.
        reject: terms that are no concepts, see `kg.annotate.curation`.
        accept: terms that are concepts.
        rename: preferred labels by term.
        merge: other names of a concept by its name.
    """

    per_article: Literal["auto"] | Annotated[int, msgspec.Meta(ge=1)] = "auto"
    keywords: bool = True
    model: str | None = None
    vocabularies: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    rename: dict[str, str] = {}
    merge: dict[str, Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]] = {}


class Publish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for what is written in addition to the core graph.

    Attributes:
        evidence: occurrences in evidence.nt.gz: the best one of each pair of article and concept, or all of them.
            With "none", the file is not written.
        site_jsonld: write JSON-LD to embed in the articles' pages.
        site_faq: include questions and answers in that JSON-LD.
        organizations: authors that are organizations rather than persons.
        site_pages: write an HTML page for each IRI.
    """

    evidence: Literal["top", "all", "none"] = "top"
    site_jsonld: bool = False
    site_faq: bool = False
    organizations: tuple[str, ...] = ()
    site_pages: bool = False


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The contents of kg.toml.

    `license` is the IRI of the articles' licence, or its identifier in the SPDX licence list ("CC-BY-4.0").
    """

    base: str | None = None
    title: str | None = None
    description: str | None = None
    license: str | None = None
    site: str | None = None
    read: Read = Read()
    fields: Fields = Fields()
    annotate: Annotate = Annotate()
    concepts: Concepts = Concepts()
    publish: Publish = Publish()

    def digest(self) -> str:
        """Return the SHA-256 of the configuration, in hexadecimal."""
        return digest_of(self)


def find_config(articles: Path) -> Path | None:
    """Return the path of the kg.toml in the folder, else of the one beside it; None if there is neither."""
    beside = articles.parent if articles.name not in {"", ".."} else articles.resolve().parent
    for folder in (articles, beside):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load_config(path: Path) -> Config:
    """Read a kg.toml.

    Raises:
        ConfigError: if it cannot be read or is invalid; the message names the file and the key or line.
    """
    try:
        config = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Config, strict=True)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}") from error
    for name, value in (("base", config.base), ("site", config.site)):
        if value is not None:
            check_base(value, f"{path}: {name}")
    if config.license is not None and not _LICENSE.fullmatch(config.license):
        raise ConfigError(
            f'{path}: license: "{config.license}" is neither an IRI, like https://example.org/terms, nor an identifier '
            "of the SPDX licence list, like CC-BY-4.0"
        )
    return config
