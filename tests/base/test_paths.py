"""Paths without symbolic links."""

from pathlib import Path

from kg.base.paths import real_path


def test_links_are_followed_unless_they_lead_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    assert real_path(tmp_path / "link" / "a.md") == tmp_path / "folder" / "a.md"
    assert real_path(tmp_path / "one" / "a.md").name == "a.md"
