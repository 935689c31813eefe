"""What a synthetic corpus is made of: the sentences of a folder's articles, and how its words and terms grow.

What kg takes as a candidate for a concept is approached here without a tagger: a run of words that are neither stop
words nor mostly something else than nouns and modifiers, every part of it, and two runs that a preposition or "and"
joins. In 2,000 real articles these were 123,000 distinct terms, with 111,000 candidates of kg, and both grow alike.
"""

from __future__ import annotations

import functools
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources import Source, by_hash, files_of, read_sources
from spacy.lang.en.stop_words import STOP_WORDS

from kg.annotate.text.stopwords import BREAKING, LEADING, LINKING
from kg.concepts.ranking.features import PRIOR_USES, WORD_USES
from kg.read.mathematics import decode_line_breaks

MOST_WORDS = 4
"""Of a part of a run; a run may be longer."""

MOSTLY = 0.5
"""The share of a word's uses as something else than a noun or a modifier from which on it ends a run."""

FROM = 500
"""Articles from which on growth is fitted: a small sample grows faster."""

_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*])")
_LINE_START = re.compile(r"[ \t]*(?:[-*+] |\d+[.)] |#{1,6} |> )?")
_PAIRED = ("**", '"')
_FIXED = ("$", "`", "](", "\\")

Run = tuple[int, int, tuple[str, ...], str]
"""Of a run of words in a sentence: its code points, its words in lower case, and what joins it to the next, or ""."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text without line breaks, and the runs in it whose words may be exchanged."""

    text: str
    runs: tuple[Run, ...] = ()


Line = tuple[str, list[Sentence]]
"""What a line of Markdown begins with ("1. ", "## "), and its sentences."""


@dataclass(slots=True)
class Donor:
    """An article of the source: its fields, its text as lines, and the sentences that may stand elsewhere."""

    source: Source
    lines: list[Line]
    plain: list[Sentence]
    bold: list[Sentence]
    """Sentences that begin in bold type, as those of list items do."""


@dataclass(slots=True)
class Pool:
    """The articles of a source by subject, and what was counted in them."""

    donors: dict[str, list[Donor]] = field(default_factory=lambda: defaultdict(list))
    modifiers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Of each subject every word in runs, as often as it stands there: before other words, and at the end."""
    growth: list[tuple[int, int, int]] = field(default_factory=list)
    """Articles, and the distinct terms and words in them."""
    has_answers: bool = False
    links: float = 0.0
    """Related links of an article."""
    missing: float = 0.0
    """The share of them that leads to no article of the source."""


@functools.cache
def breaking() -> frozenset[str]:
    """The words that end a run."""
    lines = (line.split("\t") for line in WORD_USES.read_text("utf-8").splitlines())
    others = {line[0] for line in lines if int(line[4]) + int(line[2]) >= MOSTLY * PRIOR_USES}
    return frozenset(STOP_WORDS | BREAKING | LEADING | LINKING.keys() | others)


def read_pool(folder: Path) -> Pool:
    """Read the articles of a folder, in an order by which its subjects stay mixed, and count as they come."""
    pool = Pool()
    files = by_hash(files_of(folder))
    terms: set[str] = set()
    words: set[str] = set()
    urls: set[str] = set()
    wanted: list[str] = []
    steps = {max(1, round(len(files) * 0.5 ** (step / 2))) for step in range(12)}
    for number, source in enumerate(read_sources(folder, files), start=1):
        answer = source.fields.get("answer")
        pool.has_answers = pool.has_answers or isinstance(answer, str)
        donor = cut(source, decode_line_breaks(answer) if isinstance(answer, str) else source.markdown)
        subject = str(source.fields.get("subject") or "General")
        pool.donors[subject].append(donor)
        for _, sentences in donor.lines:
            for one in sentences:
                terms.update(terms_of(one.runs))
                for _, _, run, _ in one.runs:
                    words.update(run)
                    pool.modifiers[subject] += run[:-1]
                    pool.heads[subject].append(run[-1])
        urls.add(str(source.fields.get("url")))
        wanted += related(source.fields)
        if number in steps:
            pool.growth.append((number, len(terms), len(words)))
    articles = sum(map(len, pool.donors.values()))
    pool.links = len(wanted) / max(1, articles)
    pool.missing = sum(url not in urls for url in wanted) / max(1, len(wanted))
    return pool


def related(fields: dict[str, Any]) -> list[str]:
    """The urls of an article's related links, each once."""
    links = (value.get("url") for key, value in fields.items() if key.startswith("related") and isinstance(value, dict))
    return list(dict.fromkeys(url for url in links if url))


def cut(source: Source, markdown: str) -> Donor:
    """Cut a text into lines and sentences; lines of code, tables and mathematics stay whole."""
    donor = Donor(source, [], [], [])
    is_code = False
    for line in markdown.strip().split("\n"):
        is_fence = line.lstrip().startswith("```")
        if is_code or is_fence or line.lstrip().startswith(("|", "$$", "\\[")):
            donor.lines.append((line, []))
        else:
            start = _LINE_START.match(line)
            assert start is not None
            sentences = [sentence(text) for text in _SENTENCE_END.split(line[start.end() :]) if text.strip()]
            donor.lines.append((start[0], sentences))
            for one in sentences:
                if one.runs and all(one.text.count(mark) % 2 == 0 for mark in _PAIRED):
                    (donor.bold if one.text.startswith("**") else donor.plain).append(one)
        is_code = is_code != is_fence
    return donor


def sentence(text: str) -> Sentence:
    """A sentence with its runs; one with mathematics, code or a link has none, so that nothing in those is changed."""
    return Sentence(text) if any(mark in text for mark in _FIXED) else Sentence(text, tuple(runs_of(text)))


def runs_of(text: str) -> Iterator[Run]:
    """The runs of words that may be nouns or modifiers."""
    stop = breaking()
    found: list[list[re.Match[str]]] = []
    end = -2
    for word in _WORD.finditer(text):
        if word[0].lower() in stop:
            continue
        if word.start() == end + 1 and text[end] == " ":
            found[-1].append(word)
        else:
            found.append([word])
        end = word.end()
    for number, run in enumerate(found):
        last = run[-1].end()
        gap = text[last : found[number + 1][0].start()].strip().lower() if number + 1 < len(found) else ""
        joins = gap if gap and all(part in LINKING for part in gap.split(" ")[:3]) else ""
        yield run[0].start(), last, tuple(word[0].lower() for word in run), joins


def terms_of(runs: Sequence[Run]) -> Iterator[str]:
    """Every part of every run, and the pairs of runs that are joined, the first by its head."""
    for number, (_, _, words, joins) in enumerate(runs):
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
                yield " ".join(words[start:end])
        if joins:
            yield f"{words[-1]} {joins} {runs[number + 1][2][-1]}"


def fit(points: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """`k` and `b` of k * n ** b (Heaps' law) through numbers of articles and what was distinct in them."""
    chosen = [point for point in points if point[0] >= FROM]
    chosen = chosen if len(chosen) > 1 else list(points)[-4:]
    if len(chosen) < 2:
        return float(points[-1][1]) / points[-1][0] ** 0.7, 0.7
    x = [math.log(n) for n, _ in chosen]
    y = [math.log(count) for _, count in chosen]
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    slope = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    slope /= math.fsum((a - mean_x) ** 2 for a in x)
    return math.exp(mean_y - slope * mean_x), slope
