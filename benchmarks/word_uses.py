"""Write kg/concepts/word_uses.tsv: the words that the prose of a corpus mostly uses as something else than a noun.

Usage: python benchmarks/word_uses.py ARTICLES

A line is a normal word and how many of 20 of its uses in running prose are a noun, a gerund, a modifier and something
else, as `kg.annotate` counts them. Words with fewer than 20 uses say too little, and those that are nouns in more than
six of ten uses are what is expected of a word that is not there.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from kg.annotate.batch import AnnotationJob
from kg.annotate.collect import read_rows
from kg.annotate.stage import digests_of, read_and_tag
from kg.annotate.text.normal_form import normal_word
from kg.base.config import Concepts, Config
from kg.concepts.ranking.features import PRIOR_USES, USES, WORD_USES
from kg.engine.local import Local, available_cores
from kg.read.files import find_articles

NOUNS = {"noun", "gerund"}
MOSTLY = 0.6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path)
    articles = options.parse_args().articles
    config = Config(concepts=Concepts(keywords=False))
    files, _ = find_articles(articles, config.read)
    with tempfile.TemporaryDirectory() as work:
        recipe, engine = AnnotationJob(articles.resolve(), config, None), Local(available_cores())
        read = read_and_tag(
            recipe, digests_of(articles, files), Path(work, "rows"), engine=engine, on_done=lambda _: None
        )
        words = read_rows(read.rows, "words")
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for word, use, count in zip(*(words[name].to_pylist() for name in ("word", "use", "count")), strict=True):
        for normal in normal_word(word):
            uses[normal][use] += count
    lines = []
    for word, counts in sorted(uses.items()):
        if counts.total() >= PRIOR_USES and sum(counts[use] for use in NOUNS) <= MOSTLY * counts.total():
            scaled = (str(round(PRIOR_USES * counts[use] / counts.total())) for use in USES)
            lines.append("\t".join([word, *scaled]))
    WORD_USES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines):,} words in {WORD_USES}")


if __name__ == "__main__":
    main()
