"""A strict stub of the hosted APIs on loopback: Responses, chat, Messages, files and batches.

It refuses what they refuse (`rules.py`), answers what it is told, fails as it is told, takes its
time, caches prompts as documented, and keeps a log. Run as a program it prints its port, and
outlives the client that is killed.
"""

from __future__ import annotations

import argparse
import email
import json
import os
import select
import socket
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.dirname(__file__))

import rules
from rules import Refusal, tokens

RIGHT = "def f(x):\n    return x % 2"
KEY = "sk-stub-0123456789abcdef"
BIG = 10_000_000


def as_json(code: str) -> str:
    """A reply in the contract of the prompt."""
    return json.dumps({"code": code})


@dataclass
class Step:
    """What the stub does with one call.

    `fault`: "429", "500", "529", "quota", "drop" (in mid-stream), "cut" (a truncated event),
    "usage" (figures that make no sense), "refusal", "length", "silent" (an end without content),
    "big" (10 MB), or None. `after`: seconds for retry-after.
    """

    text: str = as_json(RIGHT)
    fault: str | None = None
    after: float | None = None


@dataclass
class Log:
    """What the stub has seen."""

    calls: int = 0
    served: int = 0
    cancelled: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    bodies: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    began: list[float] = field(default_factory=list)


class Stub(ThreadingHTTPServer):
    """The server. Use it as a context manager; `url` is its base URL.

    Args:
        steps: what it does with its first calls; `default` with all others.
        latency: seconds until a reply is whole; `first` until its first part.
        at_a_time: calls above this are a 429.
        by_seed: replies of a chat call by (seed + index) instead.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        steps=(),
        *,
        default: Step | None = None,
        latency: float = 0.0,
        first: float = 0.0,
        at_a_time: int = 10_000,
        by_seed=None,
        keep_bodies: bool = True,
        polls: int = 2,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.steps = deque(steps)
        self.default = default or Step()
        self.latency, self.first, self.at_a_time = latency, first, at_a_time
        self.by_seed, self.keep_bodies, self.polls = by_seed, keep_bodies, polls
        self.log, self.lock = Log(), threading.Lock()
        self.cache: list[str] = []
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict] = {}

    @property
    def url(self) -> str:
        """For OpenAI's clients; Anthropic's take `root`."""
        return f"{self.root}/v1"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that went away is no error of the stub's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def cached(self, prompt: str, marked: str | None) -> tuple[int, int]:
        """Tokens read from the cache and written to it, for a prompt (up to its mark, if any)."""
        part = prompt if marked is None else marked
        with self.lock:
            shared = max((len(os.path.commonprefix([part, old])) for old in self.cache), default=0)
            if marked is not None and shared < len(marked):
                shared = 0
        read, whole = tokens(part[:shared]), tokens(part)
        read = read if read >= 1024 else 0
        return read, (whole - read if marked and whole >= 1024 else 0)

    def begun(self, prompt: str) -> None:
        """From now on the prompt is in the cache."""
        with self.lock:
            self.cache.append(prompt)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/stub/log":
            return self._json(200, asdict(self.server.log))
        if not self._known():
            return None
        if self.path == "/v1/models":
            return self._json(200, {"object": "list", "data": [{"id": m, "object": "model"} for m in rules.MODELS]})
        return self._batch_get(self.path.removeprefix("/v1/").split("/"))

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not self._known():
            return
        path = self.path.partition("?")[0].removeprefix("/v1/")
        if path in ("files", "batches", "messages/batches"):
            self._batch_post(path, raw)
            return
        api = {"responses": "responses", "chat/completions": "chat", "messages": "messages"}.get(path)
        if api is None:
            self._refuse("chat", Refusal(404, f"Invalid URL (POST {self.path})"))
            return
        self._call(api, json.loads(raw))

    def _known(self) -> bool:
        key = self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")
        if key == KEY:
            return True
        api = "messages" if "x-api-key" in self.headers else "chat"
        self._refuse(api, Refusal(401, f"Incorrect API key provided: {key}.", "invalid_api_key"))
        return False

    def _call(self, api: str, body: dict) -> None:
        log, lock = self.server.log, self.server.lock
        with lock:
            log.calls += 1
            log.in_flight += 1
            log.most_in_flight = max(log.most_in_flight, log.in_flight)
            log.began.append(time.monotonic())
            if self.server.keep_bodies:
                log.bodies.append(body)
                log.headers.append(dict(self.headers.items()))
            crowded = log.in_flight > self.server.at_a_time
            step = self.server.steps.popleft() if self.server.steps else self.server.default
        try:
            rules.check(api, body)
            self._act(api, body, Step(fault="429", after=0.05) if crowded else step)
        except Refusal as refusal:
            self._refuse(api, refusal)
        except (ConnectionError, TimeoutError):
            with lock:
                log.cancelled += 1
            self.close_connection = True
        finally:
            with lock:
                log.in_flight -= 1

    def _act(self, api: str, body: dict, step: Step) -> None:
        if step.fault in ("429", "500", "529"):
            said = {"429": "Rate limit reached", "500": "The server had an error", "529": "Overloaded"}
            raise _Delayed(int(step.fault), said[step.fault], step.after)
        if step.fault == "quota":
            raise Refusal(429, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota")
        texts = self._texts(body, step)
        prompt = rules.prompt_of(api, body)
        marked = rules.marked_of(body) if api == "messages" else None
        self._wait(self.server.first)
        read, written = self.server.cached(prompt, marked)
        self.server.begun(prompt if marked is None else marked)
        usage = {"in": tokens(prompt), "cached": read, "written": written, "out": sum(map(tokens, texts))}
        with self.server.lock:
            self.server.log.tokens_in += usage["in"]
            self.server.log.tokens_cached += read
        if body.get("stream"):
            self._stream(api, texts, usage, step)
        else:
            self._wait(self.server.latency - self.server.first)
            self._json(200, whole(api, body["model"], texts, usage, step))
        with self.server.lock:
            self.server.log.served += 1

    def _texts(self, body: dict, step: Step) -> list[str]:
        count = body.get("n", 1)
        if self.server.by_seed and "seed" in body:
            return [self.server.by_seed(body["seed"] + index) for index in range(count)]
        text = "" if step.fault == "silent" else step.text
        return [text + "x" * BIG if step.fault == "big" else text] * count

    def _stream(self, api: str, texts: list[str], usage: dict, step: Step) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        events = list(EVENTS[api](texts, usage, step))
        half = len(events) // 2
        for index, event in enumerate(events):
            if index == half:
                self._wait(self.server.latency - self.server.first)
                if step.fault == "drop":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
            if index == half and step.fault == "cut":
                event = event[: len(event) // 2] + "\n\n"
            self._chunk(event.encode())
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
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
        error = {"message": refusal.message, "type": "invalid_request_error"}
        if api == "messages":
            kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error", 529: "overloaded_error", 500: "api_error"}
            error["type"] = kinds.get(refusal.status, "invalid_request_error")
            content = {"type": "error", "error": error}
        else:
            content = {"error": {**error, "code": refusal.code, "param": refusal.param}}
        self._json(refusal.status, content, after=getattr(refusal, "after", None))

    def _json(self, status: int, content: object, after: float | None = None) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if after is not None:
            self.send_header("retry-after", str(after))
        self.end_headers()
        self.wfile.write(data)

    def _batch_post(self, path: str, raw: bytes) -> None:
        name = f"{path.partition('/')[0]}-{len(self.server.files) + len(self.server.batches)}"
        if path == "files":
            head = b"content-type: " + self.headers["content-type"].encode() + b"\r\n\r\n"
            parts = email.message_from_bytes(head + raw).get_payload()
            file = next(p for p in parts if 'name="file"' in p["content-disposition"])
            self.server.files[name] = file.get_payload(decode=True)
            return self._json(200, {"id": name, "object": "file", "bytes": 1, "created_at": 0, "filename": "x", "purpose": "batch"})
        body = json.loads(raw)
        self.server.log.calls += 1
        if path == "batches":
            lines = self.server.files[body["input_file_id"]].decode().splitlines()
            asked = [(json.loads(line)["custom_id"], json.loads(line)["body"]) for line in lines]
            api = {"/v1/responses": "responses", "/v1/chat/completions": "chat"}[body["endpoint"]]
        else:
            asked = [(one["custom_id"], one["params"]) for one in body["requests"]]
            api = "messages"
        self.server.batches[name] = {"api": api, "asked": asked, "polls": self.server.polls}
        return self._json(200, self._batch(name))

    def _batch_get(self, path: list[str]) -> None:
        if path[0] == "files":
            return self._json(200, self.server.files[path[1]])
        name = path[-2] if path[-1] == "results" else path[-1]
        if name not in self.server.batches:
            return self._refuse("messages" if path[0] == "messages" else "chat", Refusal(404, f"No such batch: {name}"))
        batch = self.server.batches[name]
        if path[-1] == "results":
            return self._json(200, self._results(batch))
        batch["polls"] -= 1
        return self._json(200, self._batch(name))

    def _batch(self, name: str) -> dict:
        batch = self.server.batches[name]
        done = batch["polls"] <= 0
        if batch["api"] == "messages":
            counts = dict.fromkeys(("canceled", "errored", "expired", "processing", "succeeded"), 0)
            when = "2026-01-01T00:00:00Z"
            return {
                "id": name, "type": "message_batch", "processing_status": "ended" if done else "in_progress",
                "request_counts": counts, "created_at": when, "expires_at": when, "ended_at": when if done else None,
                "archived_at": None, "cancel_initiated_at": None,
                "results_url": f"{self.server.root}/v1/messages/batches/{name}/results" if done else None,
            }  # fmt: skip
        if done:
            self.server.files[f"out-{name}"] = self._results(batch)
        return {
            "id": name, "object": "batch", "endpoint": "/v1/responses", "input_file_id": "in", "created_at": 0,
            "completion_window": "24h", "status": "completed" if done else "in_progress",
            "output_file_id": f"out-{name}" if done else None, "error_file_id": None,
        }  # fmt: skip

    def _results(self, batch: dict) -> bytes:
        lines = []
        for name, body in batch["asked"]:
            api, step = batch["api"], self.server.default
            try:
                rules.check(api, body)
                usage = {"in": tokens(rules.prompt_of(api, body)), "cached": 0, "written": 0, "out": tokens(step.text)}
                content, status = whole(api, body["model"], self._texts(body, step), usage, step), 200
            except Refusal as refusal:
                content, status = {"error": {"message": refusal.message}}, refusal.status
            if api == "messages":
                good = {"type": "succeeded", "message": content}
                bad = {"type": "errored", "error": {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}}
                lines.append({"custom_id": name, "result": good if status == 200 else bad})
            else:
                answer = {"status_code": status, "request_id": "r", "body": content}
                lines.append({"id": "b", "custom_id": name, "response": answer, "error": None})
        return "\n".join(map(json.dumps, lines)).encode()


class _Delayed(Refusal):
    def __init__(self, status: int, message: str, after: float | None):
        super().__init__(status, message, "rate_limit_exceeded" if status == 429 else None)
        self.after = after


NONSENSE = {"input_tokens": -5, "output_tokens": "many", "prompt_tokens": None, "completion_tokens": 1e99}


def _usage(api: str, usage: dict, step: Step) -> dict:
    if step.fault == "usage":
        return NONSENSE
    if api == "messages":
        plain = usage["in"] - usage["cached"] - usage["written"]
        return {
            "input_tokens": plain, "cache_read_input_tokens": usage["cached"],
            "cache_creation_input_tokens": usage["written"], "output_tokens": usage["out"],
        }  # fmt: skip
    a, b = ("input", "output") if api == "responses" else ("prompt", "completion")
    return {
        f"{a}_tokens": usage["in"], f"{b}_tokens": usage["out"], "total_tokens": usage["in"] + usage["out"],
        f"{a}_tokens_details": {"cached_tokens": usage["cached"]}, f"{b}_tokens_details": {"reasoning_tokens": 0},
    }  # fmt: skip


def whole(api: str, model: str, texts: list[str], usage: dict, step: Step) -> dict:
    """A reply that is not streamed."""
    told, text = _usage(api, usage, step), texts[0]
    if api == "responses":
        return _response(texts, told, step)
    if api == "chat":
        ends = {"length": "length", "refusal": "content_filter"}
        choices = [
            {"index": i, "message": {"role": "assistant", "content": t}, "finish_reason": ends.get(step.fault, "stop")}
            for i, t in enumerate(texts)
        ]
        return {"id": "c", "object": "chat.completion", "created": 0, "model": model, "choices": choices, "usage": told}
    stops = {"length": "max_tokens", "refusal": "refusal"}
    content = [{"type": "text", "text": text}] if text else []
    return {
        "id": "m", "type": "message", "role": "assistant", "model": model, "content": content,
        "stop_reason": stops.get(step.fault, "end_turn"), "stop_sequence": None, "usage": told,
    }  # fmt: skip


def _response(texts: list[str], told: dict, step: Step) -> dict:
    kind = {"type": "refusal", "refusal": texts[0]} if step.fault == "refusal" else {"type": "output_text", "text": texts[0], "annotations": []}
    item = {"type": "message", "id": "i", "role": "assistant", "status": "completed", "content": [kind] if texts[0] else []}
    cut = step.fault == "length"
    return {
        "id": "r", "object": "response", "created_at": 0, "model": "gpt-5", "output": [item], "usage": told,
        "status": "incomplete" if cut else "completed", "error": None, "parallel_tool_calls": True, "tool_choice": "auto",
        "tools": [], "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
    }  # fmt: skip


def _pieces(text: str) -> list[str]:
    size = max(1, -(-len(text) // 8))
    return [text[i : i + size] for i in range(0, len(text), size)]


def _event(content: dict, *, named: bool = True) -> str:
    head = f"event: {content['type']}\n" if named else ""
    return f"{head}data: {json.dumps(content)}\n\n"


def _responses_events(texts, usage, step):
    empty = {**_response([""], {}, step), "output": [], "usage": None, "status": "in_progress"}
    yield _event({"type": "response.created", "response": empty, "sequence_number": 0})
    kind = "response.refusal.delta" if step.fault == "refusal" else "response.output_text.delta"
    for number, piece in enumerate(_pieces(texts[0]), 1):
        place = {"item_id": "i", "output_index": 0, "content_index": 0, "sequence_number": number, "logprobs": []}
        yield _event({"type": kind, "delta": piece, **place})
    end = _response(texts, _usage("responses", usage, step), step)
    kind = "response.incomplete" if step.fault == "length" else "response.completed"
    yield _event({"type": kind, "response": end, "sequence_number": 99})


def _chat_events(texts, usage, step):
    common = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "tiny"}

    def chunk(choices, **more):
        return _event({"type": "", **common, "choices": choices, **more}, named=False)

    for index in range(len(texts)):
        yield chunk([{"index": index, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
    for index, text in enumerate(texts):
        for piece in _pieces(text):
            yield chunk([{"index": index, "delta": {"content": piece}, "finish_reason": None}])
    ends = {"length": "length", "refusal": "content_filter"}
    for index in range(len(texts)):
        yield chunk([{"index": index, "delta": {}, "finish_reason": ends.get(step.fault, "stop")}])
    yield chunk([], usage=_usage("chat", usage, step))
    yield "data: [DONE]\n\n"


def _messages_events(texts, usage, step):
    message = whole("messages", "claude", [""], usage, step)
    start = {**message, "content": [], "stop_reason": None}
    start["usage"] = {**start["usage"], "output_tokens": 1}
    yield _event({"type": "message_start", "message": start})
    if texts[0]:
        yield _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        for piece in _pieces(texts[0]):
            delta = {"type": "text_delta", "text": piece}
            yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
        yield _event({"type": "content_block_stop", "index": 0})
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": delta, "usage": message["usage"]})
    yield _event({"type": "message_stop"})


EVENTS = {"responses": _responses_events, "chat": _chat_events, "messages": _messages_events}


def by_seed(seed: int) -> str:
    """A program for each seed; that of seed 47 is right, many are alike."""
    return as_json(RIGHT if seed == 47 else f"def f(x):\n    return (x * {seed % 29} + {seed % 7}) % 3 % 2")


def main() -> None:
    """Serves until it is ended: `python server.py --latency 0.2 --at-a-time 8`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--first", type=float, default=0.0)
    parser.add_argument("--at-a-time", type=int, default=10_000)
    parser.add_argument("--text", default=as_json(RIGHT))
    parser.add_argument("--by-seed", action="store_true")
    given = parser.parse_args()
    stub = Stub(
        default=Step(given.text),
        latency=given.latency,
        first=given.first,
        at_a_time=given.at_a_time,
        by_seed=by_seed if given.by_seed else None,
        keep_bodies=False,
    )
    print(stub.url, flush=True)
    stub.serve_forever(0.02)


if __name__ == "__main__":
    main()
