"""Compounds with an open spelling ("data set" or "data-set") and a closed spelling ("dataset")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.rows import FORMS
from kg.annotate.text.normal_form import SEPARATOR
from kg.concepts.terms.corpus import ReadRows, rows_of
from kg.concepts.terms.term_index import TermIndex, numbers_of, strings

_NOT_AFTER_RE: Final = frozenset(
    """
    collect count cover create creation dress fuse form fund lay lease mark move pair pose port present press prove
    public serve sign sort source store strain sult treat tire turn
    """.split()
)
"""Words that are not joined with a preceding "re", because the joined word means something else.

For example, "to re-form" does not mean "to reform".

Source: P. Peters, The Cambridge Guide to English Usage (2004), under "re-".
"""
_PREFIXES: Final = frozenset(
    """
    anti bi bio co counter cyber de electro extra geo hyper hypo inter intra macro mega meta micro mid mini mono multi
    nano neuro non over para photo poly post pre proto pseudo psycho quasi re semi socio sub super tele thermo trans
    ultra un under
    """.split()
)
"""Prefixes, such as "multi", which are not words of their own.

"multi agent" may therefore be joined if any term contains the word "multiagent". If the first of two words is not a
prefix, the words may be joined only if each of the two spellings ("data set", "dataset") is a whole term.
"""
_DETERMINERS: Final = frozenset({"the", "an"})
"""Words that are dropped at the beginning of a term, if the rest of the term is a term too.

The article "a" is not among them, since "a" may also be a letter or a Latin word ("A level", "vitamin A", "a priori").
"""


def compounds(vocabulary: TermIndex, words: pa.Table, read_forms: ReadRows) -> dict[str, str]:
    """Map each term that contains an open compound ("data set") to the term with the closed compound ("dataset").

    The words of a compound are joined only if the articles have both spellings. They are joined even if the closed
    spelling is rare, so that one more article with "data set" does not change the IRI of the concept. If the closed
    spelling has capitals that the open spelling does not have, it is a name ("Salesforce", "ProjectManager"), and the
    words are not joined. If both spellings have the same capitals ("WiFi", "Wi-Fi"), the words are joined. In
    addition, a "the" or "an" at the beginning of a term is dropped if the rest of the term is a term too.

    Args:
        vocabulary: the index of all terms, which are normal forms.
        words: rows of `kg.annotate.rows.WORDS`.
        read_forms: reads `kg.annotate.rows.FORMS`, the table of the written forms of terms.

    Returns:
        A mapping from each term that changes to its new normal form.
    """
    pairs = _closed_pairs(vocabulary)
    terms = numbers_of(vocabulary.terms, (name for pair in pairs for name in (" ".join(pair), "".join(pair))))
    joined = _same_capitals(sorted(pair for pair in pairs if _may_join(*pair, terms)), words, read_forms)
    concerned = np.union1d(vocabulary.holding_pairs(joined), vocabulary.beginning(_DETERMINERS))
    split = [term.split(" ") for term in sorted(strings(vocabulary.terms, concerned))]
    without_first = numbers_of(vocabulary.terms, (" ".join(parts[1:]) for parts in split if parts[0] in _DETERMINERS))
    result: dict[str, str] = {}
    for parts in split:
        term = " ".join(parts)
        if parts[0] in _DETERMINERS and " ".join(parts[1:]) in without_first:
            parts = parts[1:]
        closed = " ".join(_joined(parts, joined))
        if closed != term:
            result[term] = closed
    return result


def _closed_pairs(vocabulary: TermIndex) -> list[tuple[str, str]]:
    """Return the pairs of adjacent words in terms that, written together, are also a word in some term.

    For example, ("data", "set") is such a pair if some term contains the word "dataset".
    """
    words = pa.array(vocabulary.words, pa.string())
    one, other = vocabulary.pairs()
    closed = pc.is_in(pc.binary_join_element_wise(words.take(pa.array(one)), words.take(pa.array(other)), ""), words)
    are = closed.to_numpy(zero_copy_only=False)
    pairs = zip(one[are].tolist(), other[are].tolist(), strict=True)
    return [(vocabulary.words[first], vocabulary.words[second]) for first, second in pairs]


def _may_join(first: str, second: str, terms: Container[str]) -> bool:
    if not (first.isalpha() and second.isalpha() and len(second) > 1):
        return False
    if first in _PREFIXES:
        return not (first == "re" and second in _NOT_AFTER_RE)
    return (len(first) > 1 or first == "e") and f"{first} {second}" in terms and first + second in terms


def _joined(parts: list[str], joined: set[tuple[str, str]]) -> list[str]:
    result: list[str] = []
    at = 0
    while at < len(parts):
        width = 2 if tuple(parts[at : at + 2]) in joined else 1
        result.append("".join(parts[at : at + width]))
        at += width
    return result


def _same_capitals(pairs: list[tuple[str, str]], words: pa.Table, read_forms: ReadRows) -> set[tuple[str, str]]:
    """Return the pairs whose two words may be joined, judging by the capitals of the spellings.

    The words may be joined if the closed spelling, such as "dataset", is not a name. If it is a name, they may be
    joined only if the open spelling has the same capitals, as in "WiFi" and "Wi-Fi".
    """
    closed = {first + second for first, second in pairs}
    spelt: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for word, count in zip(words["word"].to_pylist(), words["count"].to_pylist(), strict=True):
        folded = word.casefold()
        for normal in {folded, folded.removesuffix("s")} & closed:
            spelt[normal][word] += count
    opened: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    wanted = {f"{first} {second}" for first, second in pairs} | closed
    forms = rows_of(read_forms, wanted, FORMS.names)
    columns = (forms[name].to_pylist() for name in FORMS.names)
    for term, form, running, count in zip(*columns, strict=True):
        weight = count * (1000 if running else 1)  # forms in prose outweigh those in headings etc.
        opened[term][SEPARATOR.sub("", form)] += weight
    result = set()
    for first, second in pairs:
        in_prose = spelt.get(first + second)
        closed_form = _commonest(in_prose or opened.get(first + second, {}))
        open_form = _commonest(opened.get(f"{first} {second}", {}))
        may_open = not in_prose or first in _PREFIXES  # if so, an initial capital is no sign of a name
        is_name = not (closed_form.islower() or (may_open and closed_form[1:].islower()))
        if not is_name or open_form.rstrip("s") == closed_form.rstrip("s"):
            result.add((first, second))
    return result


def _commonest(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda form: (-counts[form], form), default="")
