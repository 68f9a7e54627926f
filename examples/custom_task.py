"""A task family of your own: decorate its rule, sample it, learn it back."""

import llmerm


@llmerm.task(n=40)
def more_ones_at_the_front(x: str) -> int:
    """1 where the first half has more ones than the second."""
    return int(x[: len(x) // 2].count("1") > x[len(x) // 2 :].count("1"))


task = llmerm.tasks.get("more_ones_at_the_front", n=60)
result = llmerm.fit(task.sample(400, seed=0), proposer="enumerate")
print(result)
print("accuracy on fresh samples:", result.evaluate(task.sample(2_000, seed=1)).accuracy)
