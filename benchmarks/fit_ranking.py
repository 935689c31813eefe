"""Fit the weights of `kg.concepts.ranking` to a corpus whose articles carry keywords.

Usage: python benchmarks/fit_ranking.py ARTICLES [--work FOLDER]

Annotates the corpus without looking at its keywords, labels a candidate 1 if its normal form is that of a keyword of
its article, and fits a logistic regression by Newton's method. Prints F1@10 by subject, each scored with weights that
were fitted to the other subjects, and then the weights of a fit to all, as they stand in the source.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from kg import engine
from kg.annotate.batch import annotate_batch, batches, keyword_set, read_rows
from kg.concepts.ranking import WEIGHTS, Floats, features
from kg.config import Concepts, Config
from kg.read.files import find_articles

RIDGE = 1.0


def fit(matrix: Floats, wanted: Floats) -> Floats:
    """Weights and, last, the bias, by Newton's method with a small ridge."""
    design = np.column_stack([matrix, np.ones(len(matrix))])
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (p - wanted) + RIDGE * weights
        hessian = (design * (p * (1 - p))[:, None]).T @ design + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def f1_at_10(score: Floats, wanted: Floats, file: np.ndarray, gold: dict[int, int]) -> float:
    """Macro F1@10 over articles; what is no candidate counts as missed."""
    order = np.lexsort((-score, file))
    total = 0.0
    starts = np.flatnonzero(np.r_[True, np.diff(file[order]) != 0])
    for start, end in zip(starts, np.r_[starts[1:], len(order)], strict=True):
        top = order[start : min(end, start + 10)]
        hits = wanted[top].sum()
        known = gold.get(int(file[order[start]]), 0)
        if hits and known:
            precision, recall = hits / 10, hits / known
            total += 2 * precision * recall / (precision + recall)
    return total / max(sum(1 for count in gold.values() if count), 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("articles", type=Path)
    options.add_argument("--work", type=Path, help="keep the rows here, or use those that lie here")
    args = options.parse_args()
    config = Config(concepts=Concepts(keywords=False))
    work = args.work or Path(tempfile.mkdtemp())
    if not work.is_dir() or not any(work.iterdir()):
        files, _ = find_articles(args.articles, config.read)
        engine.run(annotate_batch, batches(args.articles, files, work, config), jobs=engine.available_cores())
    folders = sorted(work.iterdir())
    articles, candidates = read_rows(folders, "articles"), read_rows(folders, "candidates")

    keywords = {row["file"]: keyword_set(row["keywords"]) for row in articles.select(["file", "keywords"]).to_pylist()}
    subject = {row["file"]: row["path"].split("/")[0] for row in articles.select(["file", "path"]).to_pylist()}
    encoded = candidates["term"].combine_chunks().dictionary_encode()
    term = encoded.indices.to_numpy().astype(np.int64)
    names = encoded.dictionary.to_pylist()
    file = candidates["file"].to_numpy()
    wanted = np.array([names[t] in keywords[f] for t, f in zip(term, file, strict=True)], np.float64)
    matrix = features(candidates, term, names, read_rows(folders, "words"), articles.num_rows)
    subjects = np.array([subject[f] for f in file])

    for name in sorted(set(subjects)):
        held_out = subjects == name
        weights = fit(matrix[~held_out], wanted[~held_out])
        score = matrix[held_out] @ weights[:-1]
        gold = {f: len(k) for f, k in keywords.items() if subject[f] == name}
        print(f"{name:25} F1@10 {f1_at_10(score, wanted[held_out], file[held_out], gold):.4f}  ({len(gold)} articles)")
    weights = fit(matrix, wanted)
    p = 1 / (1 + np.exp(-(matrix @ weights[:-1] + weights[-1])))
    for cut in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4):
        kept = p >= cut
        print(
            f"cut {cut}: {kept.sum() / articles.num_rows:.1f} concepts an article, precision {wanted[kept].mean():.3f}"
        )
    for name, weight in zip((*WEIGHTS, "bias"), weights, strict=True):
        print(f'    "{name}": {weight:.3f},')


if __name__ == "__main__":
    main()
