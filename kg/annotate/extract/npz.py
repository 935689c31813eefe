"""Read NumPy's .npz files."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt


def read_arrays(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of an .npz file by their names. The arrays may contain numbers and text, but no Python objects.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if the file is damaged or not an .npz file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (EOFError, TypeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from error
