"""In-context learning through the real clients, against a stub that refuses what is wrong."""

from __future__ import annotations

import pytest

from llmerm import baselines
from llmerm.baselines.in_context import InContext
from llmerm.samples import Samples

from .conftest import model_at
from .stub import Step

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SAMPLES = Samples.of([(f"{i:03b}", i % 2) for i in range(8)])


def test_labels_come_through_every_api(stub, api):
    """A model that says 1 to all is wrong on the even numbers; no schema of a program is sent."""
    server = stub(default=Step(text="1"))
    model = model_at(server, api, structured=True)
    score = baselines.score(InContext(model=model), SAMPLES[:6], SAMPLES[6:])
    assert (score.train_error, score.test_error) == (0.5, 0.5)
    assert score.usage.calls == server.log.calls == 8
    assert score.usage.tokens_in > 0
    assert not any("json_schema" in str(body) for body in server.log.bodies)


def test_calls_that_fail_are_tried_again(stub, api):
    """As the proposers' calls: a 429 and a dropped stream cost attempts and no label."""
    steps = [Step(fault="429", after=0.0), Step(text="1", fault="drop")]
    server = stub(*steps, default=Step(text="1"))
    predictor = InContext(model=model_at(server, api)).fit(SAMPLES[:6])
    assert predictor.predict(SAMPLES.inputs[6:]) == [1, 1]
    assert server.log.calls == 4
