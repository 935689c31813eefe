"""benchmarks/growth.py: its tables, with figures that are given, and one build that is really made."""

from pathlib import Path

import growth
import pytest
import sources
from rich.console import Console
from shown import show

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"


def size(articles: int, seconds: float, peak: int) -> growth.Size:
    return growth.Size(
        articles=articles,
        tokens=450 * articles,
        seconds=seconds,
        processor=2 * seconds,
        stages={"find articles": 0.001, "read and tag": seconds / 2, "choose concepts": seconds / 4},
        peak=peak,
        out=100_000 * articles,
        concepts=5 * articles,
        mentions=20 * articles,
        triples=500 * articles,
    )


SIZES = [size(500, 10, 300_000_000), size(1000, 22, 320_000_000), size(100_000, 2500, 4_280_000_000)]


def test_memory_grows_by_what_each_further_article_needs() -> None:
    memory = growth.tables(SIZES)[1]
    assert memory.rows == [["500", "300", ""], ["1,000", "320", "40"], ["100,000", "4,280", "40"]]


def test_time_is_told_by_stage_where_a_stage_takes_any() -> None:
    time = growth.tables(SIZES)[0]
    assert time.columns == ["articles", "tokens", "seconds", "CPU s", "ms each", "read and tag", "choose concepts"]
    assert time.rows[1] == ["1,000", "450,000", "22.0", "44", "22.0", "11.0", "5.5"]


def test_numbers_are_never_broken() -> None:
    console = Console(width=80)
    with console.capture() as captured:
        for table in growth.tables(SIZES):
            show(table, console)
    assert max(map(len, captured.get().splitlines())) <= 80
    assert all(
        number in captured.get().split()
        for table in growth.tables(SIZES)
        for row in table.rows
        for number in row
        if number
    )


@pytest.mark.slow
def test_a_sample_is_built_and_measured(tmp_path: Path) -> None:
    files = sources.by_hash(sources.files_of(ARTICLES))[:4]
    found = growth.build(ARTICLES, files, 1, tmp_path)
    assert found.articles == 4
    assert found.tokens > 400
    assert found.peak > 50_000_000
    assert found.triples > found.mentions > 0
    assert found.seconds > sum(found.stages.values()) > 0
