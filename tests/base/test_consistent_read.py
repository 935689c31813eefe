"""Reading while a folder is replaced."""

from pathlib import Path

import pytest

from kg.base.consistent_read import consistently


class Reader:
    """Reads a folder of two files, and is disturbed between them so many times."""

    def __init__(self, tmp_path: Path, disturbed: int) -> None:
        self.folder = tmp_path / "0"
        self.names = iter(range(disturbed + 1))
        self.replace(tmp_path)

    def replace(self, parent: Path) -> None:
        name = next(self.names, None)
        if name is not None:
            new = parent / f"new-{name}"
            new.mkdir()
            for file in ("a", "b"):
                (new / file).write_text(str(name))
            if self.folder.exists():
                self.folder.rename(parent / f"old-{name}")
            new.rename(self.folder)

    def read(self) -> tuple[str, str]:
        first = (self.folder / "a").read_text()
        self.replace(self.folder.parent)
        return first, (self.folder / "b").read_text()


@pytest.mark.parametrize("disturbed", [0, 1, 3])
def test_what_is_read_is_of_one_folder(tmp_path: Path, disturbed: int) -> None:
    reader = Reader(tmp_path, disturbed)
    assert consistently(reader.folder, reader.read) == (str(disturbed), str(disturbed))


def test_a_failure_counts_only_in_a_folder_that_stays(tmp_path: Path) -> None:
    reader, failures = Reader(tmp_path, 1), []

    def fail_when_mixed() -> str:
        first, second = reader.read()
        if first != second:
            failures.append(first)
            raise ValueError("mixed")
        return first

    assert consistently(reader.folder, fail_when_mixed) == "1"
    assert failures == ["0"]
    with pytest.raises(ValueError, match="always"):
        consistently(reader.folder, lambda: int("always"))
    with pytest.raises(FileNotFoundError):
        consistently(tmp_path / "absent", (tmp_path / "absent").read_bytes)
