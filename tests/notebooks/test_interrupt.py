"""Interrupting the kernel of a notebook ends its query."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

from tests.query.test_process import ENDLESS


@pytest.fixture
def kernel() -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    manager, client = start_new_kernel()
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_an_interrupt_ends_a_query_within_a_second(
    kernel: tuple[KernelManager, BlockingKernelClient], built: Path
) -> None:
    manager, client = kernel
    client.execute_interactive(f"import kg; graph = kg.open({str(built)!r})", timeout=60)
    client.execute(f"graph.query({ENDLESS!r}, timeout=None)")
    time.sleep(1)  # the query runs; no answer comes
    start = time.monotonic()
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=30)
    while reply["parent_header"]["msg_type"] != "execute_request" or reply["content"]["status"] == "ok":
        reply = client.get_shell_msg(timeout=30)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert time.monotonic() - start < 5  # a second on an idle machine
    client.execute("graph.query('ASK { ?c a skos:Concept }', timeout=30).answer[0]")
    assert client.get_shell_msg(timeout=60)["content"]["status"] == "ok"
