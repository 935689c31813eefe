"""What a build publishes, to be compared with another one."""

from pathlib import Path


def published(out: Path) -> dict[str, bytes]:
    """Every file that must be the same bytes: all but report.json and store/."""
    files = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if name != "report.json" and not name.startswith("store/")
    }


def assert_same(out: Path, expected: Path) -> None:
    """Fail unless two builds have published the same."""
    found, wanted = published(out), published(expected)
    assert sorted(found) == sorted(wanted)
    assert [name for name in found if found[name] != wanted[name]] == []
