"""What theory says of a task: leap complexity, query bounds, coordinate-wise SGD simulated."""

from llmerm.theory.bounds import erm_samples, sq_lower_bound
from llmerm.theory.coordinate_sgd import CoordinateGradient, coordinate_sgd
from llmerm.theory.detection import Detection, detect_low_degree
from llmerm.theory.effective import effective_leap, least_visible
from llmerm.theory.gap import GapRow, simulate_parity_gap
from llmerm.theory.hardness import Hardness, sgd_hardness
from llmerm.theory.iso_leap import iso_leap
from llmerm.theory.leap import leap, leap_hermite
from llmerm.theory.network_sgd import NetworkRun, network_sgd
from llmerm.theory.spectrum import Spectrum, spectrum
from llmerm.theory.walsh import walsh_hadamard

__all__ = [
    "CoordinateGradient",
    "Detection",
    "GapRow",
    "Hardness",
    "NetworkRun",
    "Spectrum",
    "coordinate_sgd",
    "detect_low_degree",
    "effective_leap",
    "erm_samples",
    "iso_leap",
    "leap",
    "leap_hermite",
    "least_visible",
    "network_sgd",
    "sgd_hardness",
    "simulate_parity_gap",
    "spectrum",
    "sq_lower_bound",
    "walsh_hadamard",
]
