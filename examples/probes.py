"""What a learned program is worth elsewhere: longer inputs, another balance, near misses."""

import llmerm

task = llmerm.tasks.get("palindrome", n=30)
result = llmerm.fit(task.sample(200, seed=0), proposer="enumerate")
print(result.program)
for probe in task.probes():
    train, test = probe.split(200, 1_000, seed=0)
    if probe.kind == "training":  # other samples to learn from: learn anew
        fitted = llmerm.fit(train, proposer="enumerate")
        outcome = "abstained" if fitted.status == "abstained" else fitted.evaluate(test).accuracy
    else:
        outcome = result.evaluate(test).accuracy
    print(f"{probe.name}: {outcome} ({probe.about})")
