"""Schemas of the rows that the per-article stage gives the per-corpus stage; `file` indexes the sorted file list."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kg.annotate.extract.token_model import FEATURES as TOKEN_FEATURES

OCCURRENCE: Final = pa.struct(
    [
        ("part", pa.int8()),  # index into the article's parts
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("sentence_start", pa.int32()),
        ("sentence_end", pa.int32()),
    ]
)
KEYWORD: Final = pa.struct([("form", pa.string()), ("label", pa.string())])  # normal form, and form as written
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
        ("is_english", pa.bool_()),
        ("subject", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("keyword_terms", pa.list_(KEYWORD)),  # of the keywords that are neither code nor mathematics
        ("aliases", pa.list_(pa.string())),
        ("no_index", pa.bool_()),
        ("parts", pa.list_(pa.struct([("name", pa.string()), ("text", pa.string())]))),
        ("tokens", pa.int32()),
        ("features_sha256", pa.string()),  # digest of its rows of CANDIDATES, see kg.annotate.collect
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
    ]
)
CANDIDATES: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("term", pa.string()),  # normal form
        ("shape", pa.string()),
        ("words", pa.int8()),
        ("frequency", pa.int32()),
        ("first", pa.float32()),  # 0..1 of the article's tokens
        ("last", pa.float32()),
        ("alone", pa.int32()),
        ("proper", pa.int32()),
        ("bold", pa.int32()),
        ("heading", pa.int32()),
        ("item_start", pa.int32()),
        ("in_title", pa.bool_()),
        *((name, pa.float32()) for name in TOKEN_FEATURES),  # 0..1, see kg.annotate.extract.token_model.summary
        ("occurrences", pa.list_(OCCURRENCE)),
    ]
)
FORMS: Final = pa.schema([("term", pa.string()), ("form", pa.string()), ("running", pa.bool_()), ("count", pa.int32())])
WORDS: Final = pa.schema(
    [
        ("word", pa.string()),
        ("use", pa.string()),  # noun, gerund, modifier, other
        ("count", pa.int32()),
    ]
)
ACRONYMS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("short", pa.string()),  # normal forms
        ("long", pa.string()),
        ("short_form", pa.string()),  # as written in the article
        ("long_form", pa.string()),
    ]
)
# Location of a statement, see `kg.annotate.extract.pattern_search`: the index of the part, and code points in it.
_SENTENCE: Final = [("part", pa.int8()), ("start", pa.int32()), ("end", pa.int32())]
KINDS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("pattern", pa.string()),
        ("narrower", pa.string()),  # normal form of a whole noun phrase
        ("broader", pa.string()),
        *_SENTENCE,
    ]
)
DEFINITIONS: Final = pa.schema(
    [
        ("file", pa.int32()),
        ("pattern", pa.string()),
        ("term", pa.string()),  # normal form of a whole noun phrase
        ("position", pa.int32()),  # number of the sentence in its part, from 0
        ("words", pa.int32()),
        ("bare", pa.bool_()),
        *_SENTENCE,
    ]
)
ACCELERATION: Final = pa.schema(
    [
        ("part", pa.string()),  # a part of kg.annotate.nlp.accelerate
        ("reason", pa.string()),  # why the part is not in use; null if it is
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
