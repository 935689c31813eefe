"""The features of an article depend on nothing but the article, under every kernel of BLAS that can be forced.

Each build runs in a process of its own, on the articles of examples/. Unrounded columns are compared, since rounding
hides most differences of what is published, and not all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "examples" / "articles"
KERNELS = {
    "Prescott": "X86_V2",
    "Nehalem": "X86_V2",
    "Sandybridge": "X86_V3",
    "Haswell": "X86_V3",
    "Zen": "X86_V3",
    "SkylakeX": "X86_V4",
}
"""OpenBLAS's kernels for x86-64, each with extensions, by numpy's names, of all processors that can run it."""
VARIATIONS = {
    "each file alone, in a worker that has seen others": ["--batch-bytes", "1", "--shuffle", "1"],
    "caches that are full at once": ["--batch-bytes", "30000", "--shuffle", "4", "--small-caches"],
    "two workers": ["--jobs", "2", "--batch-bytes", "5000", "--shuffle", "2"],
    "three workers": ["--jobs", "3", "--batch-bytes", "20000", "--shuffle", "3"],
}


def forced_kernels() -> Sequence[str]:
    """The kernels that can be forced here, and "" for the one that is chosen without force."""
    if not any(pool["internal_api"] == "openblas" for pool in threadpool_info()):
        return [""]
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    present = {*extensions.get("baseline", []), *extensions.get("found", [])}
    return ["", *(kernel for kernel, needed in KERNELS.items() if needed in present)]


@cache
def build(kernel: str, *options: str) -> Mapping[str, Any]:
    """What a build in a new process found, see `tests.determinism.observed_build`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    if kernel:
        environment["OPENBLAS_CORETYPE"] = kernel
    command = [sys.executable, "-m", "tests.determinism.observed_build", ARTICLES, *options]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.slow
def test_kernels_can_be_forced() -> None:
    """Otherwise the next test would compare the same kernel over and over."""
    for kernel in set(forced_kernels()) - {"", "Zen", "Prescott"}:  # numpy's wheels stand others in for these two
        assert build(kernel)["kernel"] == kernel


@pytest.mark.slow
@pytest.mark.parametrize("kernel", forced_kernels())
def test_features_are_the_same(kernel: str) -> None:
    expected = build(kernel)
    for name, options in VARIATIONS.items():
        found = build(kernel, *options)
        differing = [column for column, digest in found["columns"].items() if digest != expected["columns"][column]]
        assert differing == [], name
        assert found == expected, name
