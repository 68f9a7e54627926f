"""What should never have been given: each has its reason, in every sandbox, and harms no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from llmerm.errors import ArgumentError, DataError, ProgramError
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox, Session
from llmerm.typing import Failed, Ran, SampleError
from llmerm.verifier import Verifier

from .conftest import BITS, LEVELS, at_level, predictions

HONEST = "def f(x): return x.count('1') % 2"
REASONS = {
    "empty": ("", "empty"),
    "blank": ("\n \t\n", "empty"),
    "ten_megabytes": ("x = 1\n" * 1_800_000 + HONEST, "too_long"),
    "one_line_of_ten_megabytes": ("#" * 10_000_000, "too_long"),
    "surrogate": ("def f(x): return '\udcff'", "syntax_error"),
    "null": ("def f(x): return 1\0", "syntax_error"),
    "no_function": ("x = 1", "no_function"),
}
ERRORS = {
    "no_argument": ("def f(): return 1", "TypeError"),
    "two_arguments": ("def f(x, y): return 1", "TypeError"),
    "only_by_name": ("def f(*, x): return 1", "TypeError"),
    "generator": ("def f(x):\n    yield 1", "BadValue"),
    "coroutine": ("async def f(x): return 1", "BadValue"),
    "asynchronous_generator": ("async def f(x):\n    yield 1", "BadValue"),
}
BOXES = [*LEVELS, "monty"]


def box(name: str) -> Sandbox:
    if name != "monty":
        return at_level(name)
    pytest.importorskip("pydantic_monty")
    from llmerm.sandbox.monty import MontySandbox

    return MontySandbox(cpu_seconds=1.0)


@pytest.fixture(scope="module", params=BOXES)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session in each kind of sandbox."""
    with box(request.param).session(BITS) as opened:
        yield opened


@pytest.mark.parametrize("name", REASONS)
def test_source_without_a_program(name: str, session: Session) -> None:
    """It is a reason, and the next candidate runs."""
    source, reason = REASONS[name]
    outcome = session.run(source)
    assert isinstance(outcome, Failed), outcome
    assert outcome.reason == reason
    assert predictions(session.run(HONEST)) == tuple(x.count("1") % 2 for x in BITS)


@pytest.mark.parametrize("name", REASONS)
def test_no_program_is_made_of_it(name: str) -> None:
    """`Program` refuses the same sources with the same reasons."""
    source, reason = REASONS[name]
    with pytest.raises(ProgramError) as refused:
        Program(source)
    assert refused.value.reason == reason


@pytest.mark.parametrize("source", [b"def f(x): return 1", b"\xff\xfe", 5, None])
def test_source_that_is_no_text(source: object, session: Session) -> None:
    """Bytes, in UTF-8 or not, and other things are the caller's error, which names their type."""
    for take in (session.run, Program):
        with pytest.raises(ArgumentError, match=f"must be str, got {type(source).__name__}"):
            take(source)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ERRORS)
def test_function_of_another_kind(name: str, session: Session) -> None:
    """A function that cannot be called with one input, or gives no value, is refused with a reason.

    Monty does not load what it does not cover, and gives a coroutine as its text.
    """
    source, kind = ERRORS[name]
    outcome = session.run(source)
    monty = "Monty" in type(session).__name__
    if isinstance(outcome, Failed):
        assert monty
        assert outcome.reason in {"load_error", "syntax_error"}
    elif monty and name == "coroutine":
        assert set(outcome.predictions) == {"<coroutine object f>"}
    else:
        assert all(isinstance(p, SampleError) and p.kind == kind for p in outcome.predictions)


@pytest.mark.parametrize("name", ERRORS)
def test_verdict_on_a_function_of_another_kind(name: str, level: str) -> None:
    """The verifier gives it no score."""
    train, held_out = Samples.of([(x, x.count("1") % 2) for x in BITS]).split()
    with Verifier(at_level(level), workers=1) as verifier:
        verdict = verifier.verify(Program(ERRORS[name][0]), train, held_out)
    assert isinstance(verdict, Failed), verdict
    assert verdict.reason == "raised"
    assert ERRORS[name][1] in verdict.detail


@pytest.mark.parametrize("kind", BOXES)
def test_inputs_that_cannot_be_carried(kind: str) -> None:
    """The error names the first such input, and no process is left waiting."""
    for bad in (object(), float("inf"), {1, 2}, [[b"bytes"]]):
        with pytest.raises(DataError, match="input 2"):
            box(kind).session(["a", 1, bad, object()])


def test_an_answer_beside_a_bad_one(session: Session) -> None:
    """One input without an answer costs the others nothing."""
    ran = session.run("def f(x): return object() if x == '00000001' else 7")
    assert isinstance(ran, Ran), ran
    assert [p for p in ran.predictions if p != 7] == [ran.predictions[1]]
