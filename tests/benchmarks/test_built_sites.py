"""benchmarks/built_sites.py: the pages that a tool has written, and sites that the tools really build."""

import shutil
from pathlib import Path

import addresses
import built_sites
import pytest
from built_sites import Site, Text, read_output

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_only_pages_with_a_text_and_links_in_a_text_count(tmp_path: Path) -> None:
    pages = {
        "index.html": '<a href="/trees/">x</a><main><p>a<br>b</p><a href="ash/#a">x</a></main><a href="/trees/">x</a>',
        "ash/index.html": '<main data-file="/site/docs/Ash.md"><a href="..">x</a><a href="https://a.example/">x</a>',
        "oak.html": '<main><a href="ash/">x</a><a href="https://s.example/trees/ash/">x</a><a href="mailto:a">x</a>',
        "list/index.html": '<a href="../ash/">x</a>',
    }
    for path, text in pages.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    found = read_output(tmp_path, "https://s.example/trees", (Text("main"),), Path("/site"))
    links = {("/", "/ash"), ("/ash", "/"), ("/oak", "/ash")}
    opened = {"/", "/ash", "/oak", "/list"}
    assert found == Site(
        frozenset({"/", "/ash", "/oak"}), frozenset(links), frozenset(opened), {"docs/Ash.md": {"/ash"}}
    )


@pytest.mark.parametrize("tool", ["mkdocs", "hugo"])
def test_a_site_is_read_as_its_tool_builds_it(tmp_path: Path, tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    shutil.copytree(EXAMPLES / tool, tmp_path / "site")
    built = built_sites.BUILDERS[tool](tmp_path / "site", None)
    ours = addresses.read_articles(EXAMPLES / tool)
    assert ours.files
    assert ours.files.items() <= built.files.items()
    assert {(a, b) for a, b in built.links if {a, b} <= ours.pages} <= ours.links
