"""Folders of a few files."""

from pathlib import Path


def folder(root: Path, *files: str, text: str = "text") -> Path:
    """Make a folder of these files; a name that ends in a slash is a folder."""
    for name in files:
        if name.endswith("/"):
            (root / name).mkdir(parents=True, exist_ok=True)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    return root
