"""Texts in the cells of CSV files, so that spreadsheet programs do not take them for formulas."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")


def text_cell(text: str) -> str:
    """Return the content of a cell with a text: `text`, or with an apostrophe before it if it could be a formula.

    A spreadsheet program runs a formula when it opens the file, and a formula can send the contents of other cells
    away. It may begin with any of the characters `=`, `+`, `-`, `@`, a tab or a carriage return. See
    https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text
