"""Batch endpoints, through the real SDKs, against a scripted server."""

from __future__ import annotations

import asyncio
import json

import pytest

from llmerm.errors import LlmermWarning
from llmerm.proposers.anthropic import Anthropic
from llmerm.proposers.batch import Batches, Ended, draw_of, wait_for
from llmerm.proposers.model import Fault, Prompt, Reply, Request
from llmerm.proposers.openai import OpenAI
from llmerm.proposers.pricing import Price
from llmerm.typing import Usage

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PROMPT = Prompt("You write Python.", "0 -> 1\n")
PRICE = Price(2.0, 10.0, cached=0.2, written=2.5)


def run(model, work):
    async def main():
        try:
            return await work(model.batches)
        finally:
            await model.aclose()

    return asyncio.run(main())


def openai_batch(status="completed", **more):
    return {
        "id": "batch_1",
        "object": "batch",
        "status": status,
        "endpoint": "/v1/responses",
        "completion_window": "24h",
        "created_at": 1,
        "input_file_id": "file_1",
        **more,
    }


def lines(*items):
    return "\n".join(map(json.dumps, items)).encode()


def openai_line(draw, text, status=200):
    body = {
        "status": "completed",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}],
        "usage": {"input_tokens": 1000, "output_tokens": 100},
    }
    return {"custom_id": f"draw-{draw}", "response": {"status_code": status, "body": body}}


def test_openai_gets_one_line_for_each_draw(server, answer):
    """A file of requests, then a batch that names it; the id comes back."""
    file = {"id": "file_1", "object": "file", "bytes": 1, "created_at": 1, "filename": "x"}
    server.answers = [answer(body=file), answer(body=openai_batch("validating"))]
    model = OpenAI("m", base_url=server.url + "/v1", api="responses")
    requests = [Request(PROMPT, (0, 1)), Request(PROMPT, (5,))]
    assert run(model, lambda batches: batches.submit(requests)) == "batch_1"
    upload, create = server.asked
    sent = [json.loads(line) for line in upload.raw.decode().split("\n") if line.startswith("{")]
    assert [line["custom_id"] for line in sent] == ["draw-0", "draw-1", "draw-5"]
    assert {line["url"] for line in sent} == {"/v1/responses"}
    assert all("stream" not in line["body"] for line in sent)
    assert sent[0]["body"]["input"] == PROMPT.user
    assert create.body == {
        "input_file_id": "file_1",
        "endpoint": "/v1/responses",
        "completion_window": "24h",
    }


def test_chat_requests_of_a_batch_have_seeds_of_their_own(server, answer):
    """As in calls: the seed of the run and the number of the draw; nothing about streams."""
    file = {"id": "file_1", "object": "file", "bytes": 1, "created_at": 1, "filename": "x"}
    server.answers = [answer(body=file), answer(body=openai_batch("validating"))]
    model = OpenAI("m", base_url=server.url + "/v1")
    run(model, lambda batches: batches.submit([Request(PROMPT, (0, 1, 2), seed=7)]))
    sent = [
        json.loads(line) for line in server.asked[0].raw.decode().split("\n") if line[:1] == "{"
    ]
    assert [line["body"]["seed"] for line in sent] == [7, 8, 9]
    assert all("n" not in line["body"] and "stream_options" not in line["body"] for line in sent)


@pytest.mark.parametrize("status", ["validating", "in_progress", "finalizing", "cancelling"])
def test_a_batch_in_work_is_none_yet(server, answer, status):
    """It is no error, and no empty result."""
    server.answers = [answer(body=openai_batch(status))]
    model = OpenAI("m", base_url=server.url + "/v1")
    assert run(model, lambda batches: batches.collect("batch_1")) is None


def test_what_became_of_each_draw_at_openai(server, answer):
    """Replies at half the price, faults for refused ones, nothing for those never reached."""
    refused = {
        "custom_id": "draw-3",
        "response": {"status_code": 400, "body": {"error": {"message": "no", "code": "x"}}},
    }
    expired = {"custom_id": "draw-4", "response": None, "error": {"code": "batch_expired"}}
    stray = {"custom_id": "other", "response": None}
    server.answers = [
        answer(body=openai_batch("expired", output_file_id="out", error_file_id="err")),
        answer(body=lines(openai_line(1, "b"), openai_line(0, "a\u2028c"))),
        answer(body=lines(refused, expired, stray)),
    ]
    model = OpenAI("m", base_url=server.url + "/v1", api="responses", price=PRICE)
    found = run(model, lambda batches: batches.collect("batch_1"))
    assert sorted(found) == [0, 1, 3]
    assert [found[draw].text for draw in (0, 1)] == ["a\u2028c", "b"]
    dollars = (1000 * 2.0 + 100 * 10.0) / 1e6 / 2
    assert found[0].usage == Usage(1, 1000, tokens_out=100, usd=pytest.approx(dollars))
    assert isinstance(found[3], Fault)
    assert (found[3].kind, found[3].usage) == ("fatal", Usage())


def test_a_parameter_that_a_batch_was_refused_for_is_dropped(server, answer):
    """The next batch goes without it."""
    said = "Unsupported parameter: 'text.format' is not supported with this model."
    error = {"message": said, "code": "unsupported_parameter", "param": "text.format"}
    refused = {"custom_id": "draw-0", "response": {"status_code": 400, "body": {"error": error}}}
    server.answers = [
        answer(body=openai_batch("completed", error_file_id="err")),
        answer(body=lines(refused)),
    ]
    model = OpenAI("m", base_url=server.url + "/v1", api="responses", structured=True)
    with pytest.warns(LlmermWarning, match=r"text\.format"):
        found = run(model, lambda batches: batches.collect("batch_1"))
    assert found[0].kind == "transient"
    assert model.dropped == ("text.format",)


def test_a_batch_that_failed_says_why(server, answer):
    """As a whole, before any draw was made."""
    errors = {"data": [{"code": "token_limit_exceeded", "message": "Enqueued token limit"}]}
    server.answers = [answer(body=openai_batch("failed", errors=errors))]
    model = OpenAI("m", base_url=server.url + "/v1")
    with pytest.raises(Ended, match="Enqueued token limit") as caught:
        run(model, lambda batches: batches.collect("batch_1"))
    assert (caught.value.kind, caught.value.usage) == ("fatal", Usage())


def test_a_chat_batch_is_read_as_chat(server, answer):
    """Its answers are whole completions."""
    body = {
        "choices": [{"index": 0, "message": {"content": "a"}, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 4},
    }
    line = {"custom_id": "draw-0", "response": {"status_code": 200, "body": body}}
    empty = {"custom_id": "draw-1", "response": {"status_code": 200, "body": {"choices": []}}}
    server.answers = [
        answer(body=openai_batch("completed", output_file_id="out")),
        answer(body=lines(line, empty)),
    ]
    model = OpenAI("m", base_url=server.url + "/v1")
    found = run(model, lambda batches: batches.collect("batch_1"))
    assert found[0] == Reply("a", "length", Usage(1, 10, tokens_out=4))
    assert isinstance(found[1], Fault)


def anthropic_batch(server, status="ended"):
    return {
        "id": "msgbatch_1",
        "type": "message_batch",
        "processing_status": status,
        "created_at": "2026-01-01T00:00:00Z",
        "expires_at": "2026-01-02T00:00:00Z",
        "request_counts": {},
        "results_url": server.url + "/v1/messages/batches/msgbatch_1/results",
    }


def anthropic_line(draw, kind, **result):
    return {"custom_id": f"draw-{draw}", "result": {"type": kind, **result}}


def test_anthropic_gets_one_request_for_each_draw(server, answer):
    """With all that a call has, a temperature included, but for the stream."""
    server.answers = [answer(body=anthropic_batch(server, "in_progress"))]
    model = Anthropic("claude-haiku-4-5", base_url=server.url, temperature=1.0, effort="low")
    prompt = Prompt("You write Python.", "0 -> 1\n" * 1000)
    submit = [Request(prompt, (0,)), Request(prompt, (1,))]
    assert run(model, lambda batches: batches.submit(submit)) == "msgbatch_1"
    sent = server.asked[0].body["requests"]
    assert [item["custom_id"] for item in sent] == ["draw-0", "draw-1"]
    params = sent[0]["params"]
    assert params["temperature"] == 1.0
    assert params["thinking"]["type"] == "enabled"
    assert params["messages"][0]["content"][0]["cache_control"] == {"type": "ephemeral"}
    assert "stream" not in params


def test_what_became_of_each_draw_at_anthropic(server, answer):
    """Replies at half the price, faults for errors, nothing for those never reached."""
    message = {
        "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a"}],
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": 400, "cache_read_input_tokens": 600, "output_tokens": 100},
    }
    error = {"type": "error", "error": {"type": "api_error", "message": "no luck"}}
    ended = answer(body=anthropic_batch(server))
    results = lines(
        anthropic_line(0, "succeeded", message=message),
        anthropic_line(1, "errored", error=error),
        anthropic_line(2, "expired"),
        anthropic_line(3, "canceled"),
    )
    server.answers = [ended, ended, answer(body=results)]
    model = Anthropic("m", base_url=server.url, price=PRICE)
    found = run(model, lambda batches: batches.collect("msgbatch_1"))
    assert sorted(found) == [0, 1]
    dollars = (400 * 2.0 + 600 * 0.2 + 100 * 10.0) / 1e6 / 2
    usage = Usage(1, 1000, 600, tokens_out=100, usd=pytest.approx(dollars))
    assert found[0] == Reply("a", "length", usage)
    assert found[1].kind == "transient"
    server.answers = [answer(body=anthropic_batch(server, "in_progress"))]
    assert run(model, lambda batches: batches.collect("msgbatch_1")) is None


def test_a_batch_that_is_not_there_is_fatal(server, answer):
    """To wait for it would be to wait for ever."""
    server.answers = [answer(status=404, body={"error": {"message": "No such batch"}})]
    for model in (OpenAI("m", base_url=server.url + "/v1"), Anthropic("m", base_url=server.url)):
        with pytest.raises(Fault, match="No such batch") as caught:
            run(model, lambda batches: wait_for(batches, "batch_9"))
        assert caught.value.kind == "fatal"


def test_a_batch_costs_half(server):
    """Of what the same number of calls can cost."""
    model = OpenAI("m", base_url=server.url + "/v1", price=PRICE)
    most, calls = model.batches.cost(PROMPT, 3), model.cost(PROMPT, 1)
    assert most.calls == 3
    assert most.usd == pytest.approx(calls.usd * 3 / 2)


class Slow(Batches):
    """Done after so many questions; the second is not answered."""

    def __init__(self, questions):
        self.questions = questions

    async def submit(self, requests):
        raise NotImplementedError

    async def collect(self, batch):
        self.questions -= 1
        if self.questions == 2:
            raise Fault("lost", "transient")
        return {0: Reply(batch)} if self.questions == 0 else None

    def cost(self, prompt, replies):
        return Usage()


def test_waits_grow_up_to_the_longest():
    """And a question without an answer is asked again."""
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    found = asyncio.run(wait_for(Slow(6), "b", first=8.0, longest=20.0, sleep=sleep))
    assert found == {0: Reply("b")}
    assert waits == [8.0, 12.0, 18.0, 20.0, 20.0]


@pytest.mark.parametrize(
    "name", ["draw-", "draw--1", "draw-x", "12", None, "draw-¹", "draw-" + "9" * 5_000]
)
def test_names_that_are_not_ours_stand_for_no_draw(name):
    """Whatever a server sends."""
    assert draw_of(name) is None


@pytest.mark.parametrize("told", [{}, {"id": None}, {"id": ""}, {"id": 7}, {"id": ["b"]}])
@pytest.mark.parametrize("kind", [OpenAI, Anthropic])
def test_a_batch_without_an_id_is_a_fault(server, answer, kind, told):
    """It can never be asked for, and no ledger may keep it."""
    file = {"id": "file_1", "object": "file", "bytes": 1, "created_at": 1, "filename": "x"}
    server.answers = [answer(body=file)] * (kind is OpenAI) + [answer(body=told)]
    model = kind("m", base_url=server.url + "/v1", api_key="k", price=PRICE)
    with pytest.raises(Fault, match="no id"):
        run(model, lambda batches: batches.submit([Request(PROMPT, (0,))]))


def test_a_line_that_is_no_json_costs_one_draw(server, answer):
    """It stays so however often one asks, so the other draws are not held up by it."""
    whole = openai_line(0, "yes")
    raw = lines(whole) + b'\n{"custom_id": "draw-1", \n' + b"[" * 100_000 + b"\n" + lines(whole)
    server.answers = [answer(body=openai_batch(output_file_id="out")), answer(body=raw)]
    model = OpenAI("m", base_url=server.url + "/v1", api="responses", price=PRICE)
    found = run(model, lambda batches: batches.collect("batch_1"))
    assert {draw: reply.text for draw, reply in found.items()} == {0: "yes"}
