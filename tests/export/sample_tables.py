"""A graph of a few articles, made by hand, in which every value that could go wrong does."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from kg.base.config import Publish
from kg.base.iris import Minter
from kg.base.model import Problem, Severity
from kg.base.report import Report, write_report
from kg.base.tables import ARTICLES_FOUND, CONCEPTS_DEFINED, LINKS, MENTIONS, RELATIONS, Tables, write_tables
from kg.export.rdf.evidence_graph import FILE_NAME as EVIDENCE
from kg.export.rdf.evidence_graph import write_evidence
from kg.export.rdf.metadata import ExportMetadata
from kg.export.rdf.serialize import NTRIPLES, write_concepts, write_core
from kg.export.store.write_store import StoreWriter
from kg.graph.similar import similar_articles
from kg.graph.structure import with_structure
from kg.pipeline.artifact_registry import artifacts
from kg.render.start_page import write_start_page

BASE = "https://graph.example/kb/"
MINTER = Minter(BASE)
SITE = "https://www.example.org/learn/"
ELSEWHERE = "https://other.example/page?x=1#é"
HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert("x")</script>\u202eevil'
# Without U+0000, U+FFFE and U+FFFF, which raptor does not read.
AWKWARD = "C:\\new \\neq \"quoted\" 'single'\ttab\r\nline\n\u0001\u007f\u0085\u2028 </script> & é 漢字 😀 \u200d"


def article(url: str, title: str, **values: Any) -> dict[str, Any]:
    defaults = {
        "path": f"{url}.md",
        "sha256": "0" * 64,
        "id": None,
        "date": None,
        "authors": [],
        "language": "en",
        "based_on": None,
        "subject": None,
        "keywords": [],
        "no_index": False,
        "author_profiles": [],
        "parts": [{"name": "body", "text": f"Text of {title}."}],
        "word_count": 3,
    }
    return {"url": url, "title": title, **defaults, **values}


def link(source: str, target: str, position: int, status: str, title: str | None, **values: Any) -> dict[str, Any]:
    kind = {"status": status, "target_title": title, "property": None}
    return {"source": source, "target": target, "position": position, **kind, **values}


def concept(slug: str, label: str, articles: int, *others: str, language: str = "en", **values: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "normal_form": label.lower(),
        "pref_label": label,
        "alt_labels": sorted(others),
        "hidden_labels": [],
        "matches": [],
        "language": language,
        "article_count": articles,
        "frequency": articles * 2,
        "origins": ["extracted"],
        "definition": None,
        "definition_article": None,
        **values,
    }


def broader(narrower: str, slug: str, **values: Any) -> dict[str, Any]:
    return {"source": narrower, "target": slug, "kind": "broader", "origins": ["head"], "article_count": 1, **values}


def related(one: str, other: str, npmi: float, count: int) -> dict[str, Any]:
    edge = {"source": one, "target": other, "kind": "related", "origins": ["cooccurrence"]}
    return {**edge, "article_count": count, "npmi": npmi}


def occurrence(part: str, text: str, words: str) -> dict[str, Any]:
    """Where `words` stand first in the text of a part, which is one sentence."""
    start = text.index(words)
    place = {"start": start, "end": start + len(words), "sentence_start": 0, "sentence_end": len(text)}
    return {"part": part, **place}


def mention(
    url: str, rank: int, slug: str, salience: float, frequency: int, *origins: str, **values: Any
) -> dict[str, Any]:
    return {
        "article": url,
        "rank": rank,
        "concept": slug,
        "salience": salience,
        "frequency": frequency,
        "about": rank == 1,
        "origins": list(origins),
        "occurrences": [{"part": "body", "start": 0, "end": 4, "sentence_start": 0, "sentence_end": 9}],
        **values,
    }


def sample_tables() -> Tables:
    """Articles a -> b -> c -> d -> e in a chain of links; see the tests for what hangs on which."""
    question = {"name": "question", "text": "What is\n  drift?"}
    answer = {"name": "answer", "text": AWKWARD}
    only = "Only an answer."
    in_question = occurrence("question", question["text"], "drift")
    in_answer = [occurrence("answer", AWKWARD, words) for words in ("\\neq", "quoted", "漢字 😀")]
    in_b = [occurrence("answer", only, words) for words in ("Only", "answer")]
    both = ("author", "extracted")
    return tables(
        articles=[
            article(
                "a/what is drift",
                "What is data drift?",
                id="7",
                date=dt.date(2024, 2, 29),
                authors=["Ada", "Émile", "Ada"],
                author_profiles=[{"name": "émile", "url": None, "kind": "Organization"}],
                word_count=16,
                subject="Computer science",
                keywords=["data drift", AWKWARD, "data drift"],
                parts=[question, answer],
            ),
            article(
                "b",
                HOSTILE,
                subject="Computer science",
                authors=["ada"],
                author_profiles=[{"name": "Ada", "url": "https://ada.example/", "kind": None}],
                parts=[{"name": "answer", "text": only}],
            ),
            article("c", "Dérive", language="fr", subject="Mathématiques", based_on=ELSEWHERE),
            article("d", "A question alone", subject="Computer science", parts=[question]),
            article("e", "No concept, no subject"),
        ],
        links=[
            link("a/what is drift", "b", 1, "url", HOSTILE),
            link("a/what is drift", "gone & lost", 2, "missing", HOSTILE),
            link("b", "c", 1, "id", "Dérive"),
            link("b", "nowhere", 2, "missing", None),
            link("c", "d", 1, "url", "A question alone"),
            link("d", "e", 1, "url", "No concept, no subject"),
            link("d", "gone & lost", 2, "missing", HOSTILE, property="related"),
        ],
        concepts=[
            concept("c-1f9f1b4e", "C++", 1),
            concept(
                *("data-drift", "data drift", 3, "Drift", HOSTILE),
                hidden_labels=["data drifts"],
                definition=f"Data drift is a {HOSTILE}",
                definition_article="b",
            ),
            concept("drift", "drift", 1),
            concept("dérive", "dérive", 1, language="fr"),
            concept("technical-debt", "Technical debt", 2),
        ],
        mentions=[
            mention("a/what is drift", 1, "data-drift", 0.9, 4, *both, occurrences=[in_question, *in_answer]),
            mention("a/what is drift", 2, "technical-debt", 0.3333, 1, "extracted", occurrences=in_answer[2:]),
            mention("b", 1, "technical-debt", 1.0, 2, "extracted", occurrences=in_b),
            mention("b", 2, "c-1f9f1b4e", 0.0001, 1, "extracted", occurrences=in_b[:1]),
            mention("b", 3, "data-drift", 0.0, 0, "author", occurrences=[]),
            mention("c", 1, "dérive", 0.5, 1, "extracted"),
            mention("c", 2, "data-drift", 0.25, 1, "extracted"),
            mention("d", 1, "drift", 0.5, 1, "extracted", occurrences=[in_question]),
        ],
        relations=[
            broader("data-drift", "drift"),
            broader("dérive", "drift", origins=["pattern"], article="c", part="body", start=0, end=9),
            related("data-drift", "technical-debt", 0.5, 2),
        ],
    )


def tables(
    articles: list[dict[str, Any]],
    links: list[dict[str, Any]] | None = None,
    concepts: list[dict[str, Any]] | None = None,
    mentions: list[dict[str, Any]] | None = None,
    relations: list[dict[str, Any]] | None = None,
) -> Tables:
    found = pa.Table.from_pylist(articles, schema=ARTICLES_FOUND)
    chosen = pa.Table.from_pylist(concepts or [], schema=CONCEPTS_DEFINED)
    mentioned = pa.Table.from_pylist(mentions or [], schema=MENTIONS)
    return with_structure(
        found,
        pa.Table.from_pylist(links or [], schema=LINKS),
        chosen,
        mentioned,
        pa.Table.from_pylist(relations or [], schema=RELATIONS),
        similar_articles(found, chosen, mentioned),
    )


def report(title: str = HOSTILE, problems: Sequence[Problem] = (), site: str | None = SITE, **publish: bool) -> Report:
    return Report(
        title=title,
        build="0123456789abcdef",
        ended="2026-01-02T03:04:05Z",
        configuration={
            "base": BASE,
            "site": site,
            "license": "CC-BY-4.0",
            "publish": msgspec.to_builtins(Publish(**publish)),
        },
        configuration_sha256="0" * 64,
        versions={"markdown-kg": "1.0", "spacy": "3.8", "pipeline": "en_core_web_sm 3.8.0", "model": "en 0123"},
        counts={},
        problems=list(problems),
        timings={},
    )


EDITION = ExportMetadata.of(report())
PROBLEMS = (
    Problem(Severity.WARNING, "link", "a.md", 9, "related", f"a link to {HOSTILE}"),
    Problem(Severity.ERROR, "yaml", "z.md", None, None, "not YAML"),
)


def write_build(content: Tables, out: Path) -> None:
    """Everything that publish writes, into the folder `out`."""
    with StoreWriter(out) as store:
        write_core(content, EDITION, out, store.graph(MINTER.core_graph, NTRIPLES))
        write_evidence(content, MINTER, out / EVIDENCE, "top", store.graph(MINTER.evidence_graph, EVIDENCE))
    write_concepts(content, report(problems=PROBLEMS), out)
    write_start_page(content, report(problems=PROBLEMS), out, artifacts(Publish()))
    write_tables(content, out / "tables")
    write_report(report(problems=PROBLEMS), out)
