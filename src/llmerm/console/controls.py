"""A fit and its controls as JSON."""

from __future__ import annotations

from dataclasses import asdict

from llmerm.arms import Arm, Controls


def controls_as_dict(found: Controls) -> dict[str, object]:
    """A fit and its controls as JSON-like values."""
    return {
        "arms": [_arm_as_dict(arm) for arm in found.arms],
        "left_out": [{"name": name, "why": why} for name, why in found.left_out],
        "constant": found.constant,
        "earned": found.earned,
        "earned_at_least": found.earned_at_least,
        "from_names": found.from_names,
        "leaks": found.leaks,
        "sentence": found.sentence,
        "loss": found.loss.name,
        "held_out": found.held_out,
        "confidence": found.confidence,
        "usage": asdict(found.usage),
    }


def _arm_as_dict(arm: Arm) -> dict[str, object]:
    """One run; its bound is about the samples of that run."""
    scored = arm.result is not None and arm.result.chosen is not None
    return {
        "name": arm.name,
        "about": arm.about,
        "status": None if arm.result is None else arm.result.status,
        "source": arm.result.program.source if scored and arm.result else None,
        "error": arm.error,
        "interval": arm.interval,
        "error_bound": arm.certificate.bound,
        "note": arm.note,
    }
