"""The batch endpoints: files in and out at OpenAI, requests and results at Anthropic."""

from __future__ import annotations

import email
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import rules, wire
from .reading import prompt_of, tokens
from .rules import Refusal

if TYPE_CHECKING:
    from .server import Stub


@dataclass
class _Batch:
    api: str
    asked: list[tuple[str, dict]]
    polls: int


class Batches:
    """What was handed in; a batch is done once it was asked for `polls` times."""

    def __init__(self, polls: int, root: str) -> None:
        self._polls, self._root = polls, root
        self._files: dict[str, bytes] = {}
        self._batches: dict[str, _Batch] = {}

    def post(self, path: str, raw: bytes, kind: str) -> dict:
        """A new file or batch."""
        if path == "files":
            return self._file(raw, kind)
        body, name = json.loads(raw), f"batch-{len(self._batches)}"
        if path == "batches":
            lines = map(json.loads, self._files[body["input_file_id"]].decode().splitlines())
            asked = [(line["custom_id"], line["body"]) for line in lines]
            api = {"/v1/responses": "responses", "/v1/chat/completions": "chat"}[body["endpoint"]]
        else:
            asked = [(one["custom_id"], one["params"]) for one in body["requests"]]
            api = "messages"
        self._batches[name] = _Batch(api, asked, self._polls)
        return self._told(name)

    def get(self, path: str, stub: Stub) -> object:
        """A file's content, a batch, or its results."""
        parts = path.split("/")
        if parts[0] == "files":
            return self._files[parts[1]]
        name = parts[-2] if parts[-1] == "results" else parts[-1]
        if name not in self._batches:
            raise Refusal(404, f"No such batch: {name}")
        if parts[-1] == "results":
            return self._results(self._batches[name], stub)
        self._batches[name].polls -= 1
        self._files[f"out-{name}"] = self._results(self._batches[name], stub)
        return self._told(name)

    def _file(self, raw: bytes, kind: str) -> dict:
        parts = email.message_from_bytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + raw)
        found = next(p for p in parts.get_payload() if 'name="file"' in p["content-disposition"])
        name = f"file-{len(self._files)}"
        self._files[name] = found.get_payload(decode=True)
        about = {"bytes": 1, "created_at": 0, "filename": "asked.jsonl", "purpose": "batch"}
        return {"id": name, "object": "file", "status": "processed", **about}

    def _told(self, name: str) -> dict:
        batch = self._batches[name]
        done = batch.polls <= 0
        if batch.api != "messages":
            return {
                "id": name, "object": "batch", "endpoint": "/v1/" + batch.api,
                "input_file_id": "in", "created_at": 0, "completion_window": "24h",
                "status": "completed" if done else "in_progress",
                "output_file_id": f"out-{name}" if done else None, "error_file_id": None,
            }  # fmt: skip
        kinds, when = (
            ("canceled", "errored", "expired", "processing", "succeeded"),
            "2026-01-01T00:00:00Z",
        )
        return {
            "id": name, "type": "message_batch", "request_counts": dict.fromkeys(kinds, 0),
            "processing_status": "ended" if done else "in_progress",
            "created_at": when, "expires_at": when, "ended_at": when if done else None,
            "archived_at": None, "cancel_initiated_at": None,
            "results_url": f"{self._root}/v1/messages/batches/{name}/results" if done else None,
        }  # fmt: skip

    def _results(self, batch: _Batch, stub: Stub) -> bytes:
        lines = [json.dumps(self._line(batch.api, *asked, stub)) for asked in batch.asked]
        return "\n".join(lines).encode()

    def _line(self, api: str, name: str, body: dict, stub: Stub) -> dict:
        step, status = stub.default, 200
        texts = stub.texts(body, step)
        try:
            rules.check(api, body)
            prompt = tokens(prompt_of(api, body))
            counts = wire.Counts(prompt, 0, 0, tuple(map(tokens, texts)))
            content = wire.whole(api, body["model"], texts, wire.usage(api, counts, step), step)
        except Refusal as no:
            status = no.status
            content = wire.error(api, status, no.message, no.code, no.param)
        if api == "messages":
            kind, what = ("succeeded", "message") if status == 200 else ("errored", "error")
            return {"custom_id": name, "result": {"type": kind, what: content}}
        answer = {"status_code": status, "request_id": "r", "body": content}
        return {"id": "line", "custom_id": name, "response": answer, "error": None}
