"""Each fault of a hosted API, through the real SDKs and a whole fit: what a run makes of it."""

from __future__ import annotations

import pytest

import llmerm
from llmerm.errors import LlmermWarning, ProposerError
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.typing import Budget, Failed

from .conftest import model_at
from .stub import BIG, RIGHT, Step, as_json, by_seed

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WRONG = as_json("def f(x):\n    return 0")


def fitted(samples, model, k=4, **options):
    return llmerm.fit(samples, k=k, proposer=ModelProposer(model), **options)


def test_the_strict_stub_takes_all_that_is_sent(stub, odd, api):
    """What is sent breaks no rule, and the program that comes back is right."""
    server = stub()
    result = fitted(odd, model_at(server, api), k=1)
    assert result.program.source.strip() == RIGHT
    assert result.verified
    assert (server.log.calls, server.log.refused) == (1, 0)
    assert result.usage.calls == 1
    assert result.usage.tokens_in == server.log.tokens_in


@pytest.mark.parametrize("fault", ["429", "500", "503", "529", "drop", "cut", "failed"])
def test_what_passes_is_tried_again(stub, odd, api, fault):
    """One failed call, one more that is answered; the run counts both."""
    server = stub(Step(fault=fault))
    result = fitted(odd, model_at(server, api), k=1)
    assert result.verified
    assert server.log.calls == result.usage.calls == 2


def test_the_wait_that_is_asked_for_is_kept(stub, odd, api):
    """No call before retry-after is over."""
    server = stub(Step(fault="429", after=0.4))
    fitted(odd, model_at(server, api), k=1)
    first, second = server.log.arrived
    assert second - first >= 0.4


def test_no_money_left_ends_the_run_at_once(stub, odd, api):
    """One call, no retry, and the next step in the message."""
    server = stub(default=Step(fault="quota"))
    with pytest.raises(ProposerError, match="billing"):
        fitted(odd, model_at(server, api))
    assert server.log.calls == 1


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step(fault="silent"), "empty"),
        (Step("I cannot help with that.", fault="refusal"), "refused"),
        (Step('{"code": "def f(x):', fault="length"), "truncated"),
        (Step("There is no such rule."), "no_code"),
        (Step("```python\ndef f(x: return\n```"), "syntax_error"),
    ],
)
def test_a_reply_without_a_program_keeps_its_reason(stub, odd, api, step, reason):
    """It is a candidate that failed; the run goes on, and nothing is asked again."""
    server = stub(step)
    result = fitted(odd, model_at(server, api, concurrency=1), k=2)
    assert [getattr(c.verdict, "reason", None) for c in result.candidates] == [reason, None]
    assert server.log.calls == 2


@pytest.mark.parametrize(
    "text",
    [
        f"Look at the last bit.\n\n```python\n{RIGHT}\n```\nThat is all.",
        f"<think>```python\ndef f(x): return 9\n```</think>\n{RIGHT}",
        f"Here it is: {as_json(RIGHT)}",
    ],
)
def test_structured_output_that_a_server_ignores_is_read(stub, odd, api, text):
    """Prose around the code, thoughts, a fence."""
    server = stub(default=Step(text))
    assert fitted(odd, model_at(server, api, structured=True), k=1).verified


def test_a_reply_of_ten_megabytes_is_cut(stub, odd, api):
    """The rest of the run is as it would be."""
    server = stub(Step("# ", fault="big"))
    result = fitted(odd, model_at(server, api, concurrency=1), k=2)
    assert isinstance(result.candidates[0].verdict, Failed)
    assert len(result.candidates[0].proposal.reply) <= BIG // 10
    assert result.verified


@pytest.mark.parametrize("fault", ["usage", "unmetered"])
def test_counts_that_make_no_sense_are_mended_upwards(stub, odd, api, fault):
    """A budget holds against a server that counts nothing."""
    server = stub(default=Step(WRONG, fault=fault))
    result = fitted(odd, model_at(server, api), k=1)
    assert result.usage.tokens_in >= server.log.tokens_in
    assert result.usage.tokens_out > 0


@pytest.mark.filterwarnings("ignore:the server does not take")
@pytest.mark.parametrize(
    ("api", "options", "dropped"),
    [
        ("chat", {"effort": "high"}, {"reasoning_effort"}),
        ("responses", {"effort": "xhigh"}, {"reasoning.effort"}),
    ],
)
def test_what_a_model_does_not_take_is_left_out(stub, odd, api, options, dropped):
    """One call is refused for each, the last goes without them."""
    server = stub()
    model = model_at(server, api, **options)
    assert fitted(odd, model, k=1).verified
    assert (server.log.calls, server.log.refused) == (len(dropped) + 1, len(dropped))
    assert set(model.dropped) == dropped


def test_a_temperature_is_not_even_sent_where_none_is_taken(stub, odd, api):
    """The table of capabilities knows the family; the user is told, and no call is refused."""
    server = stub()
    name = "claude-opus-5-5" if api == "messages" else "gpt-5"
    options = {"name": name} if api == "chat" else {}
    with pytest.warns(LlmermWarning, match="takes no temperature"):
        model = model_at(server, api, temperature=0.5, **options)
    assert fitted(odd, model, k=1).verified
    assert all("temperature" not in body for body in server.log.bodies)


def test_more_replies_than_a_call_may_give_are_asked_for_in_parts(stub, odd):
    """The limit is in the refusal; all draws come."""
    server = stub(by_seed=by_seed)
    result = fitted(odd, model_at(server, "chat", replies_per_call=12), k=12)
    assert [c.draw for c in result.candidates] == list(range(12))
    assert [body["n"] for body in server.log.bodies][:3] == [12, 8, 4]


def test_one_choice_counted_of_several_is_metered_from_what_came(stub, odd):
    """Some servers count the tokens of one choice only."""
    whole = fitted(odd, model_at(stub(default=Step(WRONG)), "chat", replies_per_call=4))
    counted = fitted(
        odd, model_at(stub(default=Step(WRONG, fault="one")), "chat", replies_per_call=4)
    )
    assert counted.usage.calls == whole.usage.calls == 1
    assert counted.usage.tokens_out >= 4
    assert counted.usage.tokens_in == whole.usage.tokens_in


def test_a_wrong_key_says_which_variable_to_set(stub, odd, api):
    """And shows nothing of the key."""
    server = stub()
    variable = "ANTHROPIC_API_KEY" if api == "messages" else "OPENAI_API_KEY"
    with pytest.raises(ProposerError, match=f"Set {variable}") as failed:
        fitted(odd, model_at(server, api, api_key="sk-wrong-key-of-a-user"))
    assert "wrong-key" not in str(failed.value)
    assert server.log.calls == 1


def test_an_unknown_model_says_how_to_list_them(stub, odd, api):
    """At the first call."""
    server = stub()
    with pytest.raises(ProposerError, match="models"):
        fitted(odd, model_at(server, api, "no-such-model"))
    assert server.log.calls == 1


def test_an_unreachable_server_is_an_error(stub, odd, api):
    """A model that was never reached is no empty success."""
    server = stub()
    model = model_at(server, api)
    server.__exit__()
    with pytest.raises(ProposerError, match=r"127\.0\.0\.1"):
        fitted(odd, model)


def test_a_prompt_that_is_too_long_says_how_many_samples_fit(stub):
    """The server's own lengths, and the argument to pass."""
    samples = [(format(i, "0200b"), i % 2) for i in range(400)]
    with pytest.raises(ProposerError, match=r"max_prompt_samples.*of the 200 samples fit"):
        fitted(samples, model_at(stub(), "chat", "tiny"))


@pytest.mark.parametrize("limit", [0, 3])
def test_no_more_calls_reach_the_server_than_the_budget_allows(stub, odd, limit):
    """Calls in flight count, and a budget of zero calls nothing."""
    server = stub(default=Step(WRONG), latency=0.05)
    if limit:
        result = fitted(odd, model_at(server, "chat"), k=16, budget=Budget(calls=limit))
        assert result.usage.calls == limit
    else:
        with pytest.raises(ProposerError, match="calls=0"):
            fitted(odd, model_at(server, "chat"), k=16, budget=Budget(calls=0))
    assert server.log.calls == limit


def test_calls_in_flight_end_at_the_server_when_a_fit_stops_early(stub, odd, api):
    """The first draw is right; those that would take a minute are cancelled."""
    server = stub(Step(), default=Step(WRONG, latency=60.0))
    result = fitted(odd, model_at(server, api), k=8)
    assert result.verified
    server.__exit__()  # waits for no call: each has ended with its connection
    assert server.log.served == 1
    assert server.log.cancelled + server.log.in_flight == server.log.calls - 1


@pytest.mark.parametrize("replies_per_call", [1, 4])
def test_the_result_is_the_same_whatever_the_concurrency(stub, odd, replies_per_call):
    """Seeds belong to draws, not to the order of calls."""
    found = []
    for concurrency in (1, 3, 8):
        server = stub(by_seed=by_seed, latency=0.01)
        model = model_at(server, "chat", concurrency=concurrency, replies_per_call=replies_per_call)
        result = fitted(odd, model, k=12)
        found.append([(c.draw, c.proposal.source, c.verdict) for c in result.candidates])
    sources = [[row[:2] for row in rows] for rows in found]
    assert sources[0] == sources[1] == sources[2]
    assert len({source for _, source in sources[0]}) > 3
