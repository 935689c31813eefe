"""Schemas of the tables whose rows the per-article stage passes on to the per-corpus stage.

The column `file` tells which file a row belongs to. In a batch, it is the index of the file in
the batch. `kg.annotate.collect.read_rows` replaces it by the index in the sorted list of all files.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES

OCCURRENCE: Final = pa.struct(
    [
        ("part", pa.int8()),  # index in the list of the article's parts
        ("start", pa.int32()),  # this and the next three: offsets in the text of the part
        ("end", pa.int32()),
        ("sentence_start", pa.int32()),
        ("sentence_end", pa.int32()),
    ]
)
KEYWORD: Final = pa.struct([("form", pa.string()), ("label", pa.string())])  # normal form, and keyword as written
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
        ("language", pa.string()),
        ("based_on", pa.string()),
        ("subject", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("keyword_terms", pa.list_(KEYWORD)),  # without the keywords that are code or mathematics
        ("aliases", pa.list_(pa.string())),
        ("no_index", pa.bool_()),
        ("parts", pa.list_(pa.struct([("name", pa.string()), ("text", pa.string())]))),
        ("tokens", pa.int32()),
        ("features_sha256", pa.string()),  # digest of the article's candidates, see kg.annotate.collect
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
        ("term", pa.string()),  # normal form
        ("shape", pa.string()),
        ("words", pa.int8()),
        ("frequency", pa.int32()),
        ("first", pa.float32()),  # place of the first occurrence: its token index / the article's number of tokens
        ("last", pa.float32()),  # place of the last occurrence, likewise
        ("alone", pa.int32()),
        ("proper", pa.int32()),
        ("bold", pa.int32()),
        ("heading", pa.int32()),
        ("item_start", pa.int32()),
        ("in_title", pa.bool_()),
        *((name, pa.float32()) for name in TOKEN_FEATURES),  # from 0 to 1; see token_model.summary
        ("occurrences", pa.list_(OCCURRENCE)),
    ]
)
FORMS: Final = pa.schema([("term", pa.string()), ("form", pa.string()), ("running", pa.bool_()), ("count", pa.int32())])
WORDS: Final = pa.schema(
    [
        ("word", pa.string()),
        ("use", pa.string()),  # "noun", "gerund", "modifier" or "other"
        ("count", pa.int32()),
    ]
)
ACRONYMS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("short", pa.string()),  # this and the next: normal forms
        ("long", pa.string()),
        ("short_form", pa.string()),  # this and the next: as written in the article
        ("long_form", pa.string()),
    ]
)
# Where a statement is (see `kg.annotate.extract.pattern_search`): index of the part, and offsets in it in code points.
_SENTENCE: Final = [("part", pa.int8()), ("start", pa.int32()), ("end", pa.int32())]
KINDS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("pattern", pa.string()),
        ("narrower", pa.string()),  # this and the next: normal forms of whole noun phrases
        ("broader", pa.string()),
        *_SENTENCE,
    ]
)
DEFINITIONS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("pattern", pa.string()),
        ("term", pa.string()),  # normal form of a whole noun phrase
        ("position", pa.int32()),  # number of sentences before this one in its part
        ("words", pa.int32()),
        ("bare", pa.bool_()),
        *_SENTENCE,
    ]
)
ACCELERATION: Final = pa.schema(
    [
        ("part", pa.string()),  # name of a part that kg.annotate.nlp.accelerate can make faster
        ("reason", pa.string()),  # why the faster part is not in use; null if it is in use
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
