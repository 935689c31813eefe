"""Paths without symbolic links."""

from pathlib import Path

from kg.base.paths import exists, is_file, is_folder, real_path


def test_links_are_followed_unless_they_lead_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    assert real_path(tmp_path / "link" / "a.md") == tmp_path / "folder" / "a.md"
    assert real_path(tmp_path / "one" / "a.md").name == "a.md"


def test_what_cannot_be_looked_up_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    assert (is_file(tmp_path / "a.md"), is_folder(tmp_path / "a.md")) == (True, False)
    assert (is_file(tmp_path), is_folder(tmp_path)) == (False, True)
    assert [exists(tmp_path), exists(tmp_path / "a.md")] == [True, True]
    for name in ("absent", "a.md/b.md", "x" * 300, "x/" * 3000, "nul\0"):
        path = tmp_path / name
        assert (exists(path), is_file(path), is_folder(path)) == (False, False, False)
