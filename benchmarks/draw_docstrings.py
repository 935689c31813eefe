"""Draw docstrings at random, to be read with fresh eyes: `python benchmarks/draw_docstrings.py --count 50 --seed 1`.

Prints each docstring with its place and signature, then the number of sentences. A sentence counts against the prose
if a reader has to read it twice. `--pages` prints the prose of docs/how-to instead, without code blocks.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n{2,}|\n\s*[-|*]")
_CODE_BLOCK = re.compile(r"^```.*?^```$|^    .*?$", re.MULTILINE | re.DOTALL)


def docstrings(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each docstring in a folder, including those of attributes."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                for statement in node.body:
                    match statement:
                        case ast.Expr(value=ast.Constant(value=str(text))):
                            place = f"{path.relative_to(ROOT)}:{statement.lineno}"
                            yield f"{place}{_signature(node)}", inspect.cleandoc(text)


def _signature(node: ast.AST) -> str:
    """Return the name and the signature to which a docstring belongs, as a reader of the code sees them."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            return f" {node.name}({ast.unparse(node.args)}){result}"
        case ast.ClassDef():
            return f" class {node.name}"
    return ""


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the path and the prose of each Markdown file in a folder."""
    for path in sorted(folder.glob("*.md")):
        yield str(path.relative_to(ROOT)), _CODE_BLOCK.sub("", path.read_text("utf-8"))


def count_sentences(text: str) -> int:
    """Count sentences, headings, list items and table rows."""
    return sum(bool(re.search(r"\w", piece)) for piece in _SENTENCE_END.split(text))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", action="store_true")
    given = parser.parse_args()
    if given.pages:
        drawn = list(pages(ROOT / "docs" / "how-to"))
    else:
        drawn = random.Random(given.seed).sample(list(docstrings(ROOT / "kg")), given.count)
    for place, text in drawn:
        print(f"## {place}\n\n{text}\n")
    print(f"{sum(count_sentences(text) for _, text in drawn)} sentences")


if __name__ == "__main__":
    main()
