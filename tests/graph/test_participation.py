"""The participation coefficient of articles in communities."""

import pyarrow as pa
import pytest

from kg.base.tables import MENTIONS, Tables
from kg.graph.participation import participation
from tests.export.sample_tables import article, concept, mention, tables


def spread(found: dict[str, dict[str, float]], community: dict[str, str | None]) -> list[float | None]:
    """The participation of articles by url, from their concepts' salience and the concepts' communities."""
    rows = [
        mention(url, rank, slug, salience, 1, "extracted")
        for url, concepts in found.items()
        for rank, (slug, salience) in enumerate(concepts.items(), start=1)
    ]
    return participation(
        pa.array(found, pa.string()),
        pa.Table.from_pylist(rows, schema=MENTIONS),
        pa.array(community, pa.string()),
        pa.array(community.values(), pa.string()),
    ).to_pylist()


COMMUNITY = {"beak": "birds", "crust": "bread", "keel": "ships", "nest": "birds", "nowhere": None, "yeast": "bread"}


@pytest.mark.parametrize(
    ("concepts", "expected"),
    [
        ({"crust": 0.9, "yeast": 0.1}, 0.0),
        ({"crust": 0.5, "beak": 0.5}, 0.5),
        ({"crust": 0.2, "beak": 0.2, "keel": 0.2}, 0.6667),
        ({"crust": 0.9, "yeast": 0.9, "beak": 0.2}, 0.18),
        ({"crust": 0.5, "beak": 0.5, "nowhere": 1.0}, 0.5),
        ({"nowhere": 1.0}, None),
        ({"crust": 0.0, "beak": 0.0}, None),
        ({}, None),
    ],
)
def test_it_is_how_evenly_salience_is_spread(concepts: dict[str, float], expected: float | None) -> None:
    assert spread({"/a": concepts}, COMMUNITY) == [expected]


def test_every_article_has_its_own() -> None:
    found = {"/a": {"crust": 1.0, "beak": 1.0}, "/b": {}, "/c": {"keel": 0.3}, "/d": {"nest": 0.1, "keel": 0.1}}
    assert spread(found, COMMUNITY) == [0.5, None, 0.0, 0.5]


@pytest.mark.parametrize("community", [{}, {"crust": None}])
def test_without_communities_there_is_none(community: dict[str, str | None]) -> None:
    assert spread({"/a": dict.fromkeys(community, 0.5), "/b": {}}, community) == [None, None]


def test_it_is_in_the_table_of_articles() -> None:
    topics = {"bread": ["crust", "oven", "yeast"], "birds": ["beak", "nest", "wing"]}
    having = {f"/{topic}/{number}": slugs for topic, slugs in topics.items() for number in range(3)}
    having |= {"/both": ["beak", "crust"], "/none": []}
    found: Tables = tables(
        [article(url, f"About {url}") for url in sorted(having)],
        concepts=[concept(slug, slug, 3) for slug in sorted([*topics["bread"], *topics["birds"]])],
        mentions=[
            mention(url, rank, slug, 0.5, 1, "extracted")
            for url in sorted(having)
            for rank, slug in enumerate(having[url], start=1)
        ],
    )
    of_article = dict(zip(*(found.articles[name].to_pylist() for name in ("url", "participation")), strict=True))
    assert of_article.pop("/both") == 0.5
    assert of_article.pop("/none") is None
    assert set(of_article.values()) == {0.0}
