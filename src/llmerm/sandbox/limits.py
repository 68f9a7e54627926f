"""The limits that every sandbox has."""

from __future__ import annotations

from llmerm.errors import ArgumentError


def check_limits(cpu_seconds: float, memory_mb: float) -> None:
    """Refuses limits that are none.

    Raises:
        ArgumentError: if one is not a positive, finite number.
    """
    for name, limit in (("cpu_seconds", cpu_seconds), ("memory_mb", memory_mb)):
        if not 0 < limit < float("inf"):
            raise ArgumentError(
                f"`{name}` must be a positive number, got {limit}. "
                "A sandbox without a limit is not offered; pass a large one."
            )
