"""What a candidate's own process does: lock itself down, load the candidate, answer each input.

The zygote (zygote.py) forks the process and calls `run`. Nothing of the library is imported here.
The answers are written to the reply pipe as lines of ASCII:

    ready                                  it is locked down; whatever follows is untrusted
    ["loaded", ""]                         or a reason and its detail, and nothing after it
    [[answer, ...], {"3": [kind, detail]}] CHUNK answers a line, with the errors by position

A candidate can forge lines in its own reply only: all it can forge is its own answers.
"""

from __future__ import annotations

import _json
import builtins
import ctypes
import struct
import sys
from marshal import loads
from math import ceil, isfinite
from os import _exit, closerange, dup2, getpid, getppid, write
from time import monotonic

try:  # nothing is imported here that the work can do without
    import resource
    from signal import SIGKILL
except ImportError:  # Windows, where no child is forked: only the checks of values are used
    pass

# A function looks builtins up where it was defined: with a private copy, a candidate that patches
# `builtins` changes nothing in this file. Names of other modules are taken now for the same reason.
globals()["__builtins__"] = dict(vars(builtins))

TYPE_CHECKING = False  # importing `typing` for its names alone would slow the start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType
    from typing import Any, NoReturn

    from llmerm.sandbox.held import Atoms, Inputs, Marshalled, Places, Table

    Errors = dict[int, list[str]]

CHUNK = 256  # answers a line: the parent can look at a candidate while it still runs
MAX_DEPTH = 32  # of lists and dicts in one answer
MAX_DIGITS = 4_000  # of an integer
MAX_SIZE = 100_000  # characters of one answer, written as JSON
OUT_OF_MEMORY = 77  # exit code of a child that has no memory left to answer with

_PAUSE = 0.002  # seconds between writes: each wakes two processes
_RESULT = 3  # the descriptor that the seccomp filter lets a child write to
_MODULE = "program"  # what a candidate's `__name__` is, so that a `__main__` block does not run
_HUGE = 10**MAX_DIGITS
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 1, 22, 38, 39
_SECCOMP_MODE_FILTER = 2


# By the identity of each of numpy's scalar types: what gives the plain value of one.
_SCALARS: dict[int, Callable[[Any], Any]] = {}


def learn_scalars(numpy: ModuleType | None) -> None:
    """Lets answers hold numpy's booleans, integers, floats and strings; None for no numpy."""
    if numpy is not None:
        for code in "?bBhHiIlLqQefdU":
            _SCALARS[id(numpy.dtype(code).type)] = numpy.generic.item


def _held(thing: object) -> object:
    """The plain value of what the encoder does not know."""
    if take := _SCALARS.get(id(type(thing))):
        return take(thing)
    raise TypeError(thing)


# The C encoder itself: json's own functions could be patched by a candidate.
_json_parts = _json.make_encoder(
    None, _held, _json.encode_basestring_ascii, None, ":", ",", False, False, False
)


class Lock:
    """The walls around a child, prepared once by the zygote and closed by each child.

    Args:
        filter: the seccomp program; empty for none.
        memory_bytes: the address space that the child may have.
    """

    def __init__(self, filter: bytes, memory_bytes: int) -> None:
        self.filter = filter
        self.zygote = getpid()
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)  # found once, here, not in each child
        self.limits = {
            resource.RLIMIT_AS: memory_bytes,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_NOFILE: 0,
            resource.RLIMIT_NPROC: 0,
        }
        # struct sock_fprog: the number of instructions, and a pointer to them.
        self.program = ctypes.create_string_buffer(filter, len(filter) + 1)
        self.header = struct.pack("@HP", len(filter) // 8, ctypes.addressof(self.program))

    def close(self, cpu_seconds: float) -> None:
        """Closes it around this process, for good."""
        self._limit(resource.RLIMIT_CPU, ceil(cpu_seconds) + 1)  # the zygote stops it before
        for kind, value in self.limits.items():
            self._limit(kind, value)
        if self.filter:
            self._must(self.libc.prctl(_PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0)
            self._must(getppid() == self.zygote)  # it may have died a moment too early
            self._must(self.libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
            self._must(
                self.libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, self.header, 0, 0) == 0
            )

    def _limit(self, kind: int, value: int) -> None:
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError):
            self._must(not self.filter)  # without seccomp, do what the host allows

    def _must(self, done: bool) -> None:
        if not done:
            raise OSError(ctypes.get_errno(), "the process could not be locked down")


def warm_up() -> None:
    """Does what each child will do, so that no child has to do it for the first time.

    The interpreter rewrites code that it runs often, and fills its caches: in a child, each would
    be a page to copy.
    """
    for _ in range(_OFTEN):
        f, *outcome = _load("def f(x): return x or 1 // x")
        _encode(outcome)
        _line(*_answers(f, iter([True, 2, "3", 0.5])))
        _line(*_answers(f, iter([0])))
    del sys.modules[_MODULE]


_OFTEN = 20  # calls after which an interpreter has seen enough


def run(lock: Lock, writing: int, request: bytearray, held: Inputs, *, cpu: float) -> NoReturn:
    """Answers one request and ends the process.

    Args:
        lock: closed before anything of the candidate is touched.
        writing: the descriptor of the reply pipe.
        request: the marshalled source; the places to answer, as a list or the arguments of a
            range, or None for all; and inputs to take in place of `held`, or None.
        held: the inputs.
        cpu: seconds of CPU time for all of it.
    """
    code = 1
    try:
        dup2(writing, _RESULT)
        closerange(_RESULT + 1, 256)
        lock.close(cpu)
        _say("ready")
        source, subset, given = loads(request)
        inputs = held.instead(given)
        places = range(*subset) if type(subset) is tuple else subset
        f, reason, detail = _load(source)
        _say(_encode([reason, detail]))
        if reason == "loaded":
            _answer(f, inputs, range(inputs.size) if places is None else places)
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        _exit(code)


def _answer(f: Callable[[Any], Any], inputs: Atoms | Marshalled | Table, places: Places) -> None:
    """Says the answers: those to the first inputs at once, the others a few lines at a time."""
    lines: list[str] = []
    due = 0.0
    for start in range(0, len(places), CHUNK):
        part = inputs.part(places[start : start + CHUNK])
        lines.append(_line(*_answers(f, part)))
        if monotonic() >= due:
            _say("\n".join(lines))
            lines.clear()
            due = monotonic() + _PAUSE
    if lines:
        _say("\n".join(lines))


def _say(line: str) -> None:
    data = memoryview(line.encode("ascii") + b"\n")
    while data:
        data = data[write(_RESULT, data) :]


# ---- from a source to a function ----------------------------------------------------------------


def _load(source: str) -> tuple[Any, str, str]:
    """The function to call, and "loaded"; or None, the reason and its detail."""
    module = type(sys)(_MODULE)
    vars(module)["__builtins__"] = builtins  # not the private copy, which is for this file
    sys.modules[_MODULE] = module  # dataclasses and others look their module up
    try:
        code = compile(source, "<program>", "exec", dont_inherit=True)
    except MemoryError:
        return None, "memory", "the source needs too much memory to compile"
    except BaseException as error:  # the compiler runs on untrusted source
        return None, "syntax_error", ": ".join(_describe(error))
    try:
        exec(code, vars(module))
        return _choose(vars(module))
    except MemoryError:
        return None, "memory", "loading the module needs too much memory"
    except BaseException as error:  # untrusted code, which may raise anything
        return None, "load_error", ": ".join(_describe(error))


def _choose(names: dict[str, Any]) -> tuple[Any, str, str]:
    """`f`, else the one callable that the module itself defines."""
    if "f" in names:
        if callable(names["f"]):
            return names["f"], "loaded", ""
        return None, "no_function", f"f is no function, but of type {_name(type(names['f']))}"
    own = {id(thing): (name, thing) for name, thing in names.items() if _is_own_function(thing)}
    if len(own) == 1:
        return next(iter(own.values()))[1], "loaded", ""
    found = ", ".join(name for name, _ in own.values())
    detail = f"there is no f, and several functions: {found}" if own else "it defines no function"
    return None, "no_function", detail


def _is_own_function(thing: object) -> bool:
    if isinstance(thing, type) or not callable(thing):
        return False
    return getattr(thing, "__module__", None) == _MODULE


# ---- from answers to text -----------------------------------------------------------------------


def _answers(f: Callable[[Any], Any], inputs: Iterator[Any]) -> tuple[list[Any], Errors]:
    answers: list[Any] = []
    errors: Errors = {}
    add = answers.append
    for x in inputs:
        try:
            add(f(x))
        except BaseException as error:  # untrusted code, which may raise anything
            errors[len(answers)] = _describe(error)
            add(None)
    return answers, errors


def _line(answers: list[Any], errors: Errors) -> str:
    """The answers as one line; a value that cannot be carried becomes that answer's error."""
    try:
        if {*map(type, answers)} <= _PLAIN:
            text = _encode([answers, errors])
            # So short that no integer can be too long; and no surrogate, paired or alone.
            if len(text) <= MAX_DIGITS and "\\ud" not in text:
                return text
    except Exception:  # the types are the candidate's; one by one, then, and with care
        pass
    texts = [_carried(answer, index, errors) for index, answer in enumerate(answers)]
    return f"[[{','.join(texts)}],{_encode(errors)}]"


_PLAIN = {int, bool, str, float, type(None)}


def _carried(answer: object, index: int, errors: Errors) -> str:
    try:
        text = "" if (refusal := refusal_of(answer)) else _encode(answer)
        if len(text) > MAX_SIZE:
            refusal = _TOO_LARGE
    except BaseException as error:  # the answer's own type may misbehave
        refusal = ": ".join(_describe(error))
    if refusal:
        errors.setdefault(index, ["BadValue", refusal])
        return "null"
    return text


_TOO_LARGE = f"an answer of more than {MAX_SIZE:,} characters"


def refusal_of(answer: object) -> str:
    """Why this value cannot be carried; empty when it can. Types are compared by identity."""
    room = MAX_SIZE
    rest: list[tuple[Any, int]] = [(answer, 0)]
    while rest:
        thing, depth = rest.pop()
        kind = type(thing)
        if kind is list or kind is tuple or kind is dict:
            room -= len(thing)
            parts = thing if kind is not dict else [*thing.keys(), *thing.values()]
            if depth == MAX_DEPTH:
                return f"a value nested deeper than {MAX_DEPTH}"
            if kind is dict and not all(type(key) is str for key in thing):
                return "a dict with keys that are not str"
            if room >= 0:
                rest.extend((part, depth + 1) for part in parts)
        elif reason := _atom_refusal(thing):
            return reason
        room -= len(thing) if kind is str else thing.bit_length() // 4 if kind is int else 0
        if room < 0:
            return _TOO_LARGE
    return ""


def _atom_refusal(thing: object) -> str:
    if take := _SCALARS.get(id(type(thing))):
        thing = take(thing)
    if thing is None or type(thing) is bool:
        return ""
    if type(thing) is int:
        return "" if -_HUGE < thing < _HUGE else f"an integer of more than {MAX_DIGITS:,} digits"
    if type(thing) is float:
        return "" if isfinite(thing) else f"{thing} is not a finite number"
    if type(thing) is str:
        return "" if is_unicode(thing) else "a string with a lone surrogate"
    kind = _name(type(thing))
    return f"a value of type {kind}" + (": return its tolist()" if kind == "ndarray" else "")


def is_unicode(text: str) -> bool:
    """Whether the text has no lone surrogate, which no encoding can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _describe(error: BaseException) -> list[str]:
    """The exception's class and message, cut short; its own code may run here, and may raise."""
    try:
        message = _cut(str(error))
    except BaseException:  # untrusted code: a hostile __str__
        message = ""
    return [_name(type(error)), message]


def _name(kind: type) -> str:
    return _cut(type.__dict__["__name__"].__get__(kind))


def _cut(text: str) -> str:
    return str.__getitem__(text, slice(200))  # an exact str, whatever subclass `text` is of


def _encode(value: object) -> str:
    return "".join(_json_parts(value, 0))
