"""Suggestions of synonyms and of ambiguous terms, which are listed in report.json for a person to review.

Concepts are not merged because of a suggestion. A person who accepts a synonym adds it to `concepts.merge` in kg.toml.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.base.report import Ambiguous, NearSynonyms
from kg.base.tables import Tables
from kg.base.threads import one_thread
from kg.concepts.review.context_similarity import ContextSimilarity
from kg.concepts.terms.stems import SMALL, stem, stems

MOST: Final = 50
"""Maximum number of suggestions that are listed for each reason, such as "same acronym"."""
_ALSO_KNOWN_AS: Final = re.compile(
    r",? ?\(?(?:also|sometimes|often|otherwise|commonly) (?:known as|called|referred to as|termed),? (?:an? |the )?"
    r"[\"“']?| \(or (?:an? |the )?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The suggestions for review: pairs of possible synonyms, and terms that may have several meanings."""

    near_synonyms: list[NearSynonyms]
    ambiguous: list[Ambiguous]


def propose(tables: Tables, acronyms: pa.Table) -> Proposals:
    """Compute all suggestions of synonyms and of ambiguous terms.

    Args:
        tables: the tables of a build.
        acronyms: rows of `kg.annotate.rows.ACRONYMS`.
    """
    with one_thread():
        pairs = near_synonyms(tables.articles, tables.concepts, tables.mentions, acronyms)
        return Proposals(pairs, ambiguous(tables.concepts, tables.mentions, acronyms))


def near_synonyms(articles: pa.Table, concepts: pa.Table, mentions: pa.Table, acronyms: pa.Table) -> list[NearSynonyms]:
    """Return pairs of concepts that may be synonyms. Pairs for the most reliable reason come first.

    There are at most `MOST` pairs for each reason. A pair for which there are several reasons is listed only once.

    Args:
        articles: a table with the columns `url` and `parts` of `kg.base.tables.ARTICLES_FOUND`.
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
        mentions: the table `kg.base.tables.MENTIONS`.
        acronyms: rows of `kg.annotate.rows.ACRONYMS`.
    """
    rows = _rows(concepts)
    known = {row["slug"]: row for row in rows}
    seen: set[tuple[str, str]] = set()
    result: list[NearSynonyms] = []
    for reason, pairs in (
        ("said", _stated(articles, mentions)),
        ("same words", _same_words(rows)),
        ("same acronym", _same_acronym(expansions(acronyms), rows)),
        ("same stems", _same_stems(rows)),
        ("same company", _similar_contexts(rows, mentions)),
    ):
        found: list[tuple[int, NearSynonyms]] = []
        for one, other, evidence in pairs:
            first, second = sorted((one, other), key=lambda slug: (-known[slug]["article_count"], slug))
            if (first, second) not in seen:
                seen.add((first, second))
                labels = known[first]["pref_label"], known[second]["pref_label"]
                found.append((known[second]["article_count"], NearSynonyms(*labels, reason, evidence)))
        found.sort(key=lambda pair: (-pair[0], pair[1].label, pair[1].other))
        result += [pair for _, pair in found[:MOST]]
    return result


def _rows(concepts: pa.Table) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = concepts.select(["slug", "normal_form", "pref_label", "article_count"]).to_pylist()
    return found


Pairs = Iterator[tuple[str, str, str]]
"""Tuples that describe possible synonyms: the slugs of the two concepts, and the evidence that they are synonyms."""


def _stated(articles: pa.Table, mentions: pa.Table) -> Pairs:
    """Yield pairs of concepts that an article states to be synonyms: "X, also known as Y" or "X (or Y)".

    The evidence in each tuple is the URL of the article.
    """
    hits: dict[str, list[tuple[str, int, int]]] = {}
    for batch in _matching(articles, _ALSO_KNOWN_AS).select(["url", "parts"]).to_batches(max_chunksize=256):
        for article in batch.to_pylist():
            found = [
                (part["name"], match.start(), match.end())
                for part in article["parts"]
                for match in _ALSO_KNOWN_AS.finditer(part["text"])
            ]
            if found:
                hits[article["url"]] = found
    told: dict[tuple[str, str], str] = {}
    for url, starts, ends in _places(mentions, hits):
        for part, start, end in hits[url]:
            for one in ends.get((part, start), ()):
                for other in starts.get((part, end), ()):
                    if one != other:
                        told.setdefault((min(one, other), max(one, other)), url)
    for (one, other), url in sorted(told.items()):
        yield one, other, url


def _matching(articles: pa.Table, pattern: re.Pattern[str]) -> pa.Table:
    """Return the articles whose text contains a match of a pattern. Upper and lower case are not distinguished."""
    parts = articles["parts"]
    texts = pc.struct_field(pc.list_flatten(parts), "text")
    matches = pc.match_substring_regex(texts, pattern.pattern, ignore_case=True).to_numpy()
    of_article = pc.list_parent_indices(parts)
    return articles.take(np.unique(of_article.to_numpy()[matches]))


def _places(
    mentions: pa.Table, urls: Iterable[str]
) -> Iterator[tuple[str, dict[Any, list[str]], dict[Any, list[str]]]]:
    """Yield each of `urls` whose article has a concept, with two mappings from positions in its text to concepts.

    A position is a pair: the name of a part of the article (such as "answer"), and an offset in the text of this part.
    The first mapping gives, for a position, the longest concept that begins there. The second mapping gives the longest
    concept that ends there. Each concept is given as a list that contains only its slug.
    """
    wanted = mentions.filter(pc.is_in(mentions["article"], pa.array(sorted(urls), pa.string())))
    of_article: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for row in wanted.select(["article", "concept", "occurrences"]).to_pylist():
        of_article[row["article"]] += [(row["concept"], place) for place in row["occurrences"]]
    for url, found in sorted(of_article.items()):
        starts: dict[Any, tuple[int, str]] = {}
        ends: dict[Any, tuple[int, str]] = {}
        for concept, place in found:
            entry = place["end"] - place["start"], concept
            for at, key in ((starts, "start"), (ends, "end")):
                where = place["part"], place[key]
                at[where] = max(entry, at.get(where, (0, "")))
        yield url, {key: [slug] for key, (_, slug) in starts.items()}, {key: [slug] for key, (_, slug) in ends.items()}


def _same_words(rows: Sequence[Mapping[str, Any]]) -> Pairs:
    """Yield pairs of concepts with the same words in another order. The evidence in each tuple is these words.

    A pair is yielded in two cases. Either one of the two terms has function words such as "of", and the other has none
    ("analysis of variance", "variance analysis"). Or a gerund comes first in one of the terms and last in the other
    ("building trust", "trust building"). Other pairs are not yielded, since they may differ in meaning.
    """
    groups: dict[tuple[str, ...], list[tuple[str, list[str]]]] = defaultdict(list)
    for row in rows:
        words = row["normal_form"].split(" ")
        content = tuple(sorted(word for word in words if word not in SMALL))
        if len(content) > 1:
            groups[content].append((row["slug"], words))
    for key, found in sorted(item for item in groups.items() if len(item[1]) > 1):
        for (one, words), (other, others) in combinations(sorted(found), 2):
            moved = len(words) == len(others) == 2 and words[0].endswith("ing") != others[0].endswith("ing")
            if moved or (len(words) == len(key)) != (len(others) == len(key)):
                yield one, other, " ".join(key)


def _same_stems(rows: Sequence[Mapping[str, Any]]) -> Pairs:
    """Yield pairs of concepts with the same last word and the same stems of the words before it.

    An example is "clustering algorithm" and "cluster algorithm". The evidence in each tuple is the stems and the last
    word.
    """
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        words = row["normal_form"].split(" ")
        if len(words) > 1:
            groups[(*(stem(word) for word in words[:-1]), words[-1])].append(row["slug"])
    for key, slugs in sorted(item for item in groups.items() if len(item[1]) > 1):
        for one, other in combinations(sorted(slugs), 2):
            yield one, other, " ".join(key)


def _same_acronym(defined: Mapping[str, Mapping[str, int]], rows: Sequence[Mapping[str, Any]]) -> Pairs:
    """Yield pairs of concepts that are expansions of the same acronym and end in the same word.

    An example is "traveling salesman problem" and "traveling salesperson problem". The evidence in each tuple is the
    acronym.

    Args:
        defined: for each acronym, its expansions; the result of `expansions`.
        rows: the concepts.
    """
    slugs = {row["normal_form"]: row["slug"] for row in rows}
    for short, longs in sorted(defined.items()):
        for one, other in combinations(sorted(long for long in longs if long in slugs), 2):
            if one.split(" ")[-1] == other.split(" ")[-1]:
                yield slugs[one], slugs[other], short


def _similar_contexts(rows: Sequence[Mapping[str, Any]], mentions: pa.Table) -> Pairs:
    """Yield the `MOST` pairs of concepts with the most similar contexts, among those with the same last word.

    The context of a concept is the other concepts in its articles. The evidence in each tuple is the cosine of the two
    context vectors.
    """
    found = sorted(ContextSimilarity(rows, mentions).similar(), key=lambda pair: (-pair[2], pair[0], pair[1]))
    for one, other, cosine in found[:MOST]:
        yield one, other, f"cosine {cosine:.2f}"


def expansions(acronyms: pa.Table) -> dict[str, dict[str, int]]:
    """Return, for each acronym, its expansions, each with the number of articles that define the acronym by it.

    The most frequent expansion comes first. Expansions with the same stems ("first come, first serve", "first come,
    first served") are counted as one expansion. The result has only the most frequent of them.

    Args:
        acronyms: rows of `kg.annotate.rows.ACRONYMS`.
    """
    pairs = sorted(set(zip(*(acronyms[name].to_pylist() for name in ("file", "short", "long")), strict=True)))
    written: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _, short, long in pairs:
        written[short, stems(long.split(" "))][long] += 1
    result: dict[str, dict[str, int]] = defaultdict(dict)
    for (short, _), longs in sorted(written.items(), key=lambda item: (-item[1].total(), item[0])):
        result[short][min(longs, key=lambda long: (-longs[long], long))] = longs.total()
    return dict(sorted(result.items()))


def ambiguous(concepts: pa.Table, mentions: pa.Table, acronyms: pa.Table) -> list[Ambiguous]:
    """Return ambiguous terms: first single words, then acronyms with several expansions; at most `MOST` of each.

    A single word is ambiguous if it occurs in two groups of articles whose other concepts are different.

    Args:
        concepts: the table `kg.base.tables.CONCEPTS_FOUND`.
        mentions: the table `kg.base.tables.MENTIONS`.
        acronyms: rows of `kg.annotate.rows.ACRONYMS`.
    """
    rows = _rows(concepts)
    labels = {row["normal_form"]: row["pref_label"] for row in rows}
    several = [
        Ambiguous(labels.get(short, short.upper()), "acronym", [f"{labels.get(x, x)}: {n}" for x, n in found.items()])
        for short, found in expansions(acronyms).items()
        if len(found) > 1
    ]
    divided = ContextSimilarity(rows, mentions).divided()
    words = [Ambiguous(label, "company", [", ".join(group) for group in groups]) for label, groups in divided]
    words.sort(key=lambda one: one.label)
    several.sort(key=lambda one: (-len(one.senses), one.label))
    return [*words[:MOST], *several[:MOST]]
