"""What docs/how-to/publish.md and examples/publish say works: the jobs, the server, the content types."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import quote, urldefrag

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib.namespace import DCAT

from tests.conftest import missing
from tests.test_docs import ROOT, blocks, run

PUBLISH = ROOT / "examples" / "publish"
GUIDE = ROOT / "docs" / "how-to" / "publish.md"
KNOWN = {"", ".css", ".html", ".js", ".json", ".png", ".svg"}
"""What every server has a content type for."""


def github() -> list[str]:
    """The commands of the workflow."""
    workflow = yaml.safe_load((PUBLISH / "github-actions.yml").read_text("utf-8"))
    assert workflow[True]["schedule"] == [{"cron": "17 4 * * 1"}]  # "on" is true in YAML 1.1
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(("run" in step) != ("uses" in step) for step in steps)
    assert [step["with"]["path"] for step in steps if "upload-pages-artifact" in step.get("uses", "")] == ["public"]
    return [step["run"] for step in steps if "run" in step]


def gitlab() -> list[str]:
    """The commands of the job."""
    (job,) = yaml.safe_load((PUBLISH / "gitlab-ci.yml").read_text("utf-8")).values()
    assert job["artifacts"] == {"paths": ["public"]}
    return job["script"]


@pytest.mark.parametrize("commands", [github, gitlab])
@pytest.mark.slow
def test_a_job_makes_a_folder_that_can_be_published(commands, tmp_path: Path) -> None:
    install, *rest = commands()
    assert install == 'pip install "$KG"'
    shutil.copytree(ROOT / "examples" / "articles", tmp_path / "articles")
    shutil.copy(PUBLISH / "kg.toml", tmp_path)
    for _ in range(2):  # a second time over what is there
        shutil.rmtree(tmp_path / "public" / "store", ignore_errors=True)
        for command in rest:
            run(f"{command} || echo failed > failed", tmp_path)
    assert not (tmp_path / "failed").exists()
    files = {path.name for path in (tmp_path / "public").iterdir()}
    assert {"index.html", "overview.html", "graph.ttl", "report.json", "concept"} <= files
    assert files.isdisjoint({"store", "site"})
    assert "<https://graph.handbook.example.org/concept/data-drift>" in (tmp_path / "public" / "graph.ttl").read_text()


def content_types() -> dict[str, str]:
    """By suffix, as the guide lists them."""
    rows = re.findall(r"^\| `(\.\w+)` \| `([^;`]+)(?:; charset=utf-8)?` \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    return dict(rows)


def test_every_file_of_a_build_has_a_content_type(built_site: Path) -> None:
    files = (
        path for path in built_site.rglob("*") if path.is_file() and "store" not in path.relative_to(built_site).parts
    )
    assert {path.suffix for path in files} - KNOWN <= set(content_types())


def test_nginx_is_told_the_same_types() -> None:
    (types,) = re.findall(r"types \{(.*?)\}", (PUBLISH / "nginx.conf").read_text("utf-8"), re.DOTALL)
    assert {f".{suffix}": name for name, suffix in re.findall(r"(\S+)\s+(\w+);", types)} == content_types()


@pytest.fixture(scope="module")
def public(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the commands of the guide make of a build."""
    folder = tmp_path_factory.mktemp("public")
    shutil.copytree(built_site, folder / "exports" / "handbook", ignore=shutil.ignore_patterns("*.sst"))
    (commands,) = (block for block in blocks(GUIDE, "console") if "rm -rf public" in block)
    for command in re.findall(r"^\$ (.*)", commands, re.MULTILINE):
        run(f"{command} || echo failed > failed", folder)
    assert not (folder / "failed").exists()
    return folder / "public"


def test_pages_and_files_are_in_one_folder(public: Path, built_site: Path) -> None:
    for folder, other in ((built_site, {"index.html"}), (built_site / "site", set())):
        paths = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        for path in paths - {Path(name) for name in other}:
            if path.parts[0] not in {"store", "site"}:
                assert (public / path).read_bytes() == (folder / path).read_bytes()
    assert (public / "overview.html").read_bytes() == (built_site / "index.html").read_bytes()


def test_the_server_shows_the_page(public: Path) -> None:
    (command,) = blocks(GUIDE, "sh")
    port = free_port()
    words = command.replace("8000", f"{port} --bind 127.0.0.1").split()
    server = subprocess.Popen(
        [sys.executable, *words[1:]], cwd=public.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        page, _ = fetch(f"http://127.0.0.1:{port}/concept/data-drift")
        turtle, _ = fetch(f"http://127.0.0.1:{port}/graph.ttl")
    finally:
        server.kill()
        server.wait()
    assert page == (public / "concept" / "data-drift" / "index.html").read_bytes()
    assert turtle == (public / "graph.ttl").read_bytes()


# nginx


BASE = "https://ml-in-production.example/"
ACCEPTED = {
    "text/html": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/turtle": "text/turtle, application/rdf+xml;q=0.5",
    "application/ld+json": "application/ld+json",
}
FORMATS = {"text/turtle": ox.RdfFormat.TURTLE, "application/ld+json": ox.RdfFormat.JSON_LD}


@pytest.fixture(scope="module")
def nginx(public: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx, which serves the folder with the configuration of the examples."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if program is None:
        missing("nginx is not installed: install nginx (apt-get install nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    port = free_port()
    server = (PUBLISH / "nginx.conf").read_text("utf-8")
    for written, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("root /var/www/graph;", f"root {public};"),
        ("include mime.types;", "include /etc/nginx/mime.types;"),
    ):
        assert server.count(written) == 1
        server = server.replace(written, here)
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # else a worker may not read the folder
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\n{server}}}\n"
    )
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        fetch(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def iris(built_site: Path) -> dict[str, str]:
    """All IRIs of the core graph that are subjects, each with one of its classes."""
    types = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    found = (quad for quad in ox.parse(path=built_site / "graph.nt") if quad.predicate.value == types)
    return {quad.subject.value: quad.object.value for quad in found}


@pytest.mark.parametrize("media_type", ACCEPTED)
def test_nginx_answers_every_kind_of_iri(nginx: str, iris: dict[str, str], media_type: str) -> None:
    kinds = {}
    for iri, kind in iris.items():
        path, fragment = urldefrag(iri.removeprefix(BASE))
        kinds.setdefault((kind, path.partition("/")[0], fragment.rstrip("0123456789").partition("-")[0]), iri)
    classes = "Article MissingArticle Question Answer Concept ConceptScheme Collection Annotation Association Activity"
    assert {kind.rpartition("/")[2].rpartition("#")[2] for kind, *_ in kinds} >= {*classes.split(), "Organization"}
    for iri in kinds.values():
        content, headers = fetch(nginx + urldefrag(iri.removeprefix(BASE)).url, ACCEPTED[media_type])
        assert headers.get_content_type() == media_type, iri
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Vary"] is not None
        if media_type in FORMATS:
            subjects = {quad.subject.value for quad in ox.parse(content, FORMATS[media_type])}
            assert iri in subjects
        elif iris[iri] != "https://w3id.org/kg-builder/ns#Association":
            assert f"<code><bdi>{urldefrag(iri).url}</bdi></code>" in content.decode()


def test_nginx_answers_every_iri(nginx: str, iris: dict[str, str]) -> None:
    for path in {urldefrag(iri.removeprefix(BASE)).url for iri in iris}:
        fetch(nginx + path, ACCEPTED["text/turtle"])


def test_nginx_redirects_with_see_other(nginx: str) -> None:
    class Kept(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Kept)
    for accept, file in (("text/html", "index.html"), ("text/turtle", "index.ttl")):
        request = urllib.request.Request(f"{nginx}concept/data-drift?x=%0d%0ay", headers={"Accept": accept})
        with pytest.raises(urllib.error.HTTPError) as answer:
            opener.open(request, timeout=10)
        assert (answer.value.code, answer.value.headers["Location"]) == (303, f"/concept/data-drift/{file}")
    with pytest.raises(urllib.error.HTTPError) as answer:
        opener.open(f"{nginx}concept/no-such-concept", timeout=10)
    assert answer.value.code == 404


@pytest.mark.parametrize("name", ["core", "evidence", "dataset", "ontology"])
def test_nginx_answers_the_dataset_and_its_graphs(nginx: str, public: Path, name: str) -> None:
    page, _ = fetch(f"{nginx}graph/{name}", ACCEPTED["text/html"])
    assert page == (public / "index.html").read_bytes()
    file = {"core": "graph.ttl", "evidence": "evidence.nt.gz", "dataset": "dataset.ttl", "ontology": "kg.ttl"}[name]
    content, _ = fetch(f"{nginx}graph/{name}", ACCEPTED["text/turtle"])
    assert content == (public / file).read_bytes()
    content, _ = fetch(f"{nginx}graph/{name}", ACCEPTED["application/ld+json"])
    assert content == (public / file.replace("graph.ttl", "graph.jsonld")).read_bytes()


def test_nginx_answers_every_download_of_the_dataset(nginx: str) -> None:
    described = rdflib.Graph().parse(data=fetch(f"{nginx}dataset.ttl")[0], format="turtle")
    distributions = set(described.subjects(rdflib.RDF.type, DCAT.Distribution))
    assert len(distributions) > 10
    for distribution in distributions:
        for predicate in (DCAT.downloadURL, DCAT.accessURL):
            address = str(described.value(distribution, predicate))
            content, headers = fetch(nginx + address.removeprefix(BASE))
            assert len(content) == int(described.value(distribution, DCAT.byteSize))
            media_type = described.value(distribution, DCAT.compressFormat) or described.value(
                distribution, DCAT.mediaType
            )
            assert str(media_type).endswith(f"/{headers.get_content_type()}")


def free_port() -> int:
    """A port on which no program listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def fetch(address: str, accept: str = "*/*") -> tuple[bytes, Message]:
    """The content and the headers of an address, as soon as a server answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(quote(address, safe=":/%"), headers={"Accept": accept})
    for _ in range(100):
        try:
            with opener.open(request, timeout=10) as answer:
                return answer.read(), answer.headers
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")
