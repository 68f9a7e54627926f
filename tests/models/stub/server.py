"""The stub: refuses, waits, fails and replies as told, and keeps a log of what it was asked."""

from __future__ import annotations

import json
import select
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import rules, wire
from .batches import Batches
from .reading import Cache, marked_of, prompt_of, tokens
from .rules import Refusal
from .step import Step

KEY = "sk-stub-0123456789abcdef"
"""The key that opens the stub."""

_APIS = {
    "responses": "responses",
    "chat/completions": "chat",
    "messages": "messages",
    "messages/count_tokens": "count",
}
_STATUSES = {
    "429": (429, "Rate limit reached for requests", "rate_limit_exceeded"),
    "500": (500, "The server had an error while processing your request", "server_error"),
    "503": (503, "The engine is currently overloaded", "server_error"),
    "529": (529, "Overloaded", "overloaded_error"),
    "quota": (
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
    ),
}


@dataclass
class Log:
    """What the stub has seen: `cancelled` calls are those that their client left."""

    calls: int = 0
    served: int = 0
    refused: int = 0
    cancelled: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    bodies: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)


class Stub(ThreadingHTTPServer):
    """The server, as a context manager. OpenAI's clients take `url`, Anthropic's take `root`.

    Args:
        steps: what it does with its first calls, and `default` with all later ones.
        first: seconds until a reply's first part.
        latency: seconds until it is whole.
        at_a_time: calls above so many are answered with a 429.
        by_seed: the text of a choice by its seed (the call's plus the index), where one is sent.
        keep: whether bodies and headers are kept.
        polls: how often a batch is asked for until it is done.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        steps: Iterable[Step] = (),
        *,
        default: Step | None = None,
        first: float = 0.0,
        latency: float = 0.0,
        at_a_time: int = 10_000,
        by_seed: Callable[[int], str] | None = None,
        keep: bool = True,
        polls: int = 2,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.steps, self.default = deque(steps), default or Step()
        self.first, self.latency, self.at_a_time = first, latency, at_a_time
        self.by_seed, self.keep = by_seed, keep
        self.log, self.lock, self.cache = Log(), threading.Lock(), Cache()
        self.batches = Batches(polls, self.root)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def __enter__(self) -> Stub:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error of the stub's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def texts(self, body: dict, step: Step) -> list[str]:
        """The text of each choice."""
        count = body.get("n", 1)
        if self.by_seed is None or "seed" not in body or step is not self.default:
            return step.texts(count)
        return [self.by_seed(body["seed"] + index) for index in range(count)]

    def enter(self, body: dict, headers: dict) -> Step:
        """Notes a call; what to do with it."""
        with self.lock:
            log = self.log
            log.calls += 1
            log.in_flight += 1
            log.most_in_flight = max(log.most_in_flight, log.in_flight)
            log.arrived.append(time.monotonic())
            if self.keep:
                log.bodies.append(body)
                log.headers.append(headers)
            if log.in_flight > self.at_a_time:
                return Step(fault="429", after=0.05)
            return self.steps.popleft() if self.steps else self.default

    def leave(self, outcome: str) -> None:
        """Notes how a call ended: "served", "refused" or "cancelled"."""
        with self.lock:
            self.log.in_flight -= 1
            self.log.ended.append(time.monotonic())
            setattr(self.log, outcome, getattr(self.log, outcome) + 1)

    def counts(self, api: str, body: dict, texts: list[str]) -> wire.Counts:
        """The tokens of a call, as the cache is when it arrives."""
        prompt = prompt_of(api, body)
        marked = marked_of(body) if api == "messages" else None
        whole, written = tokens(prompt), 0
        if marked is None:
            cached = self.cache.automatic(prompt)
        else:
            cached, written = self.cache.marked(marked, rules.MODELS[body["model"]].cached_from)
        with self.lock:
            self.log.tokens_in += whole
            self.log.tokens_cached += cached
        return wire.Counts(whole, cached, written, tuple(map(tokens, texts)))

    def begun(self, api: str, body: dict) -> None:
        """Puts a prompt into the cache: its reply has begun."""
        marked = marked_of(body) if api == "messages" else None
        self.cache.begun(prompt_of(api, body), marked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/stub/log":
            with self.server.lock:
                told = asdict(self.server.log)
            self._json(200, told)
        elif self._is_known():
            self._get(self.path.partition("?")[0].removeprefix("/v1/"))

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", 0))
        raw = self.rfile.read(size)
        if len(raw) < size:  # the client was killed as it sent
            self.close_connection = True
            return
        if not self._is_known():
            return
        path = self.path.partition("?")[0].removeprefix("/v1/")
        api = _APIS.get(path)
        if api is not None:
            self._call(api, json.loads(raw))
        elif path in ("files", "batches", "messages/batches"):
            self._post_batch(path, raw)
        else:
            self._refuse("chat", Refusal(404, f"Invalid URL (POST {self.path})"))

    def _is_known(self) -> bool:
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        key = self.headers.get("x-api-key") or bearer
        if key == KEY:
            return True
        api = "messages" if "x-api-key" in self.headers else "chat"
        said = "invalid x-api-key" if api == "messages" else f"Incorrect API key provided: {key}."
        self.server.enter({}, {})
        self._refuse(api, Refusal(401, said, "invalid_api_key"))
        self.server.leave("refused")
        return False

    def _get(self, path: str) -> None:
        if path == "models":
            data = [
                {"id": name, "object": "model", "created": 0, "owned_by": "stub"}
                for name in rules.MODELS
            ]
            self._json(200, {"object": "list", "data": data})
            return
        try:
            self._json(200, self.server.batches.get(path, self.server))
        except Refusal as refusal:
            self._refuse("messages" if path.startswith("messages") else "chat", refusal)

    def _post_batch(self, path: str, raw: bytes) -> None:
        if path != "files":
            self.server.enter(json.loads(raw), dict(self.headers.items()))
            self.server.leave("served")
        self._json(200, self.server.batches.post(path, raw, self.headers["content-type"]))

    def _call(self, api: str, body: dict) -> None:
        step = self.server.enter(body, {n.lower(): v for n, v in self.headers.items()})
        outcome = "served"
        try:
            rules.check(api, body)
            self._act(api, body, step)
        except Refusal as refusal:
            outcome = "refused"
            self._refuse(api, refusal)
        except (ConnectionError, TimeoutError):
            outcome = "cancelled"
            self.close_connection = True
        finally:
            self.server.leave(outcome)

    def _act(self, api: str, body: dict, step: Step) -> None:
        if step.fault in _STATUSES:
            status, said, code = _STATUSES[step.fault]
            raise Refusal(status, said, code, after=step.after)
        if step.refuse is not None and step.refuse in body:
            said = f"Unsupported parameter: '{step.refuse}' is not supported with this model."
            raise Refusal(400, said, "unsupported_parameter", step.refuse)
        if api == "count":
            self._json(200, {"input_tokens": tokens(prompt_of(api, body))})
            return
        texts = self.server.texts(body, step)
        first = self.server.first if step.first is None else step.first
        latency = self.server.latency if step.latency is None else step.latency
        told = wire.usage(api, self.server.counts(api, body, texts), step)
        self._wait(first)
        self.server.begun(api, body)
        if body.get("stream"):
            parts = wire.events(api, body["model"], texts, told, step)
            self._stream(*parts, step, latency - first)
        else:
            self._wait(latency - first)
            self._json(200, wire.whole(api, body["model"], texts, told, step))

    def _stream(self, first: list[str], rest: list[str], step: Step, wait: float) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self._chunk("".join(first))
        self._wait(wait)
        if step.fault == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if step.fault == "cut":
            rest[0] = rest[0][: len(rest[0]) // 2] + "\n\n"
        self._chunk("".join(rest))
        self._chunk("")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _wait(self, seconds: float) -> None:
        """Sleeps; a client that goes away meanwhile is a `ConnectionError`."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.connection], [], [], left)
            if ready and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionAbortedError
            if ready:
                time.sleep(min(left, 0.01))

    def _refuse(self, api: str, refusal: Refusal) -> None:
        content = wire.error(api, refusal.status, refusal.message, refusal.code, refusal.param)
        self._json(refusal.status, content, after=refusal.after)

    def _json(self, status: int, content: object, after: float | None = None) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if after is not None:
            self.send_header("retry-after", f"{after:g}")
        self.end_headers()
        self.wfile.write(data)
