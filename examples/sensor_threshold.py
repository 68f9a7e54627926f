"""When does the pump's alarm go off? From 300 readings, of which one label in twenty is wrong."""

import random

import llmerm
from llmerm.proposers import Enumerate

rng = random.Random(0)


def reading() -> dict[str, float]:
    """What the sensors say at some moment."""
    return {
        "temperature": round(rng.gauss(60, 12), 1),
        "vibration": round(rng.expovariate(0.5), 2),
        "load": rng.randint(0, 100),
    }


def alarm(x: dict[str, float]) -> int:
    """1 above a vibration of 3, and at times by mistake."""
    right = x["vibration"] > 3
    return int(right if rng.random() > 0.05 else not right)


logged = [(x, alarm(x)) for x in (reading() for _ in range(300))]
result = llmerm.fit(logged, proposer=Enumerate(seconds=5), tolerance=0.1)
print(result.program)
print(result.status, "with a held-out error of", result.held_out_error)
print(result.certificate)
