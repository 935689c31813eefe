"""Construction of IRIs and slugs. No other module constructs them.

The slug of a concept, which is part of its IRI, is derived from the concept's normal form (singular, lower case), and
not from its label or its part-of-speech tags. So the IRI stays the same when a better label is chosen.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from kg.base.errors import ConfigError
from kg.base.model import PartName

DEFAULT_BASE: Final = "https://kg.example/"

KG: Final = "https://w3id.org/kg-builder/ns#"
PREFIXES: Final[dict[str, str]] = {
    "kg": KG,
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

NAMESPACES: Final = {
    **PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
"""Maps each prefix to its namespace. Includes the prefixes that are used only in dataset.ttl."""

_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_/]+")
# Matches characters that must be escaped in the path and query of an IRI (RFC 3987, section 2.2). Among them is a
# percent sign that is not the start of an escape.
_NOT_IN_PATH = re.compile(
    r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd]"
)
_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]*:)?//([^/?#]+)")
_WEB_ADDRESS = re.compile(
    r"(https?://[^\W_](?:[\w\-]*[^\W_])?(?:\.[\w\-]+)*(?::[0-9]{1,5})?)((?:[/?#].*)?)", re.IGNORECASE | re.DOTALL
)
_ESCAPED_DOT = re.compile("%2e", re.IGNORECASE)
_DOT_SEGMENT = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_RESERVED = re.compile(r"(?:association|author|build|community|concept|graph|subject)/|(?:concepts|subjects)$")


def slug(text: str) -> str:
    """Return a readable, stable name for `text`, which can be part of an IRI.

    The text is normalised to NFC and casefolded, and its words are joined by hyphens. If a character has to be dropped
    (such as "+"), a short hash of the casefolded text is appended. So two texts have the same slug only if they have
    the same words, without regard to case.

    >>> slug("Data Drift"), slug("naïve Bayes"), slug("C")
    ('data-drift', 'naïve-bayes', 'c')
    >>> slug("C++") != slug("C#")
    True
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    if _PLAIN.fullmatch(folded):
        return folded.replace(" ", "-")
    words = [word for word in _SEPARATORS.split(folded) if word]
    kept = [_NOT_IN_PATH.sub("", "".join(c for c in word if unicodedata.category(c)[0] in "LNM")) for word in words]
    name = "-".join(word for word in kept if word)
    if kept != words or not words:
        digest = hashlib.sha256((" ".join(words) or folded).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        name = f"{name}-{digest}" if name else digest
    return name


def check_base(base: str, name: str = "the base IRI") -> str:
    """Check a base IRI, and return it with exactly one slash at its end. Error messages refer to it as `name`.

    Raises:
        ConfigError: if `base` is not a valid absolute IRI, if it has a query or a fragment (so that no path can be
            appended), or if its scheme would make a browser execute or display the rest of the IRI, like `javascript:`.
    """
    try:
        parts = urlsplit(base)
        parts.port  # noqa: B018  raises an error if the port is not a number
    except ValueError as error:
        raise ConfigError(f'{name} "{base}" is not valid: {error}') from error
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*", parts.scheme) or not (parts.netloc or parts.path.strip("/")):
        raise ConfigError(f'{name} "{base}" is not absolute: write it like https://example.org/')
    if parts.scheme in {"data", "javascript", "vbscript"}:
        raise ConfigError(f'{name} "{base}" is code or data for a browser: write it like https://example.org/')
    if "#" in base or "?" in base:
        raise ConfigError(f'{name} "{base}" has a "#" or "?" in it, so nothing can be joined to it')
    if _NOT_IN_PATH.search(base):
        raise ConfigError(f'{name} "{base}" has a character that an IRI cannot hold')
    return base.rstrip("/") + "/"


def check_site(site: str, name: str = "the site") -> str:
    """Check the web address of a site, and return it with exactly one slash at its end. See `check_base`.

    Pages link to addresses on the site, so it must be an address that a browser opens.

    Raises:
        ConfigError: if `site` is not a web address, or if no path can be appended to it.
    """
    checked = check_base(site, name)
    if not is_web_address(site):
        raise ConfigError(f'{name} "{site}" is not a web address: write it like https://example.org')
    return checked


def is_web_address(text: str) -> bool:
    """Whether `text` is an absolute address with the scheme http or https, and a valid IRI."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  raises an error if the port is not a number
    except ValueError:
        return False
    is_valid = not _NOT_IN_PATH.search(text.replace("#", "", 1))
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_valid


@lru_cache(1 << 12)  # called many times in a row for the same url: once for each link and concept of an article
def url_path(url: str) -> str:
    """Return the path that follows the base IRI in the IRI of the article `url`.

    Scheme, host and leading slashes are removed, the segments "." and ".." are resolved, and characters that an IRI
    cannot hold are escaped. A path that is reserved for IRIs of other things, such as `concept/x` for a concept, is
    prefixed with `article/`.

    >>> url_path("/learn/a b"), url_path("https://example.org/x?y=1#z"), url_path("/concept/x"), url_path("/a/../b")
    ('learn/a%20b', 'x?y=1%23z', 'article/concept/x', 'b')
    """
    path = _path(url)
    return f"article/{path}" if _RESERVED.match(path) else path


def page_address(site: str, url: str) -> str:
    """Return the web address of the article `url` on the website with the address `site`.

    >>> page_address("https://example.org/kb/", "/concept/x")
    'https://example.org/kb/concept/x'
    """
    return f"{site.rstrip('/')}/{_path(url)}"


def host_of(url: str) -> str | None:
    """Return the host in a url, in lower case and without `www.`, or None if the url has none and is only a path.

    >>> host_of("https://www.Example.org/a"), host_of("/a"), host_of("obsidian://open?vault=x")
    ('example.org', None, 'open')
    """
    found = _HOST.match(url)
    return found[1].rpartition("@")[2].lower().removeprefix("www.") if found else None


def web_iri(url: str) -> str | None:
    """Return a web address as an IRI, with characters escaped that an IRI cannot hold; None if it is not a web address.

    >>> web_iri("https://example.org/a b?c=[1]#d"), web_iri("file:///a"), web_iri("https://a b/")
    ('https://example.org/a%20b?c=%5B1%5D#d', None, None)
    """
    found = _WEB_ADDRESS.fullmatch(unicodedata.normalize("NFC", url.strip()))
    if found is None:
        return None
    rest, mark, fragment = found[2].partition("#")
    return f"{found[1].lower()}{_escaped(_without_dot_segments(rest))}{mark}{_escaped(fragment)}"


def has_dot_segments(url: str) -> bool:
    """Whether the path of a url or an IRI has a segment "." or "..", as in "/learn/../x".

    A "#" counts as part of the path, since it becomes part of the path in the IRI of an article.
    """
    return _DOT_SEGMENT.search(url.partition("?")[0]) is not None


def _path(url: str) -> str:
    without_host = re.sub(r"^(?:[A-Za-z][A-Za-z0-9+.\-]*:)?//[^/]*", "", url)
    path = _without_dot_segments(unicodedata.normalize("NFC", without_host).lstrip("/"))
    return _escaped(path.lstrip("/"))


def _without_dot_segments(url: str) -> str:
    """Return `url`, which begins with a path, with the segments "." and ".." resolved (RFC 3986, section 5.2.4).

    Some RDF parsers resolve these segments, and others do not. An escaped dot (`%2e`) is the same as a dot.
    """
    if not has_dot_segments(url):
        return url
    path = url.partition("?")[0]
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for number, segment in enumerate(segments, start=1):
        dots = _ESCAPED_DOT.sub(".", segment)
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(segment)
        if dots in {".", ".."} and number == len(segments):
            kept.append("")
    return "/" * path.startswith("/") + "/".join(kept) + url[len(path) :]


def _escaped(text: str) -> str:
    return _NOT_IN_PATH.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "replace")), text
    )


@dataclass(frozen=True, slots=True)
class Minter:
    """Factory of the IRIs of a graph. They all begin with the IRI `base`, which ends in a slash; see `check_base`."""

    base: str

    def article(self, url: str) -> str:
        """Return the IRI of an article. The article need not exist: a link to a missing article needs an IRI too."""
        return self.base + url_path(url)

    def part(self, url: str, name: PartName | str) -> str:
        """Return the IRI of a part of an article; it ends in `#question`, `#answer` or `#body`."""
        return f"{self.article(url)}#{name}"

    def mention(self, url: str, concept_slug: str) -> str:
        """Return the IRI of the annotation (Web Annotation) that states that an article has a concept."""
        return f"{self.article(url)}#mention-{concept_slug}"

    def target(self, url: str, concept_slug: str, part: PartName | str, start: int) -> str:
        """Return the IRI of the target of an annotation, which is an occurrence of a concept in the text of an article.

        The occurrence begins at code point `start` of a part of the article. The target has two selectors. Their IRIs
        are the IRI of the target with `-position` and with `-quote` appended.
        """
        return f"{self.mention(url, concept_slug)}-{part}-{start}"

    def similarity(self, one: str, other: str) -> str:
        """Return the IRI of the node that describes how similar two articles are.

        `one` and `other` are the urls of the articles. Their order makes no difference. The IRI is that of the first
        article, in the order of urls, with a fragment that ends in a short hash of the IRI of the second article.
        """
        first, second = sorted((one, other))
        digest = hashlib.sha256(self.article(second).encode()).hexdigest()[:12]
        return f"{self.article(first)}#similar-{digest}"

    def source(self, url: str) -> str:
        """Return the IRI of the file that an article was read from."""
        return f"{self.article(url)}#source"

    def concept(self, concept_slug: str) -> str:
        """Return the IRI of a concept."""
        return f"{self.base}concept/{concept_slug}"

    def association(self, one: str, other: str) -> str:
        """Return the IRI of the node that describes how closely two concepts are related.

        `one` and `other` are the slugs of the concepts. Their order makes no difference.
        """
        return f"{self.base}association/{'--'.join(sorted((one, other)))}"

    def community(self, community_slug: str) -> str:
        """Return the IRI of a community, which is a group of articles and concepts that are linked closely."""
        return f"{self.base}community/{community_slug}"

    def subject(self, label: str) -> str:
        """Return the IRI of the subject that has the label `label`; upper and lower case make no difference."""
        return f"{self.base}subject/{slug(label)}"

    def subject_count(self, concept_slug: str, subject: str) -> str:
        """Return the IRI of the node with the number of articles of a subject that have a concept.

        `subject` is the label of the subject.
        """
        return f"{self.concept(concept_slug)}#in-{slug(subject)}"

    def author(self, name: str) -> str:
        """Return the IRI of the author with this name; upper and lower case make no difference."""
        return f"{self.base}author/{slug(name)}"

    @property
    def concept_scheme(self) -> str:
        """The IRI of the SKOS concept scheme of all concepts."""
        return f"{self.base}concepts"

    @property
    def subject_scheme(self) -> str:
        """The IRI of the SKOS concept scheme of all subjects."""
        return f"{self.base}subjects"

    @property
    def core_graph(self) -> str:
        """The IRI of the named graph, in the SPARQL store, with the articles, the concepts and their relations."""
        return f"{self.base}graph/core"

    @property
    def evidence_graph(self) -> str:
        """The IRI of the named graph, in the SPARQL store, with the evidence: the occurrences of concepts in texts."""
        return f"{self.base}graph/evidence"

    @property
    def dataset(self) -> str:
        """The IRI of the dataset that all files of a build form together, and of the named graph that describes it.

        The nodes that describe the dataset have this IRI with a fragment.
        """
        return f"{self.base}graph/dataset"

    @property
    def ontology_graph(self) -> str:
        """The IRI of the named graph, in the SPARQL store, with the ontology of kg."""
        return f"{self.base}graph/ontology"

    def build(self, digest: str) -> str:
        """Return the IRI of a build as an activity (prov:Activity); `digest` is the identifier of the build."""
        return f"{self.base}build/{digest}"
