"""Evidence from texts in which given words are the candidates, as the per-article stage would find them, untagged."""

import re
from collections import Counter
from collections.abc import Sequence

import pyarrow as pa

from kg.annotate import rows
from kg.annotate.curation import read_curation
from kg.annotate.extract.acronyms import definitions
from kg.annotate.extract.view import tagger_view
from kg.annotate.text.normal_form import normal_form
from kg.base.config import Concepts
from kg.concepts.terms.corpus import Corpus, ReadRows, in_one_part
from kg.concepts.terms.merge_candidates import merge_variants, of_several_names
from kg.concepts.terms.variants import Variants, find_variants
from tests.annotate.sentences import article
from tests.concepts.by_hand import article as row_of_article
from tests.concepts.by_hand import candidate

Candidates = dict[tuple[int, str], dict]


def evidence(texts: Sequence[str], *surfaces: str, keywords: Sequence[Sequence[str]] = ()) -> Corpus:
    """An article for each of `texts`; every one of `surfaces` is a candidate where it stands, letter for letter."""
    articles, acronyms = [], []
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    forms: Counter[tuple[str, str]] = Counter()
    words: Counter[str] = Counter()
    for file, text in enumerate(texts):
        given = list(keywords[file]) if keywords else []
        articles.append(row_of_article(file, given, text, len(text.split())))
        for one in definitions(tagger_view(article(text)), given):
            short, long = one.terms
            acronyms.append(
                {
                    "file": file,
                    "short": short,
                    "long": long,
                    "short_form": one.short,
                    "long_form": one.long,
                    "is_stop_word": short in {"or", "it", "who"},
                }
            )
        words.update(re.findall(r"\w+", text))
        for surface in surfaces:
            for match in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text):
                found.setdefault((file, normal_form(surface)), []).append(match.span())
                forms[normal_form(surface), surface] += 1
    candidates = [
        {
            **candidate(file, term, len(places)),
            "occurrences": [
                {"part": 0, "start": start, "end": end, "sentence_start": 0, "sentence_end": 99}
                for start, end in sorted(places)
            ],
        }
        for (file, term), places in sorted(found.items())
    ]
    return Corpus(
        articles=pa.Table.from_pylist(articles, rows.ARTICLES),
        read_candidates=in_one_part(pa.Table.from_pylist(candidates, rows.CANDIDATES)),
        read_forms=in_one_part(
            pa.Table.from_pylist(
                [{"term": term, "form": form, "running": True, "count": n} for (term, form), n in forms.items()],
                rows.FORMS,
            )
        ),
        words=pa.Table.from_pylist([{"word": w, "use": "noun", "count": n} for w, n in words.items()], rows.WORDS),
        acronyms=pa.Table.from_pylist(acronyms, rows.ACRONYMS),
    )


def variants(given: Corpus, options: Concepts | None = None) -> Variants:
    return find_variants(given, read_curation(options or Concepts()))


def united(given: Corpus, options: Concepts | None = None) -> Candidates:
    """The united candidates by file and concept."""
    return {(row["file"], row["term"]): row for row in united_rows(given.read_candidates, variants(given, options))}


def united_rows(read: ReadRows, found: Variants) -> list[dict]:
    return [row for part in merge_variants(read, found, of_several_names(read, found)) for row in part.to_pylist()]
