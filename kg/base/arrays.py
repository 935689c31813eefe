"""Type aliases for NumPy arrays, one for each data type, and a type of Arrow columns that rows and tables share."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats: TypeAlias = npt.NDArray[np.float64]
Floats32: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
Ints32: TypeAlias = npt.NDArray[np.int32]
Bools: TypeAlias = npt.NDArray[np.bool_]

AUTHOR_PROFILE: Final = pa.struct(
    [
        ("name", pa.string()),
        ("url", pa.string()),  # IRI of a web page of the author, or null
        ("kind", pa.string()),  # see `kg.base.model.AuthorKind`; null if the front matter has no kind
    ]
)
