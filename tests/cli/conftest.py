"""The command line, run in this process so that coverage sees it."""

import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from kg.cli import main


@dataclass(frozen=True)
class Run:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Run]]:
    """Runs `kg` with the given arguments."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Run(ended.value.code, captured.out, captured.err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
