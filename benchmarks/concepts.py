"""Compare kg with other extractors of concepts, by the keywords that the articles' authors gave.

Usage: python benchmarks/concepts.py ARTICLES... [--sample N] [--seed N] [--subject NAME] [--folds F] [--only NAME...]

    python -m uv pip install --group benchmarks    what the others need
    python -m uv pip install yake                  YAKE too; being under the AGPL it is in no group of ours

Every extractor sees the same texts: title, question and answer or body of the articles that have keywords, as kg
publishes them. kg builds its graph of the same files without reading their keywords. Several folders are extracted one
by one, each as a corpus of its own, and scored together.

Scores are those of the literature on keyphrases (Hasan & Ng 2014, https://aclanthology.org/P14-1119): labels count as
equal if their Porter-stemmed words are, a label that says the same as a better one is dropped, precision at k divides
by k, recall by the number of keywords, and the means are over articles (macro). Seconds are those of the
processor, which other programs do not change, and include loading the models; kg's include writing the whole graph.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import importlib.util
import json
import math
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from nltk.stem import PorterStemmer
from spacy.language import Language
from spacy.tokens import Span

import kg
from kg.annotate.nlp.package import pipeline_package
from kg.base.config import Concepts, Config, find_config, load_config
from kg.base.model import ParsedArticle
from kg.base.tables import read_tables
from kg.read.article import read_article
from kg.read.dialects.resolve import resolve_config
from kg.read.files import find_articles

AT = (5, 10, 15)
MORE_THAN_NEEDED = 3 * max(AT)  # of extractors that may say the same more than once

stem = functools.cache(PorterStemmer().stem)
Labels = list[str]
Scores = dict[int, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Articles of one folder, each with the stemmed keywords of its author."""

    root: Path
    config: Config
    articles: tuple[ParsedArticle, ...]
    wanted: tuple[frozenset[str], ...]

    @property
    def texts(self) -> Iterator[str]:
        return map(published, self.articles)


def normalise(label: str) -> str:
    return " ".join(map(stem, re.findall("[a-z0-9+#]+", label.lower())))


def ranked(labels: Iterable[str]) -> list[str]:
    """Normal forms in the order of the labels, without empty and repeated ones."""
    return [form for form in dict.fromkeys(map(normalise, labels)) if form]


def score(found: Sequence[str], wanted: frozenset[str], k: int) -> tuple[float, float, float]:
    """Precision, recall and F1 of the first `k` of one article's normal forms."""
    hits = len(wanted.intersection(found[:k]))
    precision, recall = hits / k, hits / len(wanted)
    return precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0


def published(article: ParsedArticle) -> str:
    """The plain text of an article, a line for each heading, paragraph and item; a title that is also asked, once."""
    blocks = [" ".join(part.text[s.start : s.end].split()) for part in article.parts for s in part.segments]
    return "\n\n".join(blocks if article.title in blocks[:1] else [article.title, *blocks])


def draw(root: Path, size: int | None, seed: int, subject: str | None, folds: Path | None) -> Sample:
    """A random sample of a folder's articles that have keywords, with the model of `folds` that did not see them."""
    source = find_config(root)
    config = resolve_config(root, load_config(source) if source else Config(), source)
    model = str((folds / root.resolve().name).resolve()) if folds else None
    config = msgspec.structs.replace(config, concepts=Concepts(keywords=False, model=model))
    files, _ = find_articles(root, config.read)
    random.Random(seed).shuffle(files)
    drawn: dict[str, tuple[ParsedArticle, frozenset[str]]] = {}
    for file in files:
        article, _ = read_article(root, file, config)
        wanted = frozenset(ranked(article.keywords)) if article else None
        if article and wanted and subject in {None, (article.subject or "").casefold()}:
            drawn.setdefault(article.url, (article, wanted))
        if len(drawn) == size:
            break
    chosen = sorted(drawn.values(), key=lambda pair: pair[0].path)
    return Sample(root, config, tuple(a for a, _ in chosen), tuple(w for _, w in chosen))


def by_kg(sample: Sample) -> Iterator[Labels]:
    """The concepts of a build of the sampled files, which does not look at their keywords."""
    with tempfile.TemporaryDirectory() as name:
        folder, settings, out = Path(name, "articles"), Path(name, "settings.toml"), Path(name, "out")
        settings.write_text(as_toml(sample.config), encoding="utf-8")
        for article in sample.articles:
            copy = folder / article.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sample.root / article.path, copy)
        kg.build(folder, out, config=settings, concepts_per_article=max(AT), jobs=1)
        tables = read_tables(out / "tables")
    names = dict(zip(*(tables.concepts[column].to_pylist() for column in ("slug", "pref_label")), strict=True))
    labels: dict[str, Labels] = {article.url: [] for article in sample.articles}
    for mention in tables.mentions.select(["article", "concept"]).to_pylist():  # the best of each article first
        labels[mention["article"]].append(names[mention["concept"]])
    yield from labels.values()


def as_toml(config: Config) -> str:
    """A kg.toml that says all of `config`, of which no value may be a table in a table."""
    top: list[str] = []
    tables: list[str] = []
    for name, value in msgspec.to_builtins(config).items():
        if isinstance(value, dict):
            tables += [f"[{name}]", *(_toml_line(key, value[key]) for key in value if value[key] not in (None, {}))]
        elif value is not None:
            top.append(_toml_line(name, value))
    return "\n".join([*top, *tables]) + "\n"


def _toml_line(name: str, value: object) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"  # TOML writes texts, numbers and lists as JSON does


def by_yake(sample: Sample) -> Iterator[Labels]:
    """YAKE (Campos et al. 2020, https://doi.org/10.1016/j.ins.2019.09.013) with its defaults: up to three words."""
    extractor = importlib.import_module("yake").KeywordExtractor(lan="en", top=MORE_THAN_NEEDED)
    for text in sample.texts:
        yield [label for label, _ in extractor.extract_keywords(text)]


def by_pytextrank(component: str, sample: Sample) -> Iterator[Labels]:
    """One of pytextrank's rankings, with its defaults: noun chunks and named entities of the whole spaCy pipeline."""
    with contextlib.redirect_stdout(None):  # it says where it is
        importlib.import_module("pytextrank")  # adds its components to spaCy
    nlp = whole_pipeline()
    nlp.add_pipe(component)
    for doc in nlp.pipe(sample.texts):
        yield [phrase.text for phrase in doc._.phrases]


def by_tfidf(sample: Sample) -> Iterator[Labels]:
    """Noun chunks without the stop words that they begin with, by TF-IDF over the sample."""
    chunks: list[list[tuple[str, str]]] = []
    for doc in whole_pipeline().pipe(sample.texts, disable=["ner"]):
        labels = map(without_determiner, doc.noun_chunks)
        chunks.append([(form, label) for label in labels if (form := normalise(label))])
    frequency = Counter(form for found in chunks for form in {form for form, _ in found})
    for found in chunks:
        count = Counter(form for form, _ in found)
        label_of = dict(reversed(found))
        weight = {form: tf * (1 + math.log((1 + len(chunks)) / (1 + frequency[form]))) for form, tf in count.items()}
        yield [label_of[form] for form in sorted(count, key=weight.__getitem__, reverse=True)]


def without_determiner(chunk: Span) -> str:
    start = next((token.i for token in chunk if not (token.is_stop or token.is_punct or token.is_space)), chunk.end)
    return str(chunk.doc[start : chunk.end].text)


def whole_pipeline() -> Language:
    """The spaCy pipeline that kg uses, with its parser and everything else."""
    pipeline: Language = importlib.import_module(pipeline_package(None)).load()
    return pipeline


EXTRACTORS: dict[str, tuple[str, Callable[[Sample], Iterator[Labels]]]] = {
    "kg": ("kg", by_kg),
    "YAKE": ("yake", by_yake),
    "TextRank": ("pytextrank", functools.partial(by_pytextrank, "textrank")),
    "PositionRank": ("pytextrank", functools.partial(by_pytextrank, "positionrank")),
    "TopicRank": ("pytextrank", functools.partial(by_pytextrank, "topicrank")),
    "TF-IDF": ("spacy", by_tfidf),
}
"""By name: the package that must be installed, and what yields the labels of each article, the best first."""


def processor_seconds() -> float:
    """What this process and those that it started and that have ended have used."""
    return math.fsum(os.times()[:4])


def mean(scores: Sequence[Scores]) -> Scores:
    """The mean over articles of each measure at each k."""
    columns = {k: zip(*(article[k] for article in scores), strict=True) for k in AT}
    return {k: tuple(math.fsum(column) / len(scores) for column in columns[k]) for k in AT}


def line(name: str, scores: Scores, seconds: float) -> str:
    cells = "".join(f"  {p:.3f} {r:.3f} {f:.3f}" for p, r, f in scores.values())
    return f"{name:14}{cells} {seconds:8.1f}"


def by_folder(samples: Sequence[Sample], scores: dict[str, list[list[Scores]]]) -> Iterator[str]:
    """F1 at 10 of each extractor for each folder."""
    yield f"{'F1@10':26}{'articles':>8}" + "".join(f"{name:>14}" for name in scores)
    for number, sample in enumerate(samples):
        cells = "".join(f"{mean(found[number])[10][2]:14.3f}" for found in scores.values())
        yield f"{sample.root.resolve().name:26}{len(sample.articles):8}{cells}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path, nargs="+", metavar="ARTICLES")
    options.add_argument("--sample", type=int, metavar="N", help="at most N articles of each folder, chosen at random")
    options.add_argument("--seed", type=int, default=1, help="of that choice (default 1)")
    options.add_argument("--subject", metavar="NAME", help="only articles of this subject")
    options.add_argument("--only", nargs="+", choices=EXTRACTORS, default=list(EXTRACTORS), metavar="NAME")
    options.add_argument(
        "--folds", type=Path, help="build each folder with the model of its name in here: kg train --folds writes them"
    )
    args = options.parse_args()
    subject = args.subject.casefold() if args.subject else None
    samples = [draw(folder, args.sample, args.seed, subject, args.folds) for folder in args.articles]
    samples = [sample for sample in samples if sample.articles]
    if not samples:
        print("no article with keywords was found", file=sys.stderr)
        return 1
    articles = [article for sample in samples for article in sample.wanted]
    print(f"{len(articles)} articles with {math.fsum(map(len, articles)) / len(articles):.1f} keywords each")
    print(f"{'':14}" + "".join(f"  {f'P@{k}':5} {f'R@{k}':5} {f'F1@{k}':5}" for k in AT) + f" {'seconds':>8}")
    scores: dict[str, list[list[Scores]]] = {}
    for name in args.only:
        package, extract = EXTRACTORS[name]
        if not importlib.util.find_spec(package):
            print(f"{name:14}  {package} is not installed")
            continue
        start = processor_seconds()
        labels = [list(extract(sample)) for sample in samples]
        seconds = processor_seconds() - start
        scores[name] = [
            [{k: score(ranked(found), wanted, k) for k in AT} for found, wanted in zip(of, sample.wanted, strict=True)]
            for of, sample in zip(labels, samples, strict=True)
        ]
        print(line(name, mean([article for of in scores[name] for article in of]), seconds), flush=True)
    if len(samples) > 1 and scores:
        print(*by_folder(samples, scores), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
