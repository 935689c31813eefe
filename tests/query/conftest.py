"""The build that is queried."""

from pathlib import Path

import pytest

from tests.export.sample_tables import sample_tables, write_build


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the sample tables; no test may change it."""
    out = tmp_path_factory.mktemp("build")
    write_build(sample_tables(), out)
    return out
