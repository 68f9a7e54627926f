"""From 200 samples to a verified program: first-half parity over strings of 100 bits."""

import llmerm

task = llmerm.tasks.get("half_parity", n=100)
result = llmerm.fit(task.sample(200, seed=0), proposer="enumerate")

print(result.program)
print(result.certificate)
print("accuracy on 10,000 fresh samples:", result.evaluate(task.sample(10_000, seed=1)).accuracy)
print("and at n = 200:", result.evaluate(task.shifted(n=200).sample(1_000, seed=2)).accuracy)
