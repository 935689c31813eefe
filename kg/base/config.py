"""The configuration in kg.toml, as one frozen, typed value.

The defaults fit the common front-matter conventions. So most folders need no kg.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from kg.base.digests import digest_of
from kg.base.errors import ConfigError
from kg.base.iris import check_base, check_site, is_web_address
from kg.base.toml import MAX_LENGTH, TomlError, parse_toml

FILE_NAME: Final = "kg.toml"
_SPDX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for reading: which files are articles, and in which dialect they are written.

    Attributes:
        suffixes: file name suffixes of articles, in lower case.
        max_file_bytes: maximum size of a file in bytes; a larger file is not read.
        include: globs of the files to read; see `kg.read.globs`. Globs are relative to the articles folder.
        exclude: globs of the files and folders to skip, even if a glob in `include` matches them.
        drafts: whether drafts are read.
        tool: name of the dialect. If None, the dialect is detected; see `kg.read.dialects.resolve`.
        content: a folder below the articles folder. The addresses of the site's pages are formed from the paths of
            files relative to this folder. If None, the folder is detected.
    """

    suffixes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\.[^./A-Z]+$")], ...] = (".md", ".markdown")
    max_file_bytes: Annotated[int, msgspec.Meta(gt=0)] = 5_000_000
    include: tuple[str, ...] = ("**",)
    exclude: tuple[str, ...] = ("**/node_modules",)
    drafts: bool = False
    tool: str | None = None
    content: str | None = None


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The roles of front-matter fields. Each attribute, such as `title`, is a role.

    The value of an attribute has the names of the fields that can have this role. The names are tried in order.

    `a.b` is the field `b` inside the field `a`. A name that ends in `*` matches all fields that begin with the
    text before the `*`: `related_article*` matches `related_article1`, `related_article2` and so on.
    """

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
    """Options for tagging.

    `pipeline` is the name of an installed spaCy pipeline. If it is None, the small English pipeline is used.
    """

    pipeline: str | None = None


class Concepts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for choosing concepts.

    Attributes:
        per_article: how many concepts of each article are kept. "auto" keeps all candidates that are probably concepts;
            a number keeps that many of the best candidates.
        keywords: whether the keywords that authors gave become concepts.
        model: a folder that `kg train` wrote, relative to kg.toml; None for the model that comes with kg.
        vocabularies: SKOS files, relative to kg.toml. Their concepts are matched with those of the graph, see
            `kg.concepts.linking`.
        reject: terms that must not become concepts, see `kg.annotate.curation`.
        accept: terms that must become concepts.
        rename: maps a term to the preferred label of its concept.
        merge: maps the name of a concept to other names of the same concept.
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
        evidence: which occurrences of concepts are written to evidence.nt.gz: "top" for the best occurrence of each
            concept in each article, "all" for all occurrences. With "none", the file is not written.
        site_jsonld: whether to write JSON-LD to embed in the articles' pages.
        site_faq: whether to include questions and answers in that JSON-LD.
        organizations: names of those authors that are organizations and not persons.
        site_pages: whether to write an HTML page for each IRI.
    """

    evidence: Literal["top", "all", "none"] = "top"
    site_jsonld: bool = False
    site_faq: bool = False
    organizations: tuple[str, ...] = ()
    site_pages: bool = False


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The contents of kg.toml.

    `license` is the web address of the articles' licence, or the licence's identifier in the SPDX list, such as
    "CC-BY-4.0". `site` is the web address of the articles.
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
    """Return the path of the kg.toml in the folder `articles`, or else of the kg.toml beside that folder.

    Return None if there is neither.
    """
    beside = articles.parent if articles.name not in {"", ".."} else articles.resolve().parent
    for folder in (articles, beside):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load_config(path: Path) -> Config:
    """Read a kg.toml.

    Raises:
        ConfigError: if the file cannot be read or is invalid. The message names the file, and the key or the line.
    """
    try:
        values = parse_toml(_read_text(path))
        config = msgspec.convert(values, Config, strict=True)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    except TomlError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}") from error
    for name, text in _texts("", values):
        if found := _CONTROL.search(text):
            raise ConfigError(f"{path}: {name}: has the control character U+{ord(found[0]):04X} in it")
    if config.base is not None:
        check_base(config.base, f"{path}: base")
    if config.site is not None:
        check_site(config.site, f"{path}: site")
    license = config.license
    if license is not None and not (_SPDX.fullmatch(license) or is_web_address(license)):
        raise ConfigError(
            f'{path}: license: "{license}" is neither a web address, like https://example.org/terms, nor an identifier '
            "of the SPDX licence list, like CC-BY-4.0"
        )
    return config


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each text in a value of kg.toml, also each key, with the name of the field that has it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(name, part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield name, key
            yield from _texts(f"{name}.{key}".lstrip("."), part)


def _read_text(path: Path) -> str:
    """Return the text of a file; of a very long file, only more characters than `parse_toml` accepts."""
    with path.open("rb") as file:
        return file.read(4 * MAX_LENGTH + 4).decode("utf-8")
