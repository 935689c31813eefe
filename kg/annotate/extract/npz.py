"""Files of arrays."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt


def read_arrays(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of an .npz file by name; what it may hold is numbers and text, and no pickle.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is damaged or something else.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (EOFError, TypeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from error
