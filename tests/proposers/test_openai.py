"""Models behind OpenAI's APIs, through the real SDK, against a scripted server."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from llmerm.errors import ArgumentError, LlmermWarning
from llmerm.proposers.model import Fault, Prompt, Request
from llmerm.proposers.neighbours import neighbours
from llmerm.proposers.openai import OpenAI
from llmerm.proposers.pricing import FREE, Price
from llmerm.typing import Usage

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PROMPT = Prompt("You write Python.", "0 -> 1\n")
KEY = "sk-test-0123456789abcdef"


def chunk(index=0, text=None, stop=None, **delta):
    delta = {"content": text, **delta} if text is not None or delta else {}
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": index, "delta": delta, "finish_reason": stop}],
    }


def chat_usage(prompt, out, cached=0, reasoning=0):
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": out,
            "total_tokens": prompt + out,
            "prompt_tokens_details": {"cached_tokens": cached},
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        },
    }


def response(text="def f(x): return x", status="completed", reason=None, out=9, output=()):
    return {
        "id": "r",
        "object": "response",
        "status": status,
        "incomplete_details": {"reason": reason} if reason else None,
        "output": list(output),
        "usage": {
            "input_tokens": 2000,
            "input_tokens_details": {"cached_tokens": 1024, "cache_write_tokens": 900},
            "output_tokens": out,
            "output_tokens_details": {"reasoning_tokens": 4},
            "total_tokens": 2000 + out,
        },
    }


def response_events(text="def f(x): return x", **how):
    kind = "response.incomplete" if how.get("status") == "incomplete" else "response.completed"
    return [
        {"type": "response.created", "response": {**response(), "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning"}},
        {"type": "response.output_text.delta", "delta": text[:5]},
        {"type": "response.output_text.delta", "delta": text[5:]},
        {"type": kind, "response": response(text, **how)},
    ]


def ask(model, draws=(0,), seed=0, prompt=PROMPT, began=lambda: None):
    async def run():
        try:
            return await model.ask(Request(prompt, tuple(draws), seed), began)
        finally:
            await model.aclose()

    return asyncio.run(run())


def chat(server, **options):
    return OpenAI("m", base_url=server.url + "/v1", **options)


def responses(server, **options):
    return OpenAI("m", base_url=server.url + "/v1", api="responses", **options)


def test_replies_of_one_call_come_in_the_order_of_the_draws(server, answer):
    """Choices that arrive mixed are told apart by their index."""
    server.answers = [
        answer([chunk(1, "b"), chunk(0, "a"), chunk(1, "c", "stop"), chunk(0, "d", "length")])
    ]
    replies = ask(chat(server), draws=(0, 1))
    assert [(reply.text, reply.stop) for reply in replies] == [("ad", "length"), ("bc", "end")]
    assert server.asked[0].body["n"] == 2


def test_a_call_is_seeded_by_its_first_draw(server, answer):
    """Reply i of a call gets seed + i at servers that take seeds, so calls step by their size."""
    server.answers = [answer([chunk(0, "a", "stop"), chunk(1, "b", "stop")])]
    ask(chat(server, replies_per_call=2), draws=(4, 5), seed=100)
    assert server.asked[0].body["seed"] == 104


def test_draws_with_a_gap_are_two_calls():
    """A gap would give the draw in it the seed of another."""
    assert list(neighbours((0, 1, 3, 4, 5, 9), most=2)) == [(0, 1), (3, 4), (5,), (9,)]


def test_a_server_that_ignores_n_is_asked_for_no_more_than_it_gives(server, answer):
    """The replies are fewer than the draws, and later calls ask for as many as it gives."""
    server.answers = [answer([chunk(0, "a", "stop"), chat_usage(10, 1)])]
    model = chat(server, replies_per_call=3)
    assert [reply.usage.calls for reply in ask(model, draws=(0, 1, 2))] == [1]
    assert model.replies_per_call == 1
    ask(model, draws=(1, 2))
    assert [(asked.body["seed"], asked.body.get("n")) for asked in server.asked] == [
        (0, 3),
        (1, None),
    ]


@pytest.mark.parametrize(
    "message",
    [
        "Value must be between 1 <= value <= 4",
        "n must be at most 4, got 8",
        "Invalid 'n': integer above maximum value. Expected a value <= 4, but got 8 instead.",
    ],
)
def test_a_limit_on_replies_is_learned(server, answer, message):
    """The fault can be tried again: a call then asks for no more than the limit."""
    body = {"error": {"message": message, "type": "invalid_request_error"}}
    four = [chunk(i, str(i), "stop") for i in range(4)]
    server.answers = [answer(status=400, body=body), answer(four)]
    model = chat(server)
    with pytest.raises(Fault) as caught:
        ask(model, draws=range(8))
    assert caught.value.kind == "transient"
    assert model.replies_per_call == 4
    assert model.cost(PROMPT, 8).calls == 2
    assert [reply.text for reply in ask(model, draws=range(8))] == list("0123")


def test_several_replies_are_metered_from_what_came(server, answer):
    """Some servers count the tokens of one choice only; then the parts that came are counted."""
    parts = [chunk(i, "ab") for i in (0, 1, 1) * 10]
    ends = [chunk(0, stop="stop"), chunk(1, stop="stop")]
    server.answers = [answer([*parts, *ends, chat_usage(50, 10)])]
    first, second = ask(chat(server), draws=(0, 1))
    assert (first.usage.tokens_out, second.usage.tokens_out) == (10, 20)
    assert (first.usage.tokens_in, second.usage.tokens_in) == (50, 0)


def test_a_total_over_all_replies_is_kept(server, answer):
    """A server that counts all choices is believed, and its total is shared out."""
    parts = [chunk(i, "ab") for i in (0, 1, 1)]
    ends = [chunk(0, stop="stop"), chunk(1, stop="stop")]
    server.answers = [answer([*parts, *ends, chat_usage(50, 301, cached=40, reasoning=90)])]
    usage = sum((reply.usage for reply in ask(chat(server), draws=(0, 1))), Usage())
    assert usage == Usage(1, 50, 40, 0, 301, 90)


@pytest.mark.parametrize("wrong", [{"prompt_tokens": -3, "completion_tokens": "many"}, {}])
def test_wrong_counts_are_mended_upwards(server, answer, wrong):
    """Where a server counts nothing usable, the bound is taken: a budget stays a budget."""
    server.answers = [answer([chunk(0, "a"), chunk(0, "b", "stop"), {**chunk(), "usage": wrong}])]
    model = chat(server)
    (reply,) = ask(model)
    assert reply.usage.tokens_out == 2
    assert reply.usage.tokens_in == model.cost(PROMPT, 1).tokens_in


def test_what_is_shared_of_a_responses_call(server, answer):
    """System and prompt, no seed and no n; tokens by kind from the final event."""
    server.answers = [answer(response_events())]
    price = Price(2.0, 10.0, cached=0.2, written=2.5)
    began = []
    (reply,) = ask(responses(server, price=price), began=lambda: began.append(1))
    assert reply.text == "def f(x): return x"
    assert began == [1]
    assert server.asked[0].path == "/v1/responses"
    assert server.asked[0].body == {
        "model": "m",
        "instructions": PROMPT.system,
        "input": PROMPT.user,
        "max_output_tokens": 4096,
        "stream": True,
    }
    dollars = (76 * 2.0 + 1024 * 0.2 + 900 * 2.5 + 9 * 10.0) / 1e6
    assert reply.usage == Usage(1, 2000, 1024, 900, 9, 4, usd=pytest.approx(dollars))


def test_openai_itself_gets_what_only_it_knows(monkeypatch):
    """A cache key that is one for one prefix, no copy kept, a mark where what is shared ends."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = OpenAI("gpt-6.1-sol", effort="low", code_interpreter=True)
    bodies = [
        asyncio.run(model._body(Request(Prompt("s", "shared", last), (0,)), (0,)))
        for last in ("", "a", "b")
    ]
    assert len({body["prompt_cache_key"] for body in bodies}) == 1
    assert all(body["store"] is False for body in bodies)
    assert bodies[0]["input"] == "shared"
    (message,) = bodies[1]["input"]
    assert [part["text"] for part in message["content"]] == ["shared", "a"]
    assert "prompt_cache_breakpoint" in message["content"][0]
    assert [tool["type"] for tool in bodies[0]["tools"]] == ["code_interpreter"]
    assert bodies[0]["text"]["format"]["strict"] is True
    assert not model.priced


@pytest.mark.parametrize(
    ("how", "stop"),
    [
        ({"status": "incomplete", "reason": "max_output_tokens"}, "length"),
        ({"status": "incomplete", "reason": "content_filter"}, "refusal"),
        ({"out": 4096}, "length"),
        ({}, "end"),
    ],
)
def test_why_a_response_ended(server, answer, how, stop):
    """Cut off, filtered, or done; a reply as long as it may be was cut off whatever is said."""
    server.answers = [answer(response_events(**how))]
    assert ask(responses(server))[0].stop == stop


def test_a_refusal_is_told_from_a_reply(server, answer):
    """On both APIs, with the model's own words."""
    events = [
        {"type": "response.refusal.delta", "delta": "I cannot."},
        {"type": "response.completed", "response": response()},
    ]
    server.answers = [
        answer(events),
        answer([chunk(0, refusal="I cannot."), chunk(0, stop="stop")]),
    ]
    for model in (responses(server), chat(server)):
        (reply,) = ask(model)
        assert (reply.text, reply.stop) == ("I cannot.", "refusal")


@pytest.mark.parametrize("make", [chat, responses])
def test_a_dropped_stream_is_no_reply(server, answer, make):
    """What came before it is lost, may be tried again, and its prompt is charged."""
    events = response_events()[:3] if make is responses else [chunk(0, "def f")]
    server.answers = [answer(events, cut=True), answer(events)]
    for _ in range(2):
        with pytest.raises(Fault) as caught:
            ask(make(server))
        assert caught.value.kind == "transient"
        assert caught.value.usage.tokens_in > 0


@pytest.mark.parametrize(
    "body", [b"{not json", b"\xff\xfe", {"object": "list"}, b"", {"choices": None}]
)
def test_an_answer_that_is_no_stream_is_a_fault(server, answer, body):
    """Whatever a server sends, it is a fault that may be tried again and never another error."""
    server.answers = [answer(body=body)]
    for model in (chat(server), responses(server)):
        with pytest.raises(Fault) as caught:
            ask(model)
        assert caught.value.kind == "transient"


def test_events_of_any_shape_end_in_a_fault_or_a_reply(server, answer):
    """Fields that are missing, null or of another type do no harm."""
    odd = [{"choices": [None, 3, {"index": "x", "delta": [], "finish_reason": 7}]}, {"usage": 3}]
    server.answers = [answer(odd)]
    with pytest.raises(Fault):
        ask(chat(server))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("server_error", "transient"),
        ("rate_limit_exceeded", "overloaded"),
        ("bio_policy", "rejected"),
    ],
)
def test_an_answer_that_fails_within_itself(server, answer, code, kind):
    """The error that a failed response holds is told as one that an answer is."""
    failed = {**response(), "status": "failed", "error": {"code": code, "message": "no luck"}}
    server.answers = [
        answer([{"type": "response.failed", "response": failed}]),
        answer([{"type": "error", "code": code, "message": "no luck", "sequence_number": 1}]),
    ]
    for _ in range(2):
        with pytest.raises(Fault, match="no luck") as caught:
            ask(responses(server))
        assert caught.value.kind == kind


def test_a_cancelled_call_ends_at_the_server(server, answer):
    """The connection is closed at once, so that the server stops writing."""
    server.answers = [answer([chunk(0, "a")], hold=threading.Event())]

    async def run():
        model = chat(server)
        started = asyncio.Event()
        call = asyncio.ensure_future(model.ask(Request(PROMPT, (0,)), started.set))
        await asyncio.wait_for(started.wait(), 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(run())
    assert server.gone.wait(30)


def test_a_call_that_takes_too_long_is_a_fault(server, answer):
    """The limit is on the whole call, though parts keep coming."""
    server.answers = [answer([chunk(0, "a")], hold=threading.Event())]
    with pytest.raises(Fault, match=r"within 0\.5 seconds") as caught:
        ask(chat(server, timeout=0.5))
    assert caught.value.kind == "transient"


def test_a_reply_without_end_is_cut(server, answer):
    """Ten megabytes are read no further than a program can be long."""
    text = "x" * 10_000
    server.answers = [answer([chunk(0, text) for _ in range(1000)])]
    (reply,) = ask(chat(server))
    assert (len(reply.text), reply.stop) == (1_000_000, "length")


def unsupported(param, message=None, code="unsupported_parameter"):
    message = message or f"Unsupported parameter: '{param}' is not supported with this model."
    return {
        "error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    }


def test_a_parameter_that_the_server_does_not_take_is_dropped(server, answer):
    """The next attempt goes without it, and so do all later ones; what was asked for stays."""
    server.answers = [
        answer(status=400, body=unsupported("temperature")),
        answer(response_events()),
    ]
    model = responses(server, temperature=0.7)
    before = dict(model.parameters)
    with pytest.warns(LlmermWarning, match="temperature"), pytest.raises(Fault) as caught:
        ask(model)
    assert (caught.value.kind, caught.value.after) == ("transient", 0.0)
    ask(model)
    ask(model)
    assert ["temperature" in asked.body for asked in server.asked] == [True, False, False]
    assert model.dropped == ("temperature",)
    assert dict(model.parameters) == before


@pytest.mark.parametrize(
    ("options", "body", "gone"),
    [
        (
            {"effort": "minimal"},
            unsupported(
                "reasoning.effort",
                "Unsupported value: 'minimal' is not supported with the 'gpt-5.1' model. "
                "Supported values are: 'none', 'low', 'medium', and 'high'.",
                "unsupported_value",
            ),
            "reasoning",
        ),
        ({"structured": True}, unsupported("text.format"), "text"),
        (
            {"structured": True},
            {"detail": [{"type": "extra_forbidden", "loc": ["body", "text", "format"]}]},
            "text",
        ),
        (
            {"structured": True},
            {"error": {"message": "Unrecognized request argument supplied: text"}},
            "text",
        ),
    ],
)
def test_a_part_of_a_parameter_may_be_what_is_refused(server, answer, options, body, gone, recwarn):
    """It is found by the error's own field, or by its name; who asked for it is warned."""
    server.answers = [answer(status=400, body=body), answer(response_events())]
    model = responses(server, **options)
    with pytest.raises(Fault):
        ask(model)
    ask(model)
    assert gone in server.asked[0].body
    assert gone not in server.asked[1].body
    assert [seen.category for seen in recwarn] == [LlmermWarning]


def test_a_server_without_counts_on_streams_is_asked_without(server, answer):
    """What nobody asked for by name is dropped without a word."""
    server.answers = [
        answer(status=400, body=unsupported("stream_options")),
        answer([chunk(0, "a", "stop")]),
    ]
    model = chat(server)
    with pytest.raises(Fault):
        ask(model)
    assert ask(model)[0].text == "a"
    assert "stream_options" not in server.asked[1].body


def test_a_url_without_a_path_is_pointed_out(server, answer):
    """Most servers have their API below /v1, and a bare 404 does not say so."""
    server.answers = [answer(status=404, body=b"404 page not found")]
    with pytest.raises(Fault, match="/v1") as caught:
        ask(OpenAI("m", base_url=server.url))
    assert caught.value.kind == "fatal"


def test_the_limit_of_tokens_goes_on_under_its_other_name(server, answer):
    """It is never left out: nothing would bound what a call can cost."""
    said = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens'."
    server.answers = [
        answer(status=400, body=unsupported("max_tokens", said)),
        answer([chunk(0, "a", "stop")]),
    ]
    model = chat(server, max_output_tokens=77)
    with pytest.raises(Fault):
        ask(model)
    ask(model)
    limits = [
        (asked.body.get("max_tokens"), asked.body.get("max_completion_tokens"))
        for asked in server.asked
    ]
    assert limits == [(77, None), (None, 77)]


def test_a_limit_that_is_refused_under_both_names_is_fatal(server, answer):
    """Rather than a call without a limit."""
    server.answers = [
        answer(status=400, body=unsupported("max_tokens")),
        answer(status=400, body=unsupported("max_completion_tokens")),
    ]
    model = chat(server)
    kinds = []
    for _ in range(2):
        with pytest.raises(Fault) as caught:
            ask(model)
        kinds.append(caught.value.kind)
    assert kinds == ["transient", "fatal"]


def test_one_endless_reply_does_not_hold_the_others(server, answer):
    """The call is left once all others have ended."""
    server.answers = [
        answer([chunk(1, "b", "stop"), chunk(0, "x" * 1_000_001)], hold=threading.Event())
    ]
    endless, other = ask(chat(server), draws=(0, 1))
    assert (endless.stop, other.text) == ("length", "b")


def test_a_refusal_of_the_request_itself_drops_nothing(server, answer):
    """A 400 that names no parameter is fatal: to try again would change nothing."""
    server.answers = [answer(status=400, body={"error": {"message": "messages is required"}})]
    model = chat(server)
    with pytest.raises(Fault) as caught:
        ask(model)
    assert caught.value.kind == "fatal"
    assert model.dropped == ()


def test_the_first_model_of_a_server_is_taken_where_none_is_named(server, answer):
    """It is asked for once; what is recorded does not change for it."""
    listed = {"object": "list", "data": [{"id": "served", "object": "model"}]}
    server.answers = [answer(body=listed), answer([chunk(0, "a", "stop")])]
    model = OpenAI(base_url=server.url + "/v1")
    before = dict(model.parameters)
    ask(model)
    ask(model)
    assert [asked.path for asked in server.asked] == ["/v1/models", *["/v1/chat/completions"] * 2]
    assert {asked.body["model"] for asked in server.asked[1:]} == {"served"}
    assert dict(model.parameters) == before


def test_a_model_can_be_asked_from_one_event_loop_after_another(server, answer):
    """Connections belong to a loop; a notebook's next cell may run in another."""
    server.answers = [answer([chunk(0, "a", "stop")])]
    model = chat(server)
    for _ in range(2):
        assert asyncio.run(model.ask(Request(PROMPT, (0,)), lambda: None))[0].text == "a"


def test_a_server_on_this_machine_is_reached_past_a_proxy(server, answer, monkeypatch):
    """The environment's proxy is for the network; there is none at this one's port."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers = [answer([chunk(0, "a", "stop")])]
    assert ask(chat(server))[0].text == "a"


def test_an_unreachable_server_may_come_up(server):
    """The fault can be tried again, and asks whether the server runs."""
    server.close()
    with pytest.raises(Fault, match="Is the server running") as caught:
        ask(chat(server))
    assert (caught.value.kind, caught.value.usage) == ("transient", Usage(calls=1))


def test_a_key_is_nowhere(server, answer, monkeypatch):
    """Not in parameters, in a repr, nor in an error in which the server repeats it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    said = {"error": {"message": f"bad key {KEY} (sk-live-abc***xyz), Bearer {KEY}", "code": "x"}}
    server.answers = [answer(status=401, body=said)]
    url = server.url.replace("http://", "http://me:secret-word@") + "/v1?token=hidden-token"
    model = OpenAI("m", base_url=url)
    shown = [json.dumps(dict(model.parameters)), repr(vars(model)), repr(model), model.name]
    with pytest.raises(Fault) as caught:
        ask(model)
    shown += [str(caught.value), repr(caught.value), repr(caught.value.__cause__)]
    assert server.asked[0].headers["authorization"].startswith(("Bearer ", "Basic "))
    for secret in (KEY, "secret-word", "hidden-token", "sk-live"):
        assert not any(secret in text for text in shown), secret
    assert "OPENAI_API_KEY" in str(caught.value)


def test_without_a_key_nothing_is_called():
    """The error names the variable and the way without a key; a server of one's own needs none."""
    with pytest.raises(Fault, match=r"OPENAI_API_KEY.*base_url") as caught:
        ask(OpenAI("gpt-5"))
    assert (caught.value.kind, caught.value.usage) == ("fatal", Usage())


def test_a_server_of_ones_own_is_free_and_an_unknown_price_is_none():
    """A budget in dollars can be held for the first, and not for the second."""
    own = OpenAI("m", base_url="http://localhost:8000/v1")
    assert own.price == FREE
    assert own.priced
    other = OpenAI("m", base_url="https://gpu.example.org/v1")
    assert not other.priced
    assert other.cost(PROMPT, 1).usd == 0.0


def test_the_bound_is_never_below_the_cost(server, answer):
    """Tokens and dollars of real replies stay within what was reserved for them."""
    price = Price(2.0, 10.0, cached=0.2, written=2.5)
    server.answers = [answer([chunk(0, "a", "stop"), chat_usage(30, 4000)])]
    model = chat(server, price=price)
    most, (reply,) = model.cost(PROMPT, 1), ask(model)
    assert reply.usage.tokens_in <= most.tokens_in
    assert reply.usage.tokens_out <= most.tokens_out
    assert reply.usage.usd <= most.usd


def test_the_environment_can_name_the_server(monkeypatch):
    """OPENAI_BASE_URL is respected, and shown without what may be secret."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1?key=abcdef")
    model = OpenAI("m")
    assert model.parameters["base_url"] == "http://127.0.0.1:1/v1"
    assert model.api == "chat"


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "127.0.0.1:8000"},
        {"base_url": "http://127.0.0.1", "code_interpreter": True},
        {"effort": "hgih"},
        {"temperature": 3.0},
        {"max_output_tokens": -1},
        {"replies_per_call": 0},
        {"concurrency": 0},
        {"timeout": 0.0},
        {"api": "completions"},
    ],
)
def test_arguments_out_of_range_are_refused_at_once(options):
    """With the value and the range."""
    with pytest.raises(ArgumentError):
        OpenAI("m", **options)
