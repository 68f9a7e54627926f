"""One fit against a stub, as a process of its own that can be killed; it prints what came out.

Run as `python client.py URL --ledger PATH --k 64`.
"""

from __future__ import annotations

import argparse
import json
import resource
import time

import llmerm
from llmerm.proposers import calling
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.openai import OpenAI

KEY = "sk-stub-0123456789abcdef"
NO_SEED_IS_RIGHT = 1000
"""With this seed none of the stub's programs is right, so that all draws are made."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--ledger")
    parser.add_argument("--k", type=int, default=64)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--seed", type=int, default=NO_SEED_IS_RIGHT)
    parser.add_argument("--bits", type=int, default=0, help="parity of strings, else odd integers")
    given = parser.parse_args()
    calling.BACKOFF = lambda state: 0.0
    samples = [(i, i % 2) for i in range(80)]
    if given.bits:
        samples = llmerm.tasks.get("parity", n=given.bits).sample(200, seed=0)
    model = OpenAI(
        "gpt-4o",
        base_url=given.url,
        api_key=KEY,
        replies_per_call=1,
        concurrency=given.concurrency,
    )
    verified: list[float] = []
    llmerm.sandbox.default()
    started = time.monotonic()
    result = llmerm.fit(
        samples,
        given.k,
        proposer=ModelProposer(model),
        seed=given.seed,
        ledger=given.ledger,
        progress=lambda _: verified.append(time.monotonic()),
    )
    ended = time.monotonic()
    usage = result.usage
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    told = {
        "started": started,
        "ended": ended,
        "first_verified": verified[0],
        "draws": [[c.draw, c.proposal.source, c.held_out_error] for c in result.candidates],
        "chosen": result.chosen,
        "calls": usage.calls,
        "tokens_in": usage.tokens_in,
        "tokens_cached": usage.tokens_cached,
        "peak_mib": sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
