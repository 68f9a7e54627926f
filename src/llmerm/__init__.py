"""Learn short programs from few labelled examples, verified on held-out data.

`fit` drafts candidate programs, runs each in a sandbox, keeps the best on held-out samples, and
certifies how wrong it can be. Start with::

    import llmerm

    samples = llmerm.tasks.get("parity", n=100).sample(200, seed=0)
    print(llmerm.fit(samples))
"""

from importlib import import_module
from typing import TYPE_CHECKING

from llmerm.version import __version__

if TYPE_CHECKING:
    from llmerm import certificates, errors, proposers, sandbox, tasks
    from llmerm.certificates import Certificate
    from llmerm.control import controls
    from llmerm.driver import fit, fit_async, forecast, verify
    from llmerm.errors import LlmermError
    from llmerm.ledger import Ledger
    from llmerm.program import Program
    from llmerm.proposers.base import Proposer
    from llmerm.proposers.replay import ReplayProposer
    from llmerm.proposers.scripted import ScriptedProposer
    from llmerm.result import FitResult
    from llmerm.samples import Samples
    from llmerm.sealed import split
    from llmerm.tasks.base import Task
    from llmerm.tasks.decorator import task
    from llmerm.typing import Budget, Proposal

__all__ = [
    "Budget",
    "Certificate",
    "FitResult",
    "Ledger",
    "LlmermError",
    "Program",
    "Proposal",
    "Proposer",
    "ReplayProposer",
    "Samples",
    "ScriptedProposer",
    "Task",
    "__version__",
    "certificates",
    "controls",
    "errors",
    "fit",
    "fit_async",
    "forecast",
    "proposers",
    "sandbox",
    "split",
    "task",
    "tasks",
    "verify",
]

_HOMES = {
    "Budget": "llmerm.typing",
    "Certificate": "llmerm.certificates",
    "FitResult": "llmerm.result",
    "Ledger": "llmerm.ledger",
    "LlmermError": "llmerm.errors",
    "Program": "llmerm.program",
    "Proposal": "llmerm.typing",
    "Proposer": "llmerm.proposers.base",
    "ReplayProposer": "llmerm.proposers.replay",
    "Samples": "llmerm.samples",
    "ScriptedProposer": "llmerm.proposers.scripted",
    "Task": "llmerm.tasks.base",
    "controls": "llmerm.control",
    "fit": "llmerm.driver",
    "fit_async": "llmerm.driver",
    "forecast": "llmerm.driver",
    "split": "llmerm.sealed",
    "task": "llmerm.tasks.decorator",
    "verify": "llmerm.driver",
}


def __getattr__(name: str) -> object:
    """Loads a public name when it is first asked for, so that `import llmerm` costs little."""
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    elif name in __all__:
        value = import_module(f"llmerm.{name}")
    else:
        raise AttributeError(f"module 'llmerm' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
