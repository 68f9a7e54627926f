"""What theory says of a task: leap complexity, query bounds, coordinate-wise SGD simulated."""

from llmerm.theory.bounds import erm_samples, sq_lower_bound
from llmerm.theory.coordinate_sgd import CoordinateGradient, coordinate_sgd
from llmerm.theory.gap import GapRow, simulate_parity_gap
from llmerm.theory.leap import leap, leap_hermite

__all__ = [
    "CoordinateGradient",
    "GapRow",
    "coordinate_sgd",
    "erm_samples",
    "leap",
    "leap_hermite",
    "simulate_parity_gap",
    "sq_lower_bound",
]
