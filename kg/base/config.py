"""kg.toml as one frozen, typed value.

Every default fits the common front-matter conventions, so that most folders need no kg.toml at all.
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
    """Which files are articles, and whose conventions they follow.

    `include` and `exclude` are globs over the path below the articles folder (see `kg.read.globs`). `tool` is the name
    of a dialect and `content` the folder at which addresses begin; `kg.read.dialects.resolve` checks them, and guesses
    them if they are None.
    """

    suffixes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\.[^./A-Z]+$")], ...] = (".md", ".markdown")
    max_file_bytes: Annotated[int, msgspec.Meta(gt=0)] = 5_000_000
    include: tuple[str, ...] = ("**",)
    exclude: tuple[str, ...] = ("**/node_modules",)
    drafts: bool = False
    tool: str | None = None
    content: str | None = None


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which front-matter field is what: names tried in order, `a.b` for a nested one, `*` for numbered ones."""

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
    """How text is tagged; `pipeline` names an installed spaCy pipeline, by default its small English one."""

    pipeline: str | None = None


class Concepts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many concepts an article gets: `auto` cuts by confidence, a number keeps that many of the best.

    `model` is a folder that `kg train` wrote, relative to kg.toml; by default, the one that comes with the program.
    `vocabularies` are SKOS files, likewise, whose concepts are looked for and matched, see `kg.concepts.linking`.
    The others name single concepts, see `kg.annotate.curation`: `rename` gives labels, `merge` the other names of one.
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
    """What is written beside the core graph, and beside that for a site.

    `evidence` is what evidence.nt.gz holds: the best occurrence of each pair of an article and a concept, or all, or
    none, and then there is no such file. `site_jsonld` is JSON-LD to embed in the articles' pages, `site_faq` that with
    their questions and answers; `organizations` are the authors who are no persons. `site_pages` is a page for
    everything that has an IRI.
    """

    evidence: Literal["top", "all", "none"] = "top"
    site_jsonld: bool = False
    site_faq: bool = False
    organizations: tuple[str, ...] = ()
    site_pages: bool = False


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of kg.toml.

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
        """SHA-256 of everything that the configuration says, in hexadecimal."""
        return digest_of(self)


def find_config(articles: Path) -> Path | None:
    """The kg.toml that belongs to a folder: inside it, else beside it."""
    beside = articles.parent if articles.name not in {"", ".."} else articles.resolve().parent
    for folder in (articles, beside):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load_config(path: Path) -> Config:
    """Read one kg.toml.

    Raises:
        ConfigError: names the file and the key or line that is wrong.
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
