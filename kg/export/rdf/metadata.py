"""Metadata of an export: its title, its licence, and the build that made it (described in PROV-O)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.base.fingerprint import DISTRIBUTION
from kg.base.iris import Minter
from kg.base.report import LinkedVocabulary, Report
from kg.export.rdf.terms import (
    ACTIVITY,
    CONFIGURATION_HASH,
    ENDED_AT_TIME,
    NAME,
    SOFTWARE_AGENT,
    SOFTWARE_APPLICATION,
    SOFTWARE_VERSION,
    TITLE,
    TYPE,
    USED,
    WAS_ASSOCIATED_WITH,
    XSD_DATE_TIME,
    Property,
    RdfNode,
)

_SPDX: Final = "http://spdx.org/licenses/"
_LANGUAGES: Final = "http://id.loc.gov/vocabulary/iso639-"
_SOFTWARE: Final = {
    "kg": (DISTRIBUTION, "kg"),
    "spacy": ("spacy", "spaCy"),
    "pipeline": ("pipeline", "spaCy pipeline {}"),
    "model": ("model", "kg concept ranker {}"),
}
"""Software agents of a build.

Each key is the fragment of an agent's IRI. Each value has two parts: the key of the agent in
`ExportMetadata.versions`, and the agent's name. In the name, {} is replaced by a name that `versions` gives, such as
"en_core_web_sm".
"""


@dataclass(frozen=True, slots=True)
class ExportMetadata:
    """Metadata of a build that are not in its tables; `site` is the address of the website with the articles."""

    minter: Minter
    title: str
    language: str
    """The tag of the language of `title` and `description`, in lower case."""
    description: str | None
    license: str | None
    site: str | None
    build: str
    """The hash of the articles, the configuration and the versions. The IRI of the build ends in this hash."""
    configuration_sha256: str
    versions: Mapping[str, str]
    ended: str | None
    """The time in SOURCE_DATE_EPOCH as an xsd:dateTime, or None if this environment variable is not set.

    It is published as the time when the build ended.
    """
    vocabularies: tuple[LinkedVocabulary, ...] = ()
    """The external vocabularies with which the concepts were matched."""
    organizations: tuple[str, ...] = ()
    """Names of authors that are organizations, from kg.toml."""

    @classmethod
    def of(cls, report: Report) -> ExportMetadata:
        """Return the metadata of the build that a report describes."""
        configuration = report.configuration
        return cls(
            minter=Minter(configuration["base"]),
            title=report.title,
            language=configuration.get("language", "en"),
            description=configuration.get("description"),
            license=configuration.get("license"),
            site=configuration.get("site"),
            build=report.build,
            configuration_sha256=report.configuration_sha256,
            versions=report.versions,
            ended=report.ended,
            vocabularies=tuple(report.vocabularies),
            organizations=tuple(configuration["publish"]["organizations"]),
        )

    @property
    def activity(self) -> NamedNode:
        """The IRI of the build, which is a prov:Activity."""
        return NamedNode(self.minter.build(self.build))

    def license_iri(self) -> NamedNode | None:
        """Return the IRI of the licence, or None if there is no licence.

        A licence without a colon is an identifier of the SPDX licence list; any other is already an IRI.
        """
        if self.license is None:
            return None
        return NamedNode(self.license if ":" in self.license else _SPDX + self.license)

    def provenance(self) -> Iterator[RdfNode]:
        """Yield the build as a prov:Activity, then its software agents (https://www.w3.org/TR/prov-o/)."""
        agents = list(self._agents())
        properties: list[Property] = [
            (TYPE, ACTIVITY),
            (TITLE, Literal(f"Build of {self.title}", language=self.language)),
            (CONFIGURATION_HASH, Literal(self.configuration_sha256)),
        ]
        if self.ended is not None:
            properties.append((ENDED_AT_TIME, Literal(self.ended, datatype=XSD_DATE_TIME)))
        schemes = sorted({one.scheme for one in self.vocabularies if one.scheme is not None})
        properties += [(USED, NamedNode(scheme)) for scheme in schemes]
        yield RdfNode(self.activity, [*properties, *((WAS_ASSOCIATED_WITH, agent.iri) for agent in agents)])
        yield from agents

    def _agents(self) -> Iterator[RdfNode]:
        for fragment, (key, name) in _SOFTWARE.items():
            if key in self.versions:
                # for the pipeline and the model, a name precedes the version: "en_core_web_sm 3.8.0"
                own, _, version = self.versions[key].rpartition(" ")
                properties: list[Property] = [
                    (TYPE, SOFTWARE_AGENT),
                    (TYPE, SOFTWARE_APPLICATION),
                    (NAME, Literal(name.format(own))),
                    (SOFTWARE_VERSION, Literal(version)),
                ]
                yield RdfNode(NamedNode(f"{self.activity.value}#{fragment}"), properties)


def language_iris(tags: Iterable[str]) -> list[NamedNode]:
    """Return the IRIs of the languages that BCP 47 tags name, sorted; each language occurs once.

    The IRIs are those of the Library of Congress, which are used as values of dcterms:language. Tags that do not begin
    with an ISO 639 code of two or three letters are skipped.

    >>> [iri.value for iri in language_iris(["pt-br", "en", "en-gb"])]
    ['http://id.loc.gov/vocabulary/iso639-1/en', 'http://id.loc.gov/vocabulary/iso639-1/pt']
    """
    codes = {tag.partition("-")[0].lower() for tag in tags}
    known = sorted(code for code in codes if re.fullmatch("[a-z]{2,3}", code))
    return [NamedNode(f"{_LANGUAGES}{len(code) - 1}/{code}") for code in known]
