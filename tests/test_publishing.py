"""What docs/how-to/publish.md and examples/publish say works: the jobs, the server, the content types."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.test_docs import ROOT, blocks, run

PUBLISH = ROOT / "examples" / "publish"
GUIDE = ROOT / "docs" / "how-to" / "publish.md"
KNOWN = {"", ".css", ".gz", ".html", ".js", ".json", ".png", ".svg"}
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
    assert {"index.html", "graph.ttl", "report.json"} <= files
    assert "store" not in files
    assert "<https://graph.handbook.example.org/concept/data-drift>" in (tmp_path / "public" / "graph.ttl").read_text()


def content_types() -> dict[str, str]:
    """By suffix, as the guide lists them."""
    rows = re.findall(r"^\| `(\.\w+)` \| `([^;`]+)(?:; charset=utf-8)?` \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    return dict(rows)


def test_every_file_of_a_build_has_a_content_type(built: Path) -> None:
    files = (path for path in built.rglob("*") if path.is_file() and "store" not in path.relative_to(built).parts)
    assert {path.suffix for path in files} - KNOWN <= set(content_types())


def test_nginx_is_told_the_same_types() -> None:
    (types,) = re.findall(r"types \{(.*?)\}", (PUBLISH / "nginx.conf").read_text("utf-8"), re.DOTALL)
    assert {f".{suffix}": name for name, suffix in re.findall(r"(\S+)\s+(\w+);", types)} == content_types()


def test_the_server_shows_the_page(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "public", ignore=shutil.ignore_patterns("store"))
    (command,) = blocks(GUIDE, "sh")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = command.replace("8000", f"{port} --bind 127.0.0.1").split()
    server = subprocess.Popen(
        [sys.executable, *words[1:]], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        page = fetch(f"http://127.0.0.1:{port}/")
        turtle = fetch(f"http://127.0.0.1:{port}/graph.ttl")
    finally:
        server.kill()
        server.wait()
    assert page == (built / "index.html").read_bytes()
    assert turtle == (built / "graph.ttl").read_bytes()


def fetch(address: str) -> bytes:
    """What is at an address, as soon as a server answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(100):
        try:
            with opener.open(address, timeout=10) as answer:
                return answer.read()
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")
