"""The registry of artifacts: it has what a build has, and finds what a new module adds."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg.export
from kg.base.config import Publish
from kg.base.report import read_report
from kg.base.tables import SCHEMAS, read_tables, share_tables
from kg.export.artifacts import Artifact, distributions, listed
from kg.export.graph_process import GraphsTask, GraphsWriter
from kg.pipeline.artifact_registry import artifacts, exporters
from kg.pipeline.write_all import publish
from kg.render.site.places import Unplaced

EVERYTHING = Publish(site_pages=True, site_jsonld=True)
MODULE = """
from kg.export.artifacts import Artifact, Exporter


def write(tables, report, out):
    (out / "titles.txt").write_text("\\n".join(tables.articles["title"].to_pylist()))


EXPORTERS = (
    Exporter(
        artifacts=(
            Artifact(
                name="titles.txt",
                media_type="text/plain",
                title="The titles <all>",
                opens_with="a text editor",
                dataset_order=200,
                page_order=200,
            ),
        ),
        write=write,
    ),
)
"""


@pytest.fixture
def new_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module of `kg.export` that nothing but the package knows."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "titles.py").write_text(MODULE)
    monkeypatch.setattr(kg.export, "__path__", [*kg.export.__path__, str(folder)])
    exporters.cache_clear()
    yield
    exporters.cache_clear()


def names(found: list[Artifact]) -> list[str]:
    return [artifact.name for artifact in found]


def test_every_file_of_a_build_is_in_the_registry(built: Path) -> None:
    found = names(artifacts(Publish()))
    folders = tuple(name for name in found if name.endswith("/"))
    assert all((built / name).is_dir() if name in folders else (built / name).is_file() for name in found)
    files = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert {name for name in files if not name.startswith(folders)} <= set(found)


def test_the_report_lists_the_artifacts(built: Path) -> None:
    reported = [(one.name, one.media_type, one.title) for one in read_report(built).artifacts]
    assert reported == [(one.name, one.media_type, one.title) for one in artifacts(Publish())]


def test_an_older_report_lists_none(built: Path, tmp_path: Path) -> None:
    report = json.loads((built / "report.json").read_text("utf-8"))
    del report["artifacts"]
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert read_report(tmp_path).artifacts == []


def test_a_name_and_a_position_are_given_once() -> None:
    found = artifacts(EVERYTHING)
    for values in (
        [one.name for one in found],
        [one.dataset_order for one in distributions(found)],
        [one.page_order for one in listed(found)],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_a_file_has_a_media_type_and_a_folder_has_none() -> None:
    for artifact in artifacts(EVERYTHING):
        assert (artifact.media_type is None) == artifact.name.endswith("/"), artifact.name
        assert artifact.dataset_order is None or artifact.media_type is not None


def test_every_table_is_in_the_registry() -> None:
    tables = [name for name in names(distributions(artifacts(Publish()))) if name.startswith("tables/")]
    assert tables == [f"tables/{name}.parquet" for name in SCHEMAS]


def test_the_configuration_decides_what_is_written() -> None:
    found = [*map(set, (names(artifacts(one)) for one in (Publish(), Publish(evidence="none"), EVERYTHING)))]
    assert found[0] - found[1] == {"evidence.nt.gz"}
    assert found[2] - found[0] == {"site/", "site-jsonld/"}
    assert found[2] - set(names(artifacts(Publish(site_faq=True)))) == {"site/"}


@pytest.mark.usefixtures("new_module")
def test_a_new_module_is_all_that_a_new_file_needs(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tables, report = read_tables(built / "tables"), read_report(built)
    task = GraphsTask(tmp_path / "graphs", tmp_path / "shared", out, report.configuration["base"], "top", None)
    out.mkdir()
    with GraphsWriter(task, articles=tables.articles.num_rows, jobs=1) as graphs:
        graphs.begin(tables.articles, tables.mentions)
        share_tables(tables, graphs.shared)
        timings = publish(report, out, Unplaced(), graphs, jobs=1)
    assert (out / "titles.txt").read_text().splitlines() == tables.articles["title"].to_pylist()
    assert "write titles.txt" in timings
    titles = {quad.object.value for quad in ox.parse(path=out / "dataset.ttl") if "title" in quad.predicate.value}
    assert "The titles <all>" in titles
    page = (out / "index.html").read_text("utf-8")
    assert '<a href="titles.txt"><code>titles.txt</code></a></td><td>The titles &lt;all&gt;</td>' in page
    assert "titles.txt" in names(artifacts(Publish()))  # what report.json lists, see above
