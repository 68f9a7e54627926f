"""Models behind Anthropic's Messages, through the real SDK, against a scripted server."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from llmerm.errors import ArgumentError, LlmermWarning
from llmerm.proposers.anthropic import Anthropic
from llmerm.proposers.model import Fault, Prompt, Request
from llmerm.proposers.pricing import Price
from llmerm.typing import Usage

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PROMPT = Prompt("You write Python.", "0 -> 1\n", "Draw 3.")
KEY = "sk-ant-test-0123456789abcdef"


def start(**usage):
    usage = {"input_tokens": 20, "output_tokens": 1, **usage}
    message = {"id": "m", "type": "message", "role": "assistant", "content": [], "usage": usage}
    return {"type": "message_start", "message": message}


def text(part):
    return {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": part},
    }


def end(reason="end_turn", **usage):
    usage = {"output_tokens": 12, **usage}
    return {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}


BEGIN = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
THINK = {
    "type": "content_block_delta",
    "index": 0,
    "delta": {"type": "thinking_delta", "thinking": "Let me see."},
}
STOP = {"type": "message_stop"}
WHOLE = [start(), BEGIN, THINK, text("def f(x): "), {"type": "ping"}, text("return x"), end(), STOP]


def ask(model, draws=(0,), prompt=PROMPT, began=lambda: None):
    async def run():
        try:
            return await model.ask(Request(prompt, tuple(draws)), began)
        finally:
            await model.aclose()

    return asyncio.run(run())


def model_at(server, name="m", **options):
    return Anthropic(name, base_url=server.url, **options)


def test_a_reply_is_the_text_without_the_thinking(server, answer):
    """And `began` is told once, when the reply's first block starts."""
    server.answers = [answer(WHOLE)]
    began = []
    (reply,) = ask(model_at(server), began=lambda: began.append(1))
    assert (reply.text, reply.stop, began) == ("def f(x): return x", "end", [1])


def test_all_tokens_in_are_counted(server, answer):
    """The API counts those in without the cached and the written; a usage counts all."""
    counts = {"cache_read_input_tokens": 1000, "cache_creation_input_tokens": 300}
    thought = {"output_tokens_details": {"thinking_tokens": 5}}
    server.answers = [answer([start(**counts), BEGIN, text("a"), end(**thought), STOP])]
    (reply,) = ask(model_at(server, price=Price(3.0, 15.0, cached=0.3, written=3.75)))
    dollars = (20 * 3.0 + 1000 * 0.3 + 300 * 3.75 + 12 * 15.0) / 1e6
    assert reply.usage == Usage(1, 1320, 1000, 300, 12, 5, usd=pytest.approx(dollars))


def test_what_is_shared_lies_before_the_mark_of_the_cache(server, answer):
    """What differs between draws comes after it; no temperature is sent unasked."""
    server.answers = [answer(WHOLE)]
    ask(model_at(server))
    body = server.asked[0].body
    assert server.asked[0].path == "/v1/messages"
    assert body == {
        "model": "m",
        "max_tokens": 16384,
        "stream": True,
        "system": PROMPT.system,
        "messages": [
            {
                "role": "user",
                "content": [
                    {
                        "type": "text",
                        "text": PROMPT.shared,
                        "cache_control": {"type": "ephemeral"},
                    },
                    {"type": "text", "text": PROMPT.last},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("name", "effort", "thinking", "told"),
    [
        ("claude-opus-5-5", "max", {"type": "adaptive"}, "max"),
        ("claude-sonnet-5-5", "none", {"type": "between_tools"}, None),
        ("claude-opus-4-6", "none", {"type": "disabled"}, None),
        ("claude-opus-5-5", "none", None, None),
        ("claude-haiku-4-5", "medium", {"type": "enabled", "budget_tokens": 5000}, None),
        ("claude-haiku-4-5", None, None, None),
        ("claude-3-5-haiku", "high", None, None),
    ],
)
def test_effort_is_told_as_the_family_takes_it(server, answer, name, effort, thinking, told):
    """Adaptive with an effort, a budget of tokens, or nothing at all."""
    server.answers = [answer(WHOLE)]
    ask(model_at(server, name, effort=effort, max_output_tokens=10_000, structured=False))
    body = server.asked[0].body
    assert body.get("thinking") == thinking
    assert body.get("output_config", {}).get("effort") == told


def test_a_budget_leaves_room_for_the_reply(server, answer):
    """Where the least budget is no less than all tokens, there is no thinking."""
    server.answers = [answer(WHOLE)]
    for tokens in (1024, 1100):
        ask(model_at(server, "claude-haiku-4-5", effort="low", max_output_tokens=tokens))
    thoughts = [asked.body.get("thinking") for asked in server.asked]
    assert thoughts == [None, {"type": "enabled", "budget_tokens": 1024}]


def test_a_temperature_that_no_server_takes_is_left_out_at_once(server, answer):
    """For families that are known to take none, with a warning and no call in vain."""
    server.answers = [answer(WHOLE)]
    with pytest.warns(LlmermWarning, match="takes no temperature"):
        model = model_at(server, "claude-opus-5-5", temperature=0.5)
    ask(model)
    assert "temperature" not in server.asked[0].body
    assert model.parameters["temperature"] is None


def test_a_prompt_too_short_to_be_cached_has_no_mark(server, answer):
    """Each family has a least length; a prompt of fewer bytes has fewer tokens."""
    server.answers = [answer(WHOLE)]
    for size in (1, 4096):
        ask(model_at(server, "claude-haiku-4-5"), prompt=Prompt("s", "x" * size))
    marks = ["cache_control" in str(asked.body) for asked in server.asked]
    assert marks == [False, True]


def test_a_temperature_reaches_the_server(server, answer):
    """Though the SDK has no argument for it any more."""
    server.answers = [answer(WHOLE)]
    ask(model_at(server, temperature=1.0))
    assert server.asked[0].body["temperature"] == 1.0


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "length"),
        ("refusal", "refusal"),
        ("a_new_reason", "end"),
    ],
)
def test_why_a_message_ended(server, answer, reason, stop):
    """In the library's three words."""
    server.answers = [answer([start(), BEGIN, text("a"), end(reason), STOP])]
    assert ask(model_at(server))[0].stop == stop


def test_an_empty_message_is_an_empty_reply(server, answer):
    """A message without content has no first block to read."""
    server.answers = [answer([start(), end(), STOP])]
    (reply,) = ask(model_at(server))
    assert (reply.text, reply.stop) == ("", "end")


def test_a_dropped_stream_costs_what_the_server_had_counted(server, answer):
    """The prompt was read; what was written so far is counted by its parts."""
    server.answers = [
        answer([start(input_tokens=700, output_tokens=0), BEGIN, text("a")], cut=True)
    ]
    with pytest.raises(Fault) as caught:
        ask(model_at(server, price=Price(1.0, 1.0)))
    fault = caught.value
    assert fault.kind == "transient"
    assert (fault.usage.tokens_in, fault.usage.tokens_out) == (700, 1)
    assert fault.usage.usd == pytest.approx(701e-6)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("overloaded_error", "overloaded"),
        ("rate_limit_error", "overloaded"),
        ("api_error", "transient"),
        ("billing_error", "fatal"),
    ],
)
def test_an_error_in_mid_stream(server, answer, kind, expected):
    """The status was 200 long ago: the error's type tells what it is."""
    error = {"type": "error", "error": {"type": kind, "message": "no luck"}}
    server.answers = [answer([start(), BEGIN, text("a"), error], cut=True)]
    with pytest.raises(Fault, match="no luck") as caught:
        ask(model_at(server))
    assert caught.value.kind == expected


@pytest.mark.parametrize("body", [b"{not json", b"\xff", {"type": "message"}, b""])
def test_an_answer_that_is_no_stream_is_a_fault(server, answer, body):
    """Whatever a server sends, it is a fault that may be tried again and never another error."""
    server.answers = [answer(body=body)]
    with pytest.raises(Fault) as caught:
        ask(model_at(server))
    assert caught.value.kind == "transient"


@pytest.mark.parametrize(
    ("options", "message", "dropped"),
    [
        ({"temperature": 1.0}, "temperature: Extra inputs are not permitted", "temperature"),
        (
            {"effort": "high"},
            '"thinking.type.adaptive" is not supported for this model. Use another.',
            "thinking",
        ),
        (
            {"effort": "high"},
            "output_config.effort: this model does not support the effort parameter",
            "output_config.effort",
        ),
        ({}, "output_config.format: Extra inputs are not permitted", "output_config.format"),
    ],
)
def test_what_a_model_does_not_take_is_dropped(server, answer, options, message, dropped, recwarn):
    """It is found by its name in the message; what the user asked for is warned of."""
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    server.answers = [answer(status=400, body=body), answer(WHOLE)]
    name = "claude-opus-4-6" if "temperature" in options else "claude-sonnet-5-5"
    model = model_at(server, name, **options)
    with pytest.raises(Fault) as caught:
        ask(model)
    assert (caught.value.kind, caught.value.after) == ("transient", 0.0)
    assert model.dropped == (dropped,)
    assert ask(model)[0].text == "def f(x): return x"
    assert [type(seen.message) for seen in recwarn] == [LlmermWarning] * bool(options)


def test_a_prompt_that_is_too_long_says_by_how_much(server, answer):
    """With the server's two numbers, and what to pass."""
    said = "prompt is too long: 210,000 tokens > 200000 maximum"
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": said}}
    server.answers = [answer(status=400, body=body)]
    with pytest.raises(Fault, match="max_prompt_samples") as caught:
        ask(model_at(server))
    fault = caught.value
    assert (fault.kind, fault.prompt_tokens, fault.limit_tokens) == ("fatal", 210_000, 200_000)


def test_a_cancelled_call_ends_at_the_server(server, answer):
    """The connection is closed at once."""
    server.answers = [answer([start(), BEGIN, text("a")], hold=threading.Event())]

    async def run():
        model = model_at(server)
        started = asyncio.Event()
        call = asyncio.ensure_future(model.ask(Request(PROMPT, (0,)), started.set))
        await asyncio.wait_for(started.wait(), 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(run())
    assert server.gone.wait(30)


def test_a_key_is_nowhere(server, answer, monkeypatch):
    """Not in parameters, in a repr, nor in an error in which the server repeats it."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    error = {"type": "authentication_error", "message": f"invalid x-api-key: {KEY}"}
    server.answers = [answer(status=401, body={"type": "error", "error": error})]
    model = model_at(server)
    shown = [json.dumps(dict(model.parameters)), repr(vars(model))]
    with pytest.raises(Fault, match="ANTHROPIC_API_KEY") as caught:
        ask(model)
    assert KEY in server.asked[0].headers["authorization"]
    assert not any(KEY in said for said in [*shown, repr(caught.value)])


def test_without_a_key_nothing_is_called():
    """The error names the variable; it costs nothing."""
    with pytest.raises(Fault, match="ANTHROPIC_API_KEY") as caught:
        ask(Anthropic())
    assert (caught.value.kind, caught.value.usage) == ("fatal", Usage())


def test_arguments_out_of_range_are_refused_at_once():
    """With the value and the range."""
    for options in ({"effort": "deep"}, {"base_url": "nowhere"}, {"max_output_tokens": 0}):
        with pytest.raises(ArgumentError):
            Anthropic(**options)
