"""What a model is asked in each control, read from the requests that the stub was sent."""

from __future__ import annotations

import json
import re

import pytest

import llmerm
from llmerm.samples import Samples

from .conftest import model_at
from .stub import Step, as_json

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TEXTS = Samples.of([(f"{i:06b}", f"{i:06b}"[0]) for i in range(64)])
FIRST = as_json("def f(x):\n    return x[0]")


def asked(server) -> list[str]:
    """The prompt of each call."""
    return [json.dumps(body, ensure_ascii=False) for body in server.log.bodies]


def shown(prompt: str) -> list[tuple[str, str]]:
    """The samples in it."""
    return re.findall(r"'([^' ]*)' -> '([^' ]*)'", prompt)


def test_each_control_asks_what_it_says(stub):
    """One call each: samples, samples with other labels, no sample at all, other characters."""
    server = stub(default=Step(FIRST))
    model = model_at(server, "chat")
    found = llmerm.controls(TEXTS, k=1, proposer=model, description="a copy of a part of x")
    given, dealt, blind, other = asked(server)
    train = TEXTS.split().train
    assert sorted(shown(given)) == sorted(train)
    assert len(shown(dealt)) == 32
    assert any(x[0] != y for x, y in shown(dealt))
    assert shown(blind) == []
    assert not re.search(r"[01]{6}", blind)
    assert "Each input x is a string of 6 characters, each one of '0', '1'." in blind
    assert "Each label is one of '0', '1'. No labelled input is given." in blind
    assert len(shown(other)) == 32
    assert all(x[0] == y and not set(x) & {"0", "1"} for x, y in shown(other))
    told = ["a copy of a part of x" in prompt for prompt in (given, dealt, blind, other)]
    assert told == [True, True, True, False]
    assert [arm.error for arm in found.arms if arm is not found.shuffled] == [0, 0, 0]
    assert found.earned <= 0
    assert found.usage.calls == server.log.calls == 4


def test_a_model_that_is_gone_is_an_error_in_a_control_too(stub):
    """It is not taken for one that has nothing to say."""
    server = stub(Step(FIRST), default=Step(fault="quota"))
    with pytest.raises(llmerm.errors.ProposerError):
        llmerm.controls(TEXTS, k=1, proposer=model_at(server, "chat"))
