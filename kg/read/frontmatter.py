"""From a file's text to its front matter, with the line of every field.

YAML is read with every plain scalar as text: `id: 007` stays "007", `title: No` stays "No", and what a field means is
decided in one place, `kg.read.fields`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

_LIMIT: Final = 10_000
"""Values that a front matter may have once its aliases are expanded; a bomb of nine levels has a billion."""

_DEEPEST: Final = 100
"""Lists and mappings that may stand inside one another; far below where libyaml's recursion ends the interpreter."""

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


class FrontMatterError(ValueError):
    """The front matter cannot be read; `line` is 1-based in the file."""

    def __init__(self, code: str, message: str, line: int) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Values by field, the 1-based line of each, and the text below them, which begins at `body_line`."""

    values: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    repeated: Mapping[str, int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml's parser where it is built in
    """YAML's structure and no guessing: of the implicit types only null and merge keys remain."""


_Loader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [pair for pair in resolvers if pair[0] in {"tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"}])
}


def split(text: str) -> FrontMatter:
    """Read the YAML between a first line `---` and the next; a text without one is all body.

    Args:
        text: a whole file with line feeds as line ends.

    Raises:
        FrontMatterError: broken YAML, no closing line, not a mapping, or aliases that expand without bound.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(body=text)
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise FrontMatterError("yaml", 'the front matter that begins with "---" is not closed by another "---"', 1)
    body_start = min(closing.end() + 1, len(text))
    body_line = text.count("\n", 0, body_start) + 1
    node, values = _load(text[opening.end() : closing.start()])
    if node is None:
        return FrontMatter(body=text[body_start:], body_line=body_line)
    lines: dict[str, int] = {}
    repeated: dict[str, int] = {}
    _lines(node, "", lines, repeated)
    return FrontMatter(values, lines, repeated, text[body_start:], body_line)


def _load(source: str) -> tuple[yaml.MappingNode | None, Mapping[str, object]]:
    try:
        _check_depth(source)
        loader = _Loader(source)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, {}
            if not isinstance(node, yaml.MappingNode):
                raise FrontMatterError("yaml", "the front matter is not a list of fields (name: value)", 2)
            if _expanded_size(node) > _LIMIT:
                message = f"the front matter has more than {_LIMIT:,} values once its aliases are written out"
                raise FrontMatterError("alias-bomb", message, 2)
            return node, loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise FrontMatterError("yaml", f"broken YAML: {problem}", (mark.line if mark else 0) + 2) from error
    except yaml.reader.ReaderError as error:
        character = chr(error.character) if isinstance(error.character, int) else str(error.character)
        line = source.partition(character)[0].count("\n") + 2  # error.position counts bytes or characters
        raise FrontMatterError("yaml", f"broken YAML: {error.reason}", line) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, FrontMatterError):
            raise
        raise FrontMatterError("yaml", f"broken YAML: {error}", 2) from error


def _check_depth(source: str) -> None:
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                message = f"the front matter is nested more than {_DEEPEST} levels deep"
                raise FrontMatterError("too-deep", message, (event.start_mark.line if event.start_mark else 0) + 2)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _expanded_size(root: yaml.Node) -> int:
    """How many values `root` has with its aliases written out; more than the limit if it contains itself."""
    sizes: dict[int, int] = {}
    pending: list[tuple[yaml.Node, bool]] = [(root, False)]
    while pending:
        node, children_known = pending.pop()
        if children_known:
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
        elif id(node) not in sizes:
            sizes[id(node)] = _LIMIT  # what a node counts inside itself
            pending.append((node, True))
            pending += ((child, False) for child in _children(node))
    return sizes[id(root)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _lines(node: yaml.MappingNode, prefix: str, lines: dict[str, int], repeated: dict[str, int]) -> None:
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            name = prefix + key.value
            if name in lines:
                repeated[name] = key.start_mark.line + 2
            lines[name] = key.start_mark.line + 2
            if isinstance(value, yaml.MappingNode) and not prefix:
                _lines(value, name + ".", lines, repeated)
