"""A strict stub of the hosted APIs on loopback: it refuses what they refuse, and fails as told."""

from .server import KEY, Log, Stub
from .step import BIG, RIGHT, Step, as_json, by_seed

__all__ = ["BIG", "KEY", "RIGHT", "Log", "Step", "Stub", "as_json", "by_seed"]
