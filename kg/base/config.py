"""The configuration in kg.toml, as an immutable object with typed attributes.

The defaults fit the usual conventions for front matter. So most folders of articles need no kg.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from kg.base.config_errors import config_error
from kg.base.digests import digest_of
from kg.base.errors import ConfigError
from kg.base.iris import check_base, check_site, is_web_address
from kg.base.paths import is_file, real_path
from kg.base.toml import MAX_LENGTH, TomlError, parse_toml

FILE_NAME: Final = "kg.toml"
_SPDX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class ContentRoot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A folder whose files are pages of a site.

    Attributes:
        folder: path below the articles folder; "" is the articles folder itself.
        prefix: the first steps of the addresses of these pages, such as "docs" or "de/docs"; "" if there are none.
        language: the language of these pages, as written in the tool's configuration; None if it is not configured.
        kind: the dialect's name for these pages, such as "blog"; "" for ordinary pages.
        permalink: the tool's pattern for the addresses of these pages, such as "/:year/:title/"; "" for its default.
    """

    folder: str = ""
    prefix: str = ""
    language: str | None = None
    kind: str = ""
    permalink: str = ""


class ToolSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The part of a tool's own configuration that decides which files are pages, and what their addresses are.

    Attributes:
        title: title of the site.
        site: web address of the site.
        roots: the folders with the pages. If there are none, every file has the address of a file in a plain folder.
        exclude: globs of files that are not articles, relative to the articles folder.
        permalinks: pairs of the name of a section and the pattern for the addresses of its pages.
        options: pairs of a name and a value, which only the dialect of the tool understands.
        ignores_case: whether upper and lower case make no difference in paths and addresses, whatever the dialect says.
        has_layouts: whether a page can have no text of its own, because a layout or an included file fills it.
        only_content: whether the tool publishes only files in `roots`, so that other files are not articles.
        has_labels: whether a link can name a label in the text of a page, as in MyST.
        notes: sentences for users about files that are not read, or are read in a special way.
    """

    title: str | None = None
    site: str | None = None
    roots: tuple[ContentRoot, ...] = (ContentRoot(),)
    exclude: tuple[str, ...] = ()
    permalinks: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    ignores_case: bool = False
    has_layouts: bool = False
    only_content: bool = False
    has_labels: bool = False
    notes: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        """Return whether a file, given by its path below the articles folder, is in one of the content roots."""
        return any(not root.folder or path.startswith(f"{root.folder}/") for root in self.roots)

    def option(self, name: str) -> str | None:
        """Return the value of an option, or None if it is not set."""
        return dict(self.options).get(name)


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for reading: which files are articles, and for which tool (such as Hugo) they are written.

    Attributes:
        suffixes: file name suffixes of articles, in lower case.
        max_file_bytes: maximum size of a file in bytes; a larger file is not read.
        include: globs of the files to read, relative to the articles folder; see `kg.read.globs`.
        exclude: globs of the files and folders to skip, even if a glob in `include` matches them.
        drafts: whether drafts are read.
        tool: the tool by whose conventions the files are read, such as "hugo" or "obsidian". If None, the tool is
            detected; see `kg.read.dialects.resolve`.
        content: a folder below the articles folder. The addresses of the site's pages are formed from the paths of
            files relative to this folder. If None, the folder is detected.
        settings: what the tool's own configuration says about addresses. If None, it is read from that configuration.
    """

    suffixes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\.[^./A-Z]+$")], ...] = (".md", ".markdown", ".mdx")
    max_file_bytes: Annotated[int, msgspec.Meta(gt=0)] = 5_000_000
    include: tuple[str, ...] = ("**",)
    exclude: tuple[str, ...] = ("**/node_modules",)
    drafts: bool = False
    tool: str | None = None
    content: str | None = None
    settings: ToolSettings | None = None


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The front-matter fields that kg reads. Each attribute, such as `title`, is a property of an article.

    The value of an attribute is a list of names of front-matter fields. The names are tried in order.

    `a.b` is the field `b` inside the field `a`. A name that ends in `*` matches all fields that begin with the
    text before the `*`: `related_article*` matches `related_article1`, `related_article2` and so on.
    """

    url: tuple[str, ...] = ("url", "permalink")
    id: tuple[str, ...] = ("id",)
    title: tuple[str, ...] = ("title", "article_title")
    date: tuple[str, ...] = (
        *("date", "published", "created"),
        *("publishDate", "publish_date", "publishdate", "pubDate", "pubdate", "date_published", "datePublished"),
        *("published_at", "publishedAt", "created_at", "createdAt", "date_created", "dateCreated"),
    )
    authors: tuple[str, ...] = ("author", "authors")
    language: tuple[str, ...] = ("language", "lang")
    subject: tuple[str, ...] = ("subject", "category")
    keywords: tuple[str, ...] = ("seo.page_keywords", "keywords", "tags")
    categories: tuple[str, ...] = ("categories",)
    aliases: tuple[str, ...] = ("aliases", "alias")
    redirects: tuple[str, ...] = ("redirect_from",)
    question: tuple[str, ...] = ("question",)
    answer: tuple[str, ...] = ("answer",)
    links: tuple[str, ...] = ("related_article*", "related")
    no_index: tuple[str, ...] = ("no_index", "noindex")
    slug: tuple[str, ...] = ("slug",)
    draft: tuple[str, ...] = ("draft",)


class Annotate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for part-of-speech tagging.

    `pipeline` is the name of an installed spaCy pipeline. If it is None, the small English pipeline is used.
    """

    pipeline: str | None = None


class Concepts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Options for choosing concepts.

    Attributes:
        per_article: how many concepts of each article are kept. "auto" keeps all candidates that are probably concepts;
            a number keeps that many of the best candidates.
        keywords: whether the keywords in the front matter of articles become concepts.
        model: path, relative to kg.toml, of a folder with a model that `kg train` wrote; None for the model that comes
            with kg.
        vocabularies: paths of SKOS files, relative to kg.toml. The concepts of the graph are matched with the concepts
            in these files, see `kg.concepts.linking`.
        reject: terms that must not become concepts, see `kg.annotate.curation`.
        accept: terms that must become concepts.
        rename: maps a term to the preferred label that its concept gets.
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
    """Options for what is written in addition to the graph of articles and concepts.

    Attributes:
        evidence: which occurrences of concepts are written to evidence.nt.gz: "top" for the best occurrence of each
            concept in each article, "all" for all occurrences. With "none", the file is not written.
        site_jsonld: whether to write JSON-LD that can be embedded in the web pages of the articles.
        site_faq: whether to include questions and answers in the JSON-LD for web pages.
        organizations: names of those authors that are organizations and not persons.
        site_pages: whether to write an HTML page for each IRI.
        related_json: whether to write a JSON file with related articles for each article.
    """

    evidence: Literal["top", "all", "none"] = "top"
    site_jsonld: bool = False
    site_faq: bool = False
    organizations: tuple[str, ...] = ()
    site_pages: bool = False
    related_json: bool = False


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The contents of kg.toml.

    `language` is the language of `title` and `description`, as a tag of BCP 47 or as the name of the language.
    `license` is the web address of the articles' licence, or the licence's identifier in the SPDX list, such as
    "CC-BY-4.0". `site` is the web address of the articles.
    """

    base: str | None = None
    title: str | None = None
    language: str = "en"
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
    beside = articles.parent if articles.name not in {"", ".."} else real_path(articles).parent
    for folder in (articles, beside):
        if is_file(folder / FILE_NAME):
            return folder / FILE_NAME
    return None


def load_config(path: Path) -> Config:
    """Read a kg.toml.

    Raises:
        ConfigError: if the file cannot be read or is invalid. The message names the file, and the key or the line.
    """
    try:
        source = _read_text(path)
        values = parse_toml(source)
        config = msgspec.convert(values, Config, strict=True)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    except TomlError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}:{config_error(error, source, Config)}") from error
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
    """Yield each string in a value of kg.toml, including keys, with the name of its field."""
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
    """Return the text of a file.

    If the file is too long for `parse_toml`, only its beginning is returned, which is still too long.
    """
    with path.open("rb") as file:
        return file.read(4 * MAX_LENGTH + 4).decode("utf-8")
