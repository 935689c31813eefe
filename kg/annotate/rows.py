"""Schemas of the tables with the contents of the articles and the terms found in them, used by all later build steps.

The column `file` tells which file a row belongs to (except in `PROBLEMS`, where it is a path). In the rows of a batch
(a group of files that are read together), it is the index of the file in the batch. `kg.annotate.collect.read_rows`
replaces this number by the index of the file in the sorted list of all files.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES
from kg.base.arrays import AUTHOR_PROFILE

OCCURRENCE: Final = pa.struct(
    [
        # index of a part of the article (question, answer or body)
        ("part", pa.int8()),
        # offsets of the occurrence, and of the sentence that contains it, in the published text of the part
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("sentence_start", pa.int32()),
        ("sentence_end", pa.int32()),
    ]
)
# The normal form of a keyword, and the keyword without markup; see `kg.annotate.text.normal_form.keyword_label`.
KEYWORD: Final = pa.struct([("form", pa.string()), ("label", pa.string())])
ARTICLES: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("url", pa.string()),
        ("path", pa.string()),
        ("line", pa.int32()),
        ("sha256", pa.string()),
        ("id", pa.string()),
        ("title", pa.string()),
        ("date", pa.date32()),
        ("authors", pa.list_(pa.string())),
        ("author_profiles", pa.list_(AUTHOR_PROFILE)),
        ("language", pa.string()),
        ("based_on", pa.string()),
        ("subject", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("keyword_terms", pa.list_(KEYWORD)),  # without code, mathematics and function words
        ("aliases", pa.list_(pa.string())),
        ("names", pa.list_(pa.string())),
        ("no_index", pa.bool_()),
        ("parts", pa.list_(pa.struct([("name", pa.string()), ("text", pa.string())]))),
        ("word_count", pa.int32()),
        ("tokens", pa.int32()),
        ("features_sha256", pa.string()),  # digest of all rows of CANDIDATES that the article has
    ]
)
LINKS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("position", pa.int32()),
        ("url", pa.string()),
        ("id", pa.string()),
        ("title", pa.string()),
        ("subject", pa.string()),
        ("line", pa.int32()),
        ("kind", pa.string()),
        ("property", pa.string()),
    ]
)
CANDIDATES: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("term", pa.string()),  # normal form of the candidate term
        ("shape", pa.string()),  # see `kg.annotate.extract.columns.Found`
        ("words", pa.int8()),  # number of words in the normal form
        ("frequency", pa.int32()),  # number of occurrences in the article
        ("first", pa.float32()),  # index of the first token of the first occurrence / number of tokens of the article
        ("last", pa.float32()),  # index of the first token of the last occurrence / number of tokens of the article
        # The next six columns count the occurrences that have a certain property.
        ("alone", pa.int32()),  # see `kg.annotate.extract.columns.Occurrences`
        ("proper", pa.int32()),  # in running prose, with a proper noun as the last word
        ("bold", pa.int32()),
        ("heading", pa.int32()),  # in a heading or a table cell
        ("section_name", pa.int32()),  # the only words of a heading, or a label at the beginning of a line
        ("item_start", pa.int32()),  # at the beginning of a list item
        ("in_title", pa.bool_()),  # whether the title of the article contains the term
        *((name, pa.float32()) for name in TOKEN_FEATURES),  # from 0 to 1; see token_model.summary
        ("occurrences", pa.list_(OCCURRENCE)),
    ]
)
# Normal form of a term, the term as written, whether it is in running prose, and number of such occurrences.
FORMS: Final = pa.schema([("term", pa.string()), ("form", pa.string()), ("running", pa.bool_()), ("count", pa.int32())])
WORDS: Final = pa.schema(
    [
        ("word", pa.string()),  # as written
        ("use", pa.string()),  # "noun", "gerund", "modifier" or "other"
        ("count", pa.int32()),  # number of times that the word is used so in running prose
    ]
)
ACRONYMS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("short", pa.string()),  # normal form of the acronym
        ("long", pa.string()),  # normal form of the long form
        ("short_form", pa.string()),  # the acronym as written in the article
        ("long_form", pa.string()),  # the long form as written in the article
        ("is_stop_word", pa.bool_()),  # whether the acronym is also a function word of the language, as "OR" is
    ]
)
# Position of a sentence: index of the part of the article, and offsets in the published text of this part.
_SENTENCE: Final = [("part", pa.int8()), ("start", pa.int32()), ("end", pa.int32())]
KINDS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("pattern", pa.string()),  # see `kg.annotate.extract.statement_types.Pattern`
        ("narrower", pa.string()),  # normal form of the noun phrase for the narrower term
        ("broader", pa.string()),  # normal form of the noun phrase for the broader term
        *_SENTENCE,
    ]
)
DEFINITIONS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("pattern", pa.string()),  # see `kg.annotate.extract.statement_types.Pattern`
        ("term", pa.string()),  # normal form of the noun phrase that is defined
        ("position", pa.int32()),  # number of sentences that precede the definition in the same part of the article
        ("words", pa.int32()),  # number of tokens of the definition
        ("bare", pa.bool_()),  # whether the term has no "the" before it
        *_SENTENCE,
    ]
)
ACCELERATION: Final = pa.schema(
    [
        ("part", pa.string()),  # a part of the tagger that can be replaced by a faster one, such as "tokenizer"
        ("reason", pa.string()),  # why the part was not replaced; null if it was replaced
    ]
)
PROBLEMS: Final = pa.schema(
    [
        ("severity", pa.string()),
        ("code", pa.string()),
        ("file", pa.string()),
        ("line", pa.int32()),
        ("field", pa.string()),
        ("message", pa.string()),
    ]
)
SCHEMAS: Final = {
    "articles": ARTICLES,
    "links": LINKS,
    "candidates": CANDIDATES,
    "forms": FORMS,
    "words": WORDS,
    "acronyms": ACRONYMS,
    "kinds": KINDS,
    "definitions": DEFINITIONS,
    "problems": PROBLEMS,
    "acceleration": ACCELERATION,
}
