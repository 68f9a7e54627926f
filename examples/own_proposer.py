"""A proposer of your own: any object that drafts sources from training samples."""

from collections.abc import AsyncIterator

import llmerm


class Thresholds(llmerm.Proposer):
    """Drafts `x > c` for the training inputs c, in order."""

    name = "thresholds"

    async def propose(
        self, train: llmerm.Samples, k: int, seed: int
    ) -> AsyncIterator[llmerm.Proposal]:
        """One threshold a draw."""
        for draw, c in enumerate(sorted(train.inputs)[:k]):
            yield llmerm.Proposal(draw, f"def f(x):\n    return int(x > {c})\n")


result = llmerm.fit([(i, int(i > 30)) for i in range(80)], k=64, proposer=Thresholds())
print(result)
