"""Read the literal values in a configuration file in JavaScript or TypeScript, or in JSON with comments.

Nothing is evaluated. A value that is not a literal is left out, with three exceptions. The name of a constant is
replaced by its value in the same file. `a || "b"` and `a ?? "b"` are read as "b" if `a` is unknown. A path that is
built from literals, such as `path.resolve(__dirname, "../docs")`, is joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from posixpath import join, normpath
from typing import Any, Final

from kg.read.files import text_of

_MAX_BYTES: Final = 200_000
"""Maximum size of a configuration file; a larger file is not read."""
_MAX_DEPTH: Final = 40
"""Maximum nesting depth of the values that are read."""

_MAX_STEPS: Final = 2_000_000
"""Maximum number of examined tokens. A token counts each time it is examined. Only a hostile file exceeds this."""

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | //[^\n]* | /\*(?:[^*]|\*(?!/))*(?:\*/)? | \ufeff )
    | (?P<string> '(?:\\.|[^'\\\n])*'? | "(?:\\.|[^"\\\n])*"? )
    | (?P<template> `(?:\\.|[^`\\])*`? )
    | (?P<word> [\w$]+ )
    | (?P<mark> \.\.\. | => | \|\| | \?\? | && | [^\s] )
    """,
    re.VERBOSE | re.DOTALL,
)
_REGULAR_EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_BEFORE_VALUE: Final = frozenset({"(", ",", "=", ":", "[", "!", "&&", "||", "??", "?", "{", "}", ";", "=>", "return"})
_OPENING: Final = frozenset({"(", "[", "{"})
_CLOSING: Final = frozenset({")", "]", "}"})
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r?\n)|(.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_ENDS: Final = frozenset({",", ";", "export", "const", "let", "var", "function", "class", "import", "module"})
"""Tokens that end a value, besides closing brackets; a statement may end without a semicolon."""
_JOINING: Final = frozenset({"resolve", "join"})


def read_object(path: Path | None, keys: Iterable[Iterable[str]]) -> Mapping[str, Any]:
    """Return the first object literal in a file that has certain keys; an empty mapping if there is none.

    A value is a text, a list or a mapping. True, false and numbers are texts. Values that are not known are left out of
    a mapping, and are None in a list.

    Args:
        path: the file; None for no file.
        keys: sets of keys; the object has at least one key of each set.
    """
    reader = _Reader(_tokens(text_of(path, limit=_MAX_BYTES) if path else ""))
    wanted = [frozenset(some) for some in keys]
    for position in reader.objects():
        found, _ = reader.value(position, 0)
        if isinstance(found, dict) and all(not some.isdisjoint(found) for some in wanted):
            return _without_unknown(found)
    return {}


def _tokens(text: str) -> list[str]:
    """Return the tokens of a source; a string is a token that begins with a quotation mark."""
    tokens: list[str] = []
    position = 0
    while found := _TOKEN.match(text, position):
        if found[0] == "/" and (not tokens or tokens[-1] in _BEFORE_VALUE):
            found = _REGULAR_EXPRESSION.match(text, position) or found
            tokens.append("/")
        elif not found["skip"]:
            tokens.append(found[0])
        position = found.end()
    return tokens


class _Reader:
    """Reads values from the tokens of a file."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._steps = 0
        self._constants: dict[str, int] = {}
        self._values: dict[str, object] = {}
        for position, token in enumerate(tokens):
            if token in {"const", "let", "var"} and position + 2 < len(tokens):
                self._add_constant(position + 1)

    def _at(self, position: int) -> str:
        """Return the token at a position; it is empty after the last token."""
        return self._tokens[position] if position < len(self._tokens) else ""

    def objects(self) -> Iterable[int]:
        """Yield the positions of the braces that can begin an object literal."""
        before = {"=", "(", "return", "default", "=>", ",", "[", ":"}
        for position, token in enumerate(self._tokens):
            can_begin = position == 0 or self._tokens[position - 1] in before
            if token == "{" and can_begin and self._steps < _MAX_STEPS:
                yield position

    def value(self, position: int, depth: int) -> tuple[object, int]:
        """Return the value that begins at a position (None if it is not known), and the position after it."""
        self._steps += 1
        if self._steps > _MAX_STEPS:
            return None, len(self._tokens)
        if depth > _MAX_DEPTH:
            return None, self._skip(position)
        found, position = self._primary(position, depth)
        token = self._at(position)
        if token in {"as", "satisfies"}:
            return found, self._skip(position)
        if token in {"||", "??"}:
            other, after = self.value(position + 1, depth + 1)
            return (other if found is None else found), after
        after = self._skip(position)
        return (found if after == position else None), after

    def _primary(self, position: int, depth: int) -> tuple[object, int]:
        token = self._at(position)
        if token == "{":
            return self._object(position, depth)
        if token == "[":
            return self._list(position + 1, depth)
        if token == "(":
            found, after = self.value(position + 1, depth + 1)
            return found, after + (self._at(after) == ")")
        if token[:1] in {"'", '"'} or (token.startswith("`") and "${" not in token):
            return _unescaped(token[1:-1]), position + 1
        if token in {"true", "false"} or token.isdigit():
            return token, position + 1
        if re.fullmatch(r"[A-Za-z_$][\w$]*", token):
            return self._named(position, depth)
        return None, position

    def _named(self, position: int, depth: int) -> tuple[object, int]:
        """Return the value of a constant or of a call, such as a joined path or the module that `require` loads."""
        name = self._at(position)
        while self._at(position + 1) == ".":
            position += 2
        function = self._at(position)
        position += 1
        if self._at(position) != "(":
            return (self._constant(name, depth) if function == name else None), position
        arguments, after = self._list(position + 1, depth, ")")
        texts = [part for part in arguments if isinstance(part, str)]
        if name == "require":
            return (texts[0] if texts else None), after
        if function in _JOINING and self._at(position + 1) == "__dirname":
            return (normpath(join(".", *texts)) if len(texts) == len(arguments) - 1 else None), after
        if function == name and len(arguments) == 1:
            return arguments[0] if isinstance(arguments[0], dict) else None, after
        return None, after

    def _object(self, position: int, depth: int) -> tuple[dict[str, object] | None, int]:
        result: dict[str, object] = {}
        position += 1
        while (token := self._at(position)) not in {"}", ""}:
            if token == ",":
                position += 1
                continue
            if token == "...":
                found, position = self.value(position + 1, depth + 1)
                result.update(found if isinstance(found, dict) else {})
            else:
                key = _unescaped(token[1:-1]) if token[0] in "'\"" else token
                following = self._at(position + 1)
                if following == ":":
                    result[key], position = self.value(position + 2, depth + 1)
                elif following in {",", "}"}:
                    result[key], position = self._constant(key, depth), position + 1
                else:
                    position = self._skip(position)
            if self._at(position) not in {",", "}"}:
                return None, self._skip(position)
        return result, position + 1

    def _list(self, position: int, depth: int, closing: str = "]") -> tuple[list[object], int]:
        result: list[object] = []
        while (token := self._at(position)) not in {closing, ""}:
            if token == ",":
                position += 1
                continue
            start = position
            found, position = self.value(position + (token == "..."), depth + 1)
            result += found if token == "..." and isinstance(found, list) else [found]
            if position == start or self._at(position) not in {",", closing}:
                break
        return result, position + 1

    def _constant(self, name: str, depth: int) -> object:
        if name in self._constants and name not in self._values:
            self._values[name] = None  # counts if the value contains itself
            self._values[name], _ = self.value(self._constants[name], depth + 1)
        return self._values.get(name)

    def _add_constant(self, position: int) -> None:
        """Store where the value of the constant at a position begins. Skip its type, if it has one."""
        name = self._at(position)
        limit = min(position + 30, len(self._tokens))
        at = next((at for at in range(position + 1, limit) if self._at(at) in {"=", ";"}), limit)
        if at < limit and self._at(at) == "=" and (at == position + 1 or self._at(position + 1) == ":"):
            self._constants.setdefault(name, at + 1)

    def _skip(self, position: int) -> int:
        """Return the position of the token at which a value ends, such as a comma or a closing bracket."""
        depth, start = 0, position
        while (token := self._at(position)) and (depth or (token not in _CLOSING and token not in _ENDS)):
            depth += (token in _OPENING) - (token in _CLOSING)
            position += 1
        self._steps += position - start
        return position


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
        return "" if found[4] else _LETTERS.get(found[5], found[5])

    return _ESCAPE.sub(character, text) if "\\" in text else text


def _without_unknown(value: dict[str, object]) -> dict[str, Any]:
    return {
        key: _without_unknown(part) if isinstance(part, dict) else _list_without_unknown(part)
        for key, part in value.items()
        if part is not None
    }


def _list_without_unknown(value: object) -> object:
    if isinstance(value, list):
        return [_without_unknown(part) if isinstance(part, dict) else _list_without_unknown(part) for part in value]
    return value
