"""What a server does not take: found in its words, and nothing else is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.proposers.concessions import Concessions, most_replies

BODY = {
    "model": "m",
    "messages": [],
    "max_tokens": 10,
    "n": 8,
    "seed": 3,
    "stream_options": {"include_usage": True},
    "reasoning": {"effort": "low"},
    "temperature": 0.5,
}


def learned(message, param="", code=""):
    return Concessions().learn(BODY, param=param, code=code, message=message)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        ("Unrecognized request argument supplied: stream_options", "stream_options"),
        ("body.seed: Extra inputs are not permitted", "seed"),
        ("`reasoning.effort` is not supported", "reasoning.effort"),
        ("Unknown parameter: 'reasoning'.", "reasoning"),
        ("[{'type': 'extra_forbidden', 'loc': ('body', 'seed')}]", "seed"),
        ("TypeError: got an unexpected keyword argument 'seed'", "seed"),
        ("The model `m` does not exist or is not available", None),
        ("Unsupported content type", None),
        ("temperature must be at most 2", None),
        ("unknown field in temperatures", None),
        ("messages: unexpected role", None),
    ],
)
def test_names_are_read_from_a_message_that_refuses(message, name):
    """A word of a longer name, another kind of error, or what must be sent is none."""
    assert learned(message) == name


def test_the_errors_own_field_comes_first():
    """Where a message names several, the field settles it; a code may stand for the words."""
    said = "'seed' is fine, but this is not supported"
    assert learned(said, param="temperature") == "temperature"
    assert learned("no", param="reasoning.effort", code="unsupported_value") == "reasoning.effort"


@given(st.text(), st.text(max_size=20), st.sampled_from(["", "unsupported_parameter"]))
def test_what_must_be_sent_is_never_dropped(message, param, code):
    """Whatever a server says, the body still has a model, messages and a limit."""
    concessions = Concessions()
    name = concessions.learn(BODY, param=param, code=code, message=f"unsupported: {message}")
    if name is not None:
        concessions.drop(name)
    body = concessions.apply(BODY)
    assert {"model", "messages"} <= body.keys()
    assert {"max_tokens", "max_completion_tokens"} & body.keys()


@pytest.mark.parametrize(
    ("message", "param", "most"),
    [
        ("Value must be between 1 <= value <= 4", "", 4),
        ("n must be <= 5", "", 5),
        ("Only the default (1) value is supported.", "n", 1),
        ("not with this model", "n", 1),
        ("n must be at most 128", "", 1),
        (f"n must be at most {'2' * 5_000}", "", 1),
        ("max_tokens must be at least 1", "", None),
    ],
)
def test_the_most_replies_of_a_call(message, param, most):
    """The limit in the message, if it is below what was asked for; else one."""
    assert most_replies(BODY, param=param, message=message) == most


def test_a_call_for_one_reply_has_none_too_many():
    """An error about it is about something else."""
    assert most_replies({"model": "m"}, param="n", message="n must be <= 1") is None


def test_the_sdks_are_loaded_when_a_model_is_asked():
    """To name a model and ask for its bound on this machine loads neither SDK nor prices."""
    code = (
        "import sys; from llmerm.proposers.openai import OpenAI; "
        "from llmerm.proposers.anthropic import Anthropic; "
        "OpenAI('m', base_url='http://127.0.0.1/v1'); Anthropic(base_url='http://127.0.0.1'); "
        "print({'openai', 'anthropic', 'genai_prices', 'httpx2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
