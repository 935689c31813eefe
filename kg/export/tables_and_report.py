"""Descriptions of the artifacts that no exporter writes: the tables and the report.

The build writes the tables before all exporters run, and the report after them.
"""

from __future__ import annotations

from typing import Final

from kg.base.report import FILE_NAME as REPORT
from kg.export.artifacts import Artifact, Exporter

_OPENS_TABLES: Final = "pandas, DuckDB, Spark"
_TABLES: Final = {
    "articles": "The articles, with their texts",
    "links": "The related links",
    "concepts": "The concepts",
    "mentions": "Every occurrence of every concept",
    "relations": "How the concepts hang together",
    "communities": "The communities",
    "similar": "The most similar articles of each article",
}
"""Titles of the tables; the keys are the names of the tables in `kg.base.tables.SCHEMAS`."""

EXPORTERS: Final = (
    Exporter(
        artifacts=(
            Artifact(
                name="tables/",
                media_type=None,
                title="The tables of the graph",
                summary="articles, links, concepts, mentions, relations, communities and similar articles as Parquet",
                opens_with=_OPENS_TABLES,
                page_order=120,
            ),
            *(
                Artifact(
                    name=f"tables/{name}.parquet",
                    media_type="application/vnd.apache.parquet",
                    title=title,
                    opens_with=_OPENS_TABLES,
                    dataset_order=100 + place,
                )
                for place, (name, title) in enumerate(_TABLES.items())
            ),
        )
    ),
    Exporter(
        artifacts=(
            Artifact(
                name=REPORT,
                media_type="application/json",
                title="The report of the build",
                summary="counts, problems, versions, timings",
                opens_with="any JSON tool",
                page_order=160,
            ),
        )
    ),
)
