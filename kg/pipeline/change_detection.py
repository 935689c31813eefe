"""Detection of changes. If all inputs are the same as in the previous build, there is nothing to build."""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.base.digests import digest_of
from kg.base.errors import DataError, UsageError
from kg.base.model import Problem
from kg.base.paths import real_path
from kg.base.plural import counted
from kg.base.report import Report, read_report
from kg.export.store.block_index import read_loaded
from kg.pipeline.plan import Plan
from kg.read.files import walk


def check_not_emptied(plan: Plan, files: Sequence[str]) -> None:
    """Check that an empty folder of articles, as after a mistake in a path, does not replace a build that has articles.

    Raises:
        DataError: if there are no `files`, and the output folder has a build of some articles.
    """
    if files:
        return
    try:
        articles = read_report(plan.target).counts.get("articles", 0)
    except DataError:
        return
    if articles:
        raise DataError(
            f"no article was found in {plan.root}, so the build of {counted(articles, 'article')} in {plan.target} is "
            "kept; to replace it, remove it first"
        )


def source_digest(plan: Plan) -> str:
    """Return a digest of the path from the output folder to the articles folder.

    It stays the same if both are moved together. It is a digest, so that a published report shows no path.
    """
    return digest_of(os.path.relpath(real_path(plan.root), real_path(plan.target)))


def check_same_source(plan: Plan) -> None:
    """Check that the output folder has no build of another articles folder.

    Raises:
        UsageError: if it has one.
    """
    try:
        source = read_report(plan.target).source
    except DataError:
        return
    if source and source != source_digest(plan):
        raise UsageError(
            f"{plan.target} has the build of another folder, which is also called {plan.target.name}: choose another "
            f"folder with --out, or replace that build with --out {shlex.quote(str(plan.target))}"
        )


def input_digest(plan: Plan, unreadable: Sequence[Problem], articles: Mapping[str, str]) -> str:
    """Return a digest of everything that a build depends on.

    Args:
        plan: the plan of the build.
        unreadable: problems with files that could not be used as articles.
        articles: maps the path of each article to the digest of the article's file.
    """
    return digest_of(
        [
            real_path(plan.root).name,
            source_digest(plan),
            plan.settings,
            sorted(articles.items()),
            unreadable,
            plan.lexicon.digests,
            plan.ended,
            plan.output_software,
            _others(plan.root, real_path(plan.target)),
        ]
    )


def _others(root: Path, skip: Path) -> str:
    """Return a digest of the paths of all files below `root`, except those in the folder `skip`.

    All files count, since links may lead to files that are not articles. Hidden folders are left out.
    """
    top = real_path(root)

    def is_left_out(entry: os.DirEntry[str], _: str) -> bool:
        return (entry.name.startswith(".") or Path(entry.path) == skip) and entry.is_dir(follow_symlinks=False)

    names = sorted(name for _, name in walk(top, is_left_out, []))
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def is_whole_build(report: Report, out: Path) -> bool:
    """Return whether the build in `out`, which has this report, is still complete.

    It is complete if it has as many files and bytes as the report says, and a complete store.
    """
    return report.size == size_of(out) and read_loaded(out / "store") is not None


def size_of(out: Path) -> tuple[int, int]:
    """Return the number of files of a build and their total size in bytes, without report.json and the store."""
    files = size = 0
    for folder, folders, names in os.walk(out):
        if folder == str(out):
            folders[:] = [name for name in folders if name != "store"]
            names = [name for name in names if name != "report.json"]
        files += len(names)
        size += sum(Path(folder, name).stat().st_size for name in names)
    return files, size
