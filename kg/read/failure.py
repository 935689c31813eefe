"""The problem that is reported if a file cannot be read or annotated.

Either a limit is exceeded, or kg fails with an error that it does not expect.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Final

from kg.base.model import Problem, Severity

INTERNAL: Final = "internal"
"""Code of the problem if kg fails with an error that it does not expect."""
_PACKAGE: Final = Path(__file__).parents[1]
_MAX_LENGTH: Final = 200
"""Maximum length of the error's own message. It may quote the file, and so it may be long."""


class TooLargeError(Exception):
    """Raised if an article would take too much memory. The message is a sentence about the article, with the limit."""


def failure(file: str, error: Exception) -> Problem:
    """Return the problem that reports an error in place of the article in `file`.

    Any file may reveal a fault of kg, or of a library that kg uses. Such a file is left out, and all others are read.

    Raises:
        MemoryError: if `error` is a MemoryError. It depends on the machine and not on the file, so it must not decide
            which articles a build has.
    """
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, TooLargeError):
        return Problem(Severity.ERROR, "too-large", file, 1, None, str(error))
    said = " ".join(str(error).split())
    kind = type(error).__name__ + (f": {said[:_MAX_LENGTH]}" if said else "")
    message = (
        f"kg failed on this file ({kind}{_place(error)}), so it is left out: this is a fault of kg, please report it"
    )
    return Problem(Severity.ERROR, INTERNAL, file, 1, None, message)


def _place(error: Exception) -> str:
    """Return the last place in the code of kg that the error passed, as a phrase; "" if it passed none."""
    places = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [(path.relative_to(_PACKAGE), line) for path, line in places if path.is_relative_to(_PACKAGE)]
    return f", in kg/{ours[-1][0]}, line {ours[-1][1]}" if ours else ""
