"""Web addresses without marks are links where the tool makes them links."""

import pytest

from tests.read.texts import published, targets


@pytest.mark.parametrize("tool", ["hugo", "docusaurus", "obsidian", "wiki"])
def test_a_bare_web_address_is_a_link(tool: str) -> None:
    source = (
        "See https://a.example/x_y_z. Or (http://b.example/q?a=b), or [c](https://c.example/).\n\n`https://d.example`"
    )
    addresses = ["https://a.example/x_y_z", "http://b.example/q?a=b", "https://c.example/"]
    assert [address for address, *_ in targets(source, tool)] == addresses
    assert published("See https://a.example/x_y_z.", tool) == "See https://a.example/x_y_z."
    marked = '[https://a.example](b.md) <https://c.example> <a href="https://d.example">d</a>'
    assert [address for address, *_ in targets(marked, tool)] == ["b.md", "https://c.example", "https://d.example"]


@pytest.mark.parametrize("tool", ["plain", "mkdocs", "jekyll", "mdbook"])
def test_where_the_tool_makes_no_link_of_it_it_is_text(tool: str) -> None:
    assert targets("See https://a.example/x.", tool) == []
