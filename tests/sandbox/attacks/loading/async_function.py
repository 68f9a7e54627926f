"""A function that gives a coroutine, which no one will run.

Runs.
"""


async def f(x):
    return 0
