"""Errors of the SDKs and of servers, told as faults."""

from __future__ import annotations

import email.utils
import inspect
import time

import anthropic
import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.faults import fault_of, kind_of, lengths
from llmerm.proposers.reports import Report, report_of
from llmerm.proposers.waits import wait_of

HERE = Endpoint("https://api.example.org/v1", "EXAMPLE_API_KEY", "sk-secret-key-1")
REQUEST = httpx2.Request("POST", "https://api.example.org/v1/chat")


def classes(sdk):
    """Every exception class of an SDK that stands for an answer or for none."""
    found = [thing for _, thing in inspect.getmembers(sdk._exceptions, inspect.isclass)]
    return [thing for thing in found if issubclass(thing, sdk.APIError)]


def made(kind, status=418):
    """An error of this class, as its SDK makes it."""
    status = getattr(kind, "status_code", status)
    response = httpx2.Response(status if isinstance(status, int) else 500, request=REQUEST)
    for arguments in (
        {"message": "no luck", "response": response, "body": None},
        {"response": response, "body": None},
        {"message": "no luck", "request": REQUEST, "body": None},
        {"message": "no luck", "request": REQUEST},
        {"request": REQUEST},
    ):
        try:
            return kind(**arguments) if "message" not in arguments else _positional(kind, arguments)
        except TypeError:
            continue
    raise AssertionError(f"{kind} is made in a way that this test does not know")


def _positional(kind, arguments):
    try:
        return kind(**arguments)
    except TypeError:
        rest = {name: value for name, value in arguments.items() if name != "message"}
        return kind("no luck", **rest)


KINDS = {
    400: "fatal",
    401: "fatal",
    402: "fatal",
    403: "fatal",
    404: "fatal",
    408: "transient",
    409: "transient",
    412: "fatal",
    413: "fatal",
    418: "fatal",
    422: "fatal",
    429: "overloaded",
    431: "fatal",
    499: "transient",
    500: "transient",
    501: "transient",
    503: "transient",
    504: "transient",
    529: "overloaded",
}


@pytest.mark.parametrize("kind", [*classes(openai), *classes(anthropic)])
def test_every_error_class_of_the_sdks_has_a_kind(kind):
    """By its status if it has one; an answer that did not come, or cannot be read, is transient."""
    error = made(kind)
    report = report_of(error)
    unread = "ValidationError" in kind.__name__
    status = getattr(error, "status_code", None)
    expected = "transient" if status is None or unread else KINDS[status]
    assert kind_of(Report(report.message, None if unread else report.status)) == expected
    if not unread:
        assert fault_of(report, HERE, "m").kind == expected


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ReadError("broken"),
        httpx2.RemoteProtocolError("peer closed connection"),
        ConnectionResetError("reset"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
        ValueError("Expecting value"),
        KeyError("choices"),
        TypeError(),
    ],
)
def test_what_goes_wrong_below_the_sdks_is_transient(error):
    """Connections, bytes, JSON, shapes: another attempt may go well."""
    fault = fault_of(report_of(error), HERE, "m")
    assert fault.kind == "transient"
    assert str(fault)


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "step"),
    [
        (429, "rate_limit_exceeded", "slow down", "overloaded", ""),
        (429, "insufficient_quota", "You exceeded your current quota", "fatal", "billing"),
        (429, "", "You exceeded your current quota, please check", "fatal", "billing"),
        (402, "", "Payment required", "fatal", "billing"),
        (400, "billing_error", "Your credit balance is too low", "fatal", "billing"),
        (401, "invalid_api_key", "wrong", "fatal", "EXAMPLE_API_KEY"),
        (403, "", "not yours", "fatal", "EXAMPLE_API_KEY"),
        (404, "model_not_found", "no such model", "fatal", "https://api.example.org/v1/models"),
        (413, "", "too big", "fatal", "max_prompt_samples"),
        (400, "context_length_exceeded", "too long", "fatal", "max_prompt_samples"),
        (400, "content_policy_violation", "flagged", "rejected", ""),
        (500, "invalid_request_error", "oops", "transient", ""),
        (503, "server_is_overloaded", "busy", "overloaded", ""),
        (503, "unavailable_error", "Loading model", "transient", ""),
        (200, "overloaded_error", "busy", "overloaded", ""),
        (None, "", "Connection error. (ConnectError: refused)", "transient", "running"),
    ],
)
def test_a_fault_says_what_to_do(status, code, message, kind, step):
    """Its kind for the library, its last sentence for the user."""
    fault = fault_of(Report(message, status, code), HERE, "m")
    assert fault.kind == kind
    assert step in str(fault)
    assert message.rstrip(".") in str(fault)


@pytest.mark.parametrize(
    ("status", "advice", "kind"),
    [(429, "false", "rejected"), (500, "false", "rejected"), (404, "true", "transient")],
)
def test_the_servers_own_advice_settles_it(status, advice, kind):
    """`x-should-retry` is honoured, but not where money is what lacks."""
    assert kind_of(Report("x", status, headers={"x-should-retry": advice})) == kind
    poor = Report("x", 429, "insufficient_quota", headers={"x-should-retry": "true"})
    assert kind_of(poor) == "fatal"


def test_the_wait_that_a_server_asks_for():
    """In seconds, milliseconds, as a date, and from what the providers say of their limits."""
    assert wait_of({"retry-after": "2.5"}) == 2.5
    assert wait_of({"retry-after-ms": "250", "retry-after": "9"}) == 0.25
    date = email.utils.formatdate(time.time() + 30, usegmt=True)
    assert wait_of({"retry-after": date}) == pytest.approx(30, abs=5)
    assert wait_of({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}) == 0.0
    assert wait_of({"retry-after": "soon"}) is None
    assert wait_of({}) is None
    both = {"x-ratelimit-reset-requests": "1m30s", "x-ratelimit-reset-tokens": "120ms"}
    assert wait_of(both) == 90.0
    assert wait_of(both | {"x-ratelimit-remaining-requests": "5"}) == pytest.approx(0.12)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
    assert wait_of({"anthropic-ratelimit-tokens-reset": stamp}) == pytest.approx(60, abs=5)


@given(st.one_of(st.text(), st.text("0123456789.smhd:-+TZ,", max_size=30)), st.text(), st.text())
def test_any_answer_is_a_fault(header, message, code):
    """Whatever a server puts into headers and errors, there is a wait of some length, or none."""
    headers = {"retry-after": header, "x-ratelimit-reset-tokens": header}
    fault = fault_of(Report(message, 429, code, headers=headers), HERE, "m")
    assert fault.after is None or 0 <= fault.after < 1e12


@pytest.mark.parametrize("wait", ["nan", "inf", "-1", "1e400", "1_0", "\u0663"])
def test_what_is_no_number_of_seconds_is_no_wait(wait):
    """Only what the standard allows, and its decimals."""
    assert wait_of({"retry-after": wait}) is None


def test_the_code_that_names_the_cause_comes_first():
    """A spend limit is told as a rate limit whose details name it."""
    body = {
        "type": "error",
        "error": {
            "type": "rate_limit_error",
            "message": "no luck",
            "details": {"error_code": "enforced_spend_limit_reached"},
        },
    }
    response = httpx2.Response(429, request=REQUEST)
    error = anthropic.RateLimitError("no luck", response=response, body=body)
    assert fault_of(report_of(error), HERE, "m").kind == "fatal"


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("prompt is too long: 210000 tokens > 200000 maximum", (210000, 200000)),
        (
            "This model's maximum context length is 128000 tokens. However, your messages "
            "resulted in 130001 tokens.",
            (130001, 128000),
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 4500 "
            "tokens (500 in the messages, 4000 in the completion).",
            (500, 4096),
        ),
        ("request (5000 tokens) exceeds the available context size (4096 tokens)", (5000, 4096)),
        ("the prompt exceeds the context", (None, None)),
        (f"prompt is too long: {'9' * 5_000} tokens > 10 maximum", (None, None)),
    ],
)
def test_how_much_too_long_a_prompt_is(message, found):
    """The numbers are read from the words of each server; whose reply is too long is told."""
    report = Report(message, 400)
    assert lengths(report) == found
    step = "max_output_tokens" if found == (500, 4096) else "max_prompt_samples"
    assert step in str(fault_of(report, HERE, "m"))


@pytest.mark.parametrize("told", [10**400, -1, 0, True, 1e300, "9"])
def test_lengths_that_a_server_gives_as_numbers_can_be_reckoned_with(told):
    """Or they are none: what no prompt has, or is no whole number."""
    report = Report(
        "the prompt exceeds the context", 400, details={"n_prompt_tokens": told, "n_ctx": 9}
    )
    prompt, _ = lengths(report)
    assert prompt is None or 0 < prompt <= 10**12


def test_other_errors_have_no_lengths():
    """Numbers in a message that is about something else mean nothing."""
    assert lengths(Report("retry in 20 tokens > 10 seconds", 429)) == (None, None)


def test_a_long_message_is_cut_and_a_key_is_hidden():
    """A page of HTML from a gateway does not fill the terminal; a key in it does not show."""
    report = Report("the key sk-secret-key-1 " + "<p>" * 5000, 502)
    message = str(fault_of(report, HERE, "m"))
    assert len(message) < 700
    assert "secret" not in message
