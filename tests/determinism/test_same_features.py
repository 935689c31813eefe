"""The features of an article depend on nothing but the article, under every kernel of BLAS that can be forced.

The builds of a kernel run in a process of their own, on the articles of examples/. Unrounded columns are compared,
since rounding hides most differences of what is published, and not all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
    "SkylakeX": "X86_V4",
}
"""The kernels for x86-64 in numpy's wheels, each with extensions, by numpy's names, of all processors that run it."""


def kernels() -> Sequence[str]:
    """The kernels that can be forced here, and "" for the one that is chosen without force, if it is none of these."""
    chosen = {pool.get("architecture") for pool in threadpool_info() if pool["internal_api"] == "openblas"}
    if not chosen:
        return [""]
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    present = {*extensions.get("baseline", []), *extensions.get("found", [])}
    forced = [kernel for kernel, needed in KERNELS.items() if needed in present]
    return forced if chosen <= {*forced} else ["", *forced]


def built(kernel: str) -> Mapping[str, Any]:
    """What builds in a new process found, see `tests.determinism.observed_build`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    if kernel:
        environment["OPENBLAS_CORETYPE"] = kernel
    command = [sys.executable, "-m", "tests.determinism.observed_build", ARTICLES]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kernel", kernels())
def test_features_are_the_same(kernel: str) -> None:
    found = built(kernel)
    if kernel:  # otherwise the same kernel would be compared over and over
        assert found["kernel"] == {"Prescott": "Katmai"}.get(kernel, kernel)
    (_, expected), *others = found["builds"].items()
    for name, other in others:
        differing = [column for column, digest in other["columns"].items() if digest != expected["columns"][column]]
        assert differing == [], name
        assert other == expected, name
