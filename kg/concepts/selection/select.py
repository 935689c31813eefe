"""Selection: choose the concepts of each article among its candidate terms.

All values are computed in arrays over all articles. The result depends only on the articles, and not on how their files
are ordered or divided into batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.annotate.curation import read_curation
from kg.annotate.text.term_filter import is_term
from kg.base.arrays import Bools, Floats, Ints, Ints32
from kg.base.config import Concepts
from kg.base.iris import slug
from kg.base.memory import release_memory
from kg.base.tables import each_row
from kg.concepts.linking.disambiguation import link_terms
from kg.concepts.linking.lexicon import Lexicon
from kg.concepts.ranking.features import no_noun_phrase
from kg.concepts.ranking.ranker import Ranker
from kg.concepts.selection.shared_headings import shared_headings
from kg.concepts.selection.to_tables import ABOUT, Names, Pairs, Selection, place_in_file
from kg.concepts.terms.candidate_store import Candidates, candidates_of
from kg.concepts.terms.corpus import Corpus
from kg.concepts.terms.curate import without_rejected
from kg.concepts.terms.merge_candidates import merge_variants, names, of_several_names, without_other_words
from kg.concepts.terms.term_index import Postings, is_any, numbers_of, sort_unique, strings
from kg.concepts.terms.variants import Variants, find_variants

EARNED: Final = 0.7
"""Salience that a term must reach in at least one article to be a concept.

There are two exceptions. A term that an author or kg.toml names is always a concept. A term that is probably a concept
of several articles needs less salience, see `SEVERAL`.
"""
SEVERAL: Final = 3
"""Minimum number of articles with a term as a likely concept, if its highest salience is between `ABOUT` and `EARNED`.

It is a likely concept of an article if its probability there is at least `kg.concepts.ranking.ranker.Card.cut`, or if
the author of the article or kg.toml names it.
"""
ESTABLISHED: Final = 0.3
"""A concept is established if at least this share of the articles that contain its term have it as a concept.

The other articles that contain the term are then taken to mention the concept, with the restriction of `MENTIONED`.
"""
MENTIONED: Final = 0.08
"""Minimum probability at which an article mentions an established concept of one word.

With a lower probability, the word may have another meaning in the article. For terms of several words, there is no
such limit.
"""


def select(
    corpus: Corpus,
    options: Concepts,
    ranker: Ranker,
    lexicon: Lexicon | None = None,
    folder: Path | None = None,
) -> Selection:
    """Choose the concepts of every article.

    An author's keyword is always a concept, unless it is code, mathematics or a generic word such as "approach". Its
    salience is (1 + p) / 2, where p is the probability from the ranker. If the text of the article does not contain the
    keyword, its salience is 0.5. A term that kg.toml accepts is always a concept of the articles that contain it, and
    its salience is (1 + p) / 2 too.

    Args:
        corpus: the annotations of all articles.
        options: the table `[concepts]` of kg.toml: number of concepts per article, whether keywords are used, and
            curation entries.
        ranker: computes the probability that a candidate is a concept.
        lexicon: the names in external vocabularies. A term of several words with an exact match in a vocabulary is a
            concept of all articles that contain it. A single word with an exact match, or a term of several words with
            a close match, is a concept of those articles in which its probability is at least `MENTIONED`.
        folder: the folder for temporary files, see `kg.concepts.terms.candidate_store.candidates_of`.
    """
    curation = read_curation(options)
    if not options.keywords:
        corpus = replace(corpus, articles=without_keywords(corpus.articles))

    lexicon = lexicon or Lexicon()
    variants = find_variants(corpus, curation, lexicon.acronyms)

    def read(columns: Sequence[str]) -> Iterator[pa.Table]:
        parts = (without_rejected(part, curation) for part in corpus.read_candidates(columns))
        return (without_other_words(part, variants) for part in parts)

    release_memory()  # frees the strings of all terms
    concerned = of_several_names(read, variants)
    known = names(concerned, variants)
    united = (without_rejected(part, curation) for part in merge_variants(read, variants, concerned))
    candidates = candidates_of(united, corpus.articles, corpus.repeated, folder)
    salience = ranker.salience(candidates, corpus.words)
    shared = shared_headings(candidates)[candidates.term]
    wrong = no_noun_phrase(candidates, corpus.words) | shared
    compound = candidates.words.length > 1
    file, term, terms = candidates.file, candidates.term, candidates.terms
    curated = is_any(terms, curation.accepted)[term]

    spellings: Names = {}
    keywords, terms = _keywords(corpus.keywords, terms, spellings, known, variants)
    said = pc.is_in(pa.array(_keys(file, term, len(terms))), pa.array(keywords))
    author = said.to_numpy(zero_copy_only=False)
    given = author | curated
    likely = np.where(wrong & ~given, 0.0, salience)
    probable = _chosen(term, likely, given, compound, ranker.card.cut)
    extracted = probable if options.per_article == "auto" else ~shared
    recognised = link_terms(
        lexicon,
        Postings(file, term, terms),
        candidates,
        corpus.read_forms,
        variants,
        articles=corpus.articles.num_rows,
        chosen=np.union1d(term[author | probable], keywords % max(len(terms), 1)),
    )
    vocabulary = is_any(terms, recognised.certain)[term] & compound[term]
    vocabulary |= is_any(terms, recognised.likely)[term] & (likely >= MENTIONED)
    pairs = _pair(candidates, salience, author, extracted, curated, vocabulary, keywords, len(terms))
    used = sort_unique(pairs.term)
    chosen = dict(zip(used.tolist(), strings(terms, used), strict=True))
    pairs = _rank(pairs, chosen, options)
    chosen = {number: chosen[number] for number in sort_unique(pairs.term).tolist()}
    slugs = {number: slug(name) for number, name in chosen.items()}
    stands = candidates.take(pairs.row, ["frequency", "occurrences"])
    return Selection(pairs, chosen, slugs, corpus, stands, spellings, known, variants, lexicon, recognised)


def without_keywords(articles: pa.Table) -> pa.Table:
    """Return `articles`, rows of `kg.annotate.rows.ARTICLES`, with empty lists in the two columns for keywords."""
    for name in ("keywords", "keyword_terms"):
        place = articles.schema.get_field_index(name)
        nothing = pa.array([[]] * articles.num_rows, articles.schema.field(place).type)
        articles = articles.set_column(place, articles.schema.field(place), nothing)
    return articles


def _keywords(
    keywords: pa.Table,
    terms: pa.StringArray,
    spellings: Names,
    known: Names,
    variants: Variants,
) -> tuple[Ints, pa.StringArray]:
    """Find the concepts that the authors' keywords denote.

    Keywords that kg.toml rejects, and generic words such as "approach" (see `is_term`), are dropped. The spellings of
    the other keywords are added to `spellings`. If the normal form of a keyword differs from that of its concept, the
    keyword is added to `known` as a name of the concept. The concept of a keyword is looked up once for all articles,
    unless it may differ from article to article (see `Variants.acronymic`).

    Returns:
        Two arrays. The first has the sorted distinct pairs of a file and a concept, each encoded as one number (see
        `_keys`). The second has the terms to which these numbers refer: `terms`, followed by the concepts that do not
        occur in any text.
    """
    rejected = variants.curation.rejected
    encoded = keywords["form"].combine_chunks().dictionary_encode()
    file, form, names = keywords["file"].to_numpy(), encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
    concepts: dict[str, int] = {}
    meant = np.array([concepts.setdefault(variants.concept(-1, name), len(concepts)) for name in names], np.int64)
    concept = meant[form]
    for row in np.flatnonzero(is_any(encoded.dictionary, variants.acronymic)[form]).tolist():
        concept[row] = concepts.setdefault(variants.concept(int(file[row]), names[form[row]]), len(concepts))
    is_wanted = np.array([is_term(name.split()) and name not in rejected for name in names], np.bool_)
    is_kept = is_wanted[form] & ~np.array([name in rejected for name in concepts], np.bool_)[concept]
    file, form, concept = file[is_kept], form[is_kept], concept[is_kept]
    written = pa.table({"form": form, "label": keywords["label"].filter(pa.array(is_kept))})
    counts = written.group_by(["form", "label"], use_threads=False).aggregate([([], "count_all")])
    for count in each_row(counts):
        spellings.setdefault(names[count["form"]], {})[count["label"]] = count["count_all"]
    found = [*concepts]
    for key in sort_unique(form.astype(np.int64) * len(found) + concept).tolist():
        name, meaning = names[key // len(found)], found[key % len(found)]
        if name != meaning:
            known.setdefault(meaning, {}).setdefault(name, 0)
    said = [found[number] for number in sort_unique(concept).tolist()]
    numbers = numbers_of(terms, said)
    new = [name for name in said if name not in numbers]
    numbers |= {name: len(terms) + place for place, name in enumerate(new)}
    terms = pa.concat_arrays([terms, pa.array(new, pa.string())])
    number_of = np.array([numbers.get(name, -1) for name in found], np.int64)
    return sort_unique(_keys(file, number_of[concept], len(terms))), terms


def _keys(file: Ints32, term: Ints32 | Ints, terms: int) -> Ints:
    """Encode each pair of a file number and a term number as one number: file * terms + term.

    `terms` is the number of all terms.
    """
    return file.astype(np.int64) * terms + term


def _pair(
    candidates: Candidates,
    salience: Floats,
    author: Bools,
    extracted: Bools,
    curated: Bools,
    vocabulary: Bools,
    keywords: Ints,
    terms: int,
) -> Pairs:
    chosen = np.flatnonzero(author | extracted | curated | vocabulary)
    file, term, salience, author = candidates.file[chosen], candidates.term[chosen], salience[chosen], author[chosen]
    given = author | curated[chosen]
    absent = np.setdiff1d(keywords, _keys(file, term, terms)[author], assume_unique=True)
    nobody = np.zeros(len(absent), np.bool_)
    return Pairs(
        file=np.concatenate([file, absent // max(terms, 1)]),
        term=np.concatenate([term, absent % max(terms, 1)]),
        row=np.concatenate([chosen, np.full(len(absent), -1)]),
        salience=np.concatenate([np.where(given, (1 + salience) / 2, salience), np.full(len(absent), 0.5)]),
        author=np.concatenate([author, ~nobody]),
        extracted=np.concatenate([extracted[chosen], nobody]),
        curated=np.concatenate([curated[chosen], nobody]),
        vocabulary=np.concatenate([vocabulary[chosen], nobody]),
    )


def _chosen(term: Ints32, salience: Floats, given: Bools, compound: Bools, cut: float) -> Bools:
    """Return a mask of the rows that are kept if `per_article` is "auto". A row is a pair of an article and a term.

    First, a row is kept if its probability is at least `cut` and the term passes a test: its highest probability in any
    article must be at least `EARNED`, or at least `ABOUT` if `SEVERAL` articles have it with a probability of at least
    `cut`. Of the inspected terms that fail this test, a third were wrong. Second, if at least the share `ESTABLISHED`
    of the rows of a term are then concepts, the other rows of the term are kept too, as mentions of the concept. For a
    term of one word, their probability must be at least `MENTIONED`.

    Args:
        term: for each row, the number of its term.
        salience: for each row, the probability that the term is a concept of the article.
        given: for each row, whether the article's author or kg.toml names the concept. These rows count as concepts.
        compound: for each term, whether it has several words.
        cut: least probability of a concept.
    """
    size = len(compound)
    best = np.zeros(size)
    np.maximum.at(best, term, np.where(given, 1.0, salience))
    likely = salience >= cut
    several = np.bincount(term, weights=likely | given, minlength=size) >= SEVERAL
    chosen = likely & ((best >= EARNED) | (several & (best >= ABOUT)))[term]
    articles = np.bincount(term, minlength=size)
    held = np.bincount(term, weights=chosen | given, minlength=size)
    established = (held > 0) & (held >= ESTABLISHED * articles)
    kept: Bools = chosen | (established[term] & ((compound[term] & ~given) | (salience >= MENTIONED)))
    return kept


def _rank(pairs: Pairs, terms: Mapping[int, str], options: Concepts) -> Pairs:
    """Sort pairs of article and concept by article, then by descending salience; keep the first N of each article.

    N is `options.per_article`. If this option is "auto", all pairs are kept.
    """
    pairs.salience = np.round(pairs.salience, 4)
    alphabetical = np.zeros(1 + max(terms, default=0), np.int64)
    alphabetical[sorted(terms, key=terms.__getitem__)] = np.arange(len(terms))
    pairs = pairs.take(np.lexsort((alphabetical[pairs.term], -pairs.salience, pairs.file)))
    if options.per_article == "auto":
        return pairs
    return pairs.take(place_in_file(pairs.file) < options.per_article)
