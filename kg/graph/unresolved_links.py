"""Broken links: which of them become missing articles, and the problems that are reported about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from kg.base.model import Link, LinkKind, Problem, Severity

_MIN_LINKS: Final = 20
_MAX_RESOLVED: Final = 0.2
"""Limits of a warning about many links, see `UnresolvedLinks`.

Links to addresses with the same first step probably lead to another site if at least `_MIN_LINKS` of them are broken,
and less than the share `_MAX_RESOLVED` of them lead to an article.
"""
_PLACES: Final = 3
"""Maximum number of places that are named in one warning about many links."""


@dataclass(frozen=True, slots=True)
class UnresolvedLink:
    """A link for which no article was found.

    Attributes:
        source: url of the article that has the link.
        file: path of that article's file.
        link: the link.
        position: position of the link in the article, from 1.
        target: url that the missing article would have; None if the link does not determine it.
        reason: why there is no article, for users.
        step: first step of the address that the link leads to, if it leads to an address or a path.
    """

    source: str
    file: str
    link: Link
    position: int
    target: str | None
    reason: str
    step: str | None


@dataclass(slots=True)
class UnresolvedLinks:
    """Collects the links of a folder that lead to no article.

    `resolves` has the kinds of links in a text whose targets are found by rules that are known for the folder's tool.
    `missing_severity` is the severity of a wiki link to a missing article.
    """

    resolves: frozenset[LinkKind]
    missing_severity: Severity = Severity.WARNING
    _links: list[UnresolvedLink] = field(default_factory=list)
    _resolved: Counter[str | None] = field(default_factory=Counter)
    _has_names: bool = False
    _labels: list[tuple[str, str]] = field(default_factory=list)

    def count_resolved(self, link: Link, step: str | None) -> None:
        """Count a link that leads to an article; `step` is the first step of its address."""
        self._resolved[step] += 1
        self._has_names |= link.kind is LinkKind.NAME

    def add(self, link: UnresolvedLink) -> None:
        """Add a link that leads to no article."""
        self._links.append(link)

    def add_label(self, label: str, place: str) -> None:
        """Add a link, at a `place` such as "a.md:3", to a label that is in no article."""
        self._labels.append((label, place))

    def with_targets(self) -> Iterator[UnresolvedLink]:
        """Yield the links whose targets become missing articles.

        This is the case for all links in the front matter. It is the case for a link in the text if the url of its
        target is known, and if its address probably belongs to the folder.
        """
        foreign = self._foreign_steps()
        for link in self._links:
            if link.link.kind is LinkKind.FIELD or (link.target and link.step not in foreign):
                yield link

    def problems(self) -> list[Problem]:
        """Return a warning for each link, or one warning for all links with the same first step.

        If broken wiki links are normal in the tool, there is one note about all of them. There is also one note about
        all broken links to labels.

        `[[x]]` is not reported if wiki links are not part of the tool's syntax and none of them leads to an article:
        the brackets probably mean something else.
        """
        foreign = self._foreign_steps()
        together: dict[str, list[UnresolvedLink]] = defaultdict(list)
        unwritten: list[UnresolvedLink] = []
        problems = []
        for link in self._links:
            if link.step in foreign and link.step is not None:
                together[link.step].append(link)
            elif link.link.kind is LinkKind.NAME and self.missing_severity is Severity.NOTE:
                unwritten.append(link)
            elif link.link.kind is not LinkKind.NAME or LinkKind.NAME in self.resolves or self._has_names:
                problems.append(_problem(link))
        problems += [self._together(step, links) for step, links in sorted(together.items())]
        problems += [_unwritten(unwritten)] if unwritten else []
        return [*problems, *([_unknown_labels(self._labels)] if self._labels else [])]

    def _foreign_steps(self) -> set[str | None]:
        missing = Counter(link.step for link in self._links if link.step is not None)
        return {
            step
            for step, count in missing.items()
            if count >= _MIN_LINKS and self._resolved[step] < _MAX_RESOLVED * (count + self._resolved[step])
        }

    def _together(self, step: str, links: list[UnresolvedLink]) -> Problem:
        places = ", ".join(f"{link.file}:{link.link.line or 1}" for link in links[:_PLACES])
        message = (
            f"{len(links):,} of {len(links) + self._resolved[step]:,} links to addresses below /{step} lead to no "
            f"article ({places}, ...); if these pages are in this folder, set content in [read] of kg.toml; if they "
            "are on another site, set site to the address of this one"
        )
        return Problem(Severity.WARNING, "missing-targets", ".", None, None, message)


def _unwritten(links: list[UnresolvedLink]) -> Problem:
    names = Counter(link.target or link.link.url for link in links)
    shown = {link.target or link.link.url: link.link.url for link in links}
    often = ", ".join(shown[target] or "" for target, _ in names.most_common(_PLACES))
    pages = "1 page that has" if len(names) == 1 else f"{len(names):,} pages that have"
    count = "1 link leads" if len(links) == 1 else f"{len(links):,} links lead"
    message = f"{count} to {pages} no text yet; those that are linked to most often: {often}"
    return Problem(Severity.NOTE, "unwritten", ".", None, None, message)


def _unknown_labels(labels: list[tuple[str, str]]) -> Problem:
    first: dict[str, str] = {}
    for label, place in labels:
        first.setdefault(label, place)
    shown = ", ".join(f"{label} ({place})" for label, place in islice(first.items(), _PLACES))
    count = "1 link names" if len(labels) == 1 else f"{len(labels):,} links name"
    message = (
        f"{count} a label or an object that is in no article, but may be in a page that the tool generates, or in "
        f"another project: {shown}"
    )
    return Problem(Severity.NOTE, "unknown-label", ".", None, None, message)


def _problem(link: UnresolvedLink) -> Problem:
    written = link.link
    what = written.url or (f'"{written.title}"' if written.title else f"id {written.id}")
    name = "related link" if written.kind is LinkKind.FIELD else "link"
    return Problem(
        Severity.WARNING,
        "missing-target",
        link.file,
        written.line,
        written.property,
        f"{name} to {what}: {link.reason}",
    )
