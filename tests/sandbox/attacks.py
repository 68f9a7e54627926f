"""Hostile candidates. Each returns ESCAPED if it got what it wanted."""

from __future__ import annotations

from typing import NamedTuple

ESCAPED = "ESCAPED"
MARK = "llmerm-attack"  # in every path that an attack would create


class Attack(NamedTuple):
    """A source, and the reasons that a `Failed` may have where it does not simply run.

    `works_bare` says that the attack is harmless and succeeds in a plain interpreter: so the
    source is right, and what stops it is the sandbox.
    """

    source: str
    reasons: frozenset[str] = frozenset()
    works_bare: bool = False


def _attack(body: str, *reasons: str, bare: bool = False, top: str = "") -> Attack:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return Attack(f"{top}\ndef f(x):\n{lines}", frozenset(reasons), bare)


def _top(source: str, *reasons: str) -> Attack:
    return Attack(source, frozenset(reasons))


_LIBC = """
def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == 'CDLL':
            return kind(None, use_errno=True)
    import ctypes
    return ctypes.CDLL(None, use_errno=True)
"""
_ERRORS = ("load_error",)

FILES = {
    "read_passwd": _attack("open('/etc/passwd').read()\nreturn 'ESCAPED'", bare=True),
    "read_with_fileio": _attack(
        "import io\nio.FileIO('/etc/hostname').read()\nreturn 'ESCAPED'", bare=True
    ),
    "read_with_posix": _attack(
        "import posix\nposix.read(posix.open('/etc/passwd', 0), 10)\nreturn 'ESCAPED'", bare=True
    ),
    "list_root": _attack("import os\nos.listdir('/')\nreturn 'ESCAPED'", bare=True),
    "stat_root": _attack("import os\nos.stat('/etc')\nreturn 'ESCAPED'", bare=True),
    "environment": _attack(
        "import os, posix\n"
        "return 'ESCAPED' if 'LLMERM_SECRET' in os.environ or posix.environ else ''",
        bare=True,
    ),
    "environment_of_process": _attack(
        "open('/proc/self/environ').read()\nreturn 'ESCAPED'", bare=True
    ),
    "memory_of_parent": _attack(
        "import os\nopen(f'/proc/{os.getppid()}/mem', 'rb+')\nreturn 'ESCAPED'"
    ),
    "write_tmp": _attack(f"open('/tmp/{MARK}', 'w').write('x')\nreturn 'ESCAPED'", bare=True),
    "make_directory": _attack(f"import os\nos.mkdir('/tmp/{MARK}-d')\nreturn 'ESCAPED'", bare=True),
    "symlink": _attack(
        f"import os\nos.symlink('/etc/passwd', '/tmp/{MARK}-l')\nreturn 'ESCAPED'", bare=True
    ),
    "reopen_after_close": _attack(
        "import os\nfor fd in range(3): os.close(fd)\nopen('/etc/passwd').read()\nreturn 'ESCAPED'"
    ),
    "anonymous_file": _attack("import os\nos.memfd_create('m')\nreturn 'ESCAPED'", bare=True),
    "change_directory": _attack("import os\nos.chdir('/')\nreturn 'ESCAPED'", bare=True),
}
NETWORK = {
    "socket": _attack("import socket\nsocket.socket()\nreturn 'ESCAPED'", *_ERRORS, bare=True),
    "raw_socket_module": _attack(
        "import _socket\n_socket.socket()\nreturn 'ESCAPED'", *_ERRORS, bare=True
    ),
    "socket_by_syscall": _attack(
        "return 'ESCAPED' if libc().socket(2, 1, 0) >= 0 else ''", *_ERRORS, top=_LIBC, bare=True
    ),
    "x32_socket": _attack(
        "return 'ESCAPED' if libc().syscall(0x40000000 | 41, 2, 1, 0) >= 0 else ''",
        "crash",
        top=_LIBC,
    ),
    "io_uring": _attack(
        "return 'ESCAPED' if libc().syscall(425, 4, b'\\0' * 120) >= 0 else ''", top=_LIBC
    ),
}
PROCESSES = {
    "fork": _attack("import os\nif os.fork() == 0:\n    os._exit(0)\nreturn 'ESCAPED'", bare=True),
    "fork_bomb": _attack("import os\nwhile True:\n    os.fork()"),
    "thread": _attack(
        "import threading\nthreading.Thread(target=int).start()\nreturn 'ESCAPED'", bare=True
    ),
    "exec": _attack("import os\nos.execv('/bin/true', ['true'])"),
    "subprocess": _attack(
        "import subprocess\nsubprocess.run(['true'])\nreturn 'ESCAPED'", *_ERRORS, bare=True
    ),
    "kill_parent": _attack("import os\nos.kill(os.getppid(), 9)\nreturn 'ESCAPED'"),
    "kill_group": _attack("import os\nos.killpg(0, 9)\nreturn 'ESCAPED'"),
    "kill_all": _attack("import os\nos.kill(-1, 9)\nreturn 'ESCAPED'"),
    "stop_parent": _attack("import os\nos.kill(os.getppid(), 19)\nreturn 'ESCAPED'"),
    "raise_limits": _attack(
        "return 'ESCAPED' if libc().setrlimit(7, b'\\xff' * 16) == 0 else ''", top=_LIBC
    ),
    "ptrace": _attack(
        "import os\nreturn 'ESCAPED' if libc().ptrace(16, os.getppid(), 0, 0) == 0 else ''",
        top=_LIBC,
    ),
    "new_session": _attack("import os\nos.setsid()\nreturn 'ESCAPED'"),
    "nice": _attack("import os\nos.nice(5)\nreturn 'ESCAPED'", bare=True),
    "become_root": _attack("import os\nos.setuid(0)\nreturn 'ESCAPED'"),
    "namespace": _attack("return 'ESCAPED' if libc().unshare(0x10000000) == 0 else ''", top=_LIBC),
    "executable_memory": _attack(
        "return 'ESCAPED' if libc().mmap(0, 4096, 7, 0x22, -1, 0) != -1 else ''",
        top=_LIBC,
        bare=True,
    ),
    "memory_made_executable": _attack(
        "return 'ESCAPED' if libc().mprotect(0, 0, 4) == 0 else ''", top=_LIBC, bare=True
    ),
    "key_ring": _attack("return 'ESCAPED' if libc().syscall(250, 1, 0) >= 0 else ''", top=_LIBC),
    "shared_memory": _attack(
        "return 'ESCAPED' if libc().shmget(4711, 64, 0o1600) >= 0 else ''", top=_LIBC
    ),
}
TIME = {
    "loop": _attack("while True: pass", "timeout"),
    "loop_that_catches": _attack(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass", "timeout"
    ),
    "loop_at_load": _top("while True: pass", "timeout"),
    "power": _attack("return 7 ** 7 ** 9 % 10", "timeout"),
    "regex": _attack("import re\nreturn bool(re.match('(a+)+$', 'a' * 40 + 'b'))", "timeout"),
    "sum_in_c": _attack("return sum(range(10 ** 12))", "timeout"),
    "endless_generator": _attack("import itertools\nreturn max(itertools.count())", "timeout"),
    "constant_folding": _top(
        "x = " + "(" * 50 + "1" + " << 100) " * 50 + "\nwhile 1: pass", "timeout"
    ),
    "sleep": _attack("import time\ntime.sleep(60)", "timeout"),
    "ignored_signals": _attack(
        "import _signal\nfor n in range(1, 65):\n"
        "    try: _signal.signal(n, _signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
        "while True: pass",
        "timeout",
    ),
    "hostile_comparison": _attack(
        "class L:\n    def __lt__(self, other):\n        while True: pass\nreturn sorted([L(), L()])",
        "timeout",
    ),
    "hostile_message": _attack(
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E", "timeout"
    ),
}
MEMORY = {
    "list": _attack("a = []\nwhile True: a.append('x' * 10_000 + str(len(a)))", "timeout"),
    "one_string": _attack("return len('x' * 10 ** 10)"),
    "one_integer": _attack("return 1 << 10 ** 11", "timeout"),
    "bytearray": _attack("b = bytearray(10 ** 9)\nreturn len(b)"),
    "caught_again_and_again": _attack(
        "while True:\n    try: bytearray(10 ** 10)\n    except MemoryError: pass", "timeout"
    ),
    "recursion": _attack("return f(x)"),
    "endless_recursion": _attack(
        "return f(x)",
        "crash",
        "memory",
        "timeout",
        top="import sys\nsys.setrecursionlimit(10 ** 9)",
    ),
    "at_load": _top("big = ['x' * 1000 + str(i) for i in range(10 ** 9)]", "memory", "timeout"),
}
EXITS = {
    "_exit": _attack("import os\nos._exit(0)", "exit"),
    "_exit_at_load": _top("import os\nos._exit(3)", "exit"),
    "_exit_out_of_memory": _top("import os\nos._exit(77)", "memory"),
    "sys_exit": _attack("import sys\nsys.exit(0)"),
    "sys_exit_at_load": _top("raise SystemExit", "load_error"),
    "keyboard_interrupt": _attack("raise KeyboardInterrupt"),
    "abort": _attack("import os\nos.abort()", "crash"),
    "segfault": _attack("libc().memset(1, 0, 8)", "crash", top=_LIBC),
    "segfault_in_code": _top(
        "f = (lambda: 0)\nf.__code__ = f.__code__.replace(co_code=b'\\x7c\\xff' * 8)\nf(0)",
        *("crash", "load_error", "timeout", "memory", "exit"),
    ),
    "at_exit": _attack(
        "return 0",
        top="class D:\n    def __del__(self):\n        while True: pass\nkept = D()",
    ),
}
FORGERY = {
    "flood": _attack("import os\nwhile True: os.write(3, b'x' * 65536)", "bad_reply", "timeout"),
    "flood_output": _attack("while True: print('x' * 65536)", "timeout"),
    "garbage": _attack("import os\nos.write(3, b'\\xff\\x00garbage\\n')\nreturn 0", "bad_reply"),
    "too_many": _attack("import os\nos.write(3, b'[[0],{}]\\n')\nreturn 0", "bad_reply"),
    "frames": _attack(
        "import os, struct\nos.write(3, struct.pack('<BI', 2, 13) + struct.pack('<Bid', 0, 0, 0))\n"
        "return 0",
        "bad_reply",
    ),
    "deep_json": _attack("import os\nos.write(3, b'[' * 100_000 + b'\\n')\nreturn 0", "bad_reply"),
    "huge_json_integer": _attack(
        "import os\nos.write(3, b'[[' + b'9' * 100_000 + b'],{}]\\n')\nreturn 0", "bad_reply"
    ),
    "infinite_json": _attack("import os\nos.write(3, b'[[1e999],{}]\\n')\nreturn 0", "bad_reply"),
    "all_descriptors": _attack(
        "import os\nfor fd in range(4, 256):\n"
        "    try:\n        os.write(fd, b'\\x02' * 64)\n        return 'ESCAPED'\n"
        "    except OSError: pass\nreturn 0",
    ),
    "close_reply": _attack("import os\nos.close(3)\nreturn 0", "exit", "crash", "bad_reply"),
    "close_and_hang": _attack(
        "import os\nos.close(3)\nwhile True: pass", "exit", "crash", "bad_reply", "timeout"
    ),
    "forged_failure": _top(
        'import os\nos.write(3, b\'["provider", ""]\\n\')\ndef f(x): return 0', "bad_reply"
    ),
    "patched_builtins": _attack(
        "return 0",
        top="import builtins\n"
        "for name in ('len', 'map', 'set', 'type', 'isinstance', 'range', 'iter', 'memoryview'):\n"
        "    setattr(builtins, name, None)",
    ),
    "patched_modules": _attack(
        "return 0",
        top="import os, json, sys\nimport json.encoder\n"
        "os.write = os._exit = json.dumps = json.encoder.JSONEncoder = json.loads = None\n"
        "sys.modules.clear()",
    ),
    "replaced_frames": _attack(
        "import sys\nframe = sys._getframe(1)\nframe.f_locals['answers'].append(1)\nreturn 0",
        "bad_reply",
    ),
    "profiler": _attack("return 0", *_ERRORS, top="import sys\nsys.setprofile(lambda *a: 1 / 0)"),
    "lasting_change": _attack(
        "return 0", top="import math, builtins\nmath.pi = 3\nbuiltins.poisoned = 'ESCAPED'"
    ),
    "reads_lasting_change": _attack("return poisoned"),
}
KINDS = {
    "files": FILES,
    "network": NETWORK,
    "processes": PROCESSES,
    "time": TIME,
    "memory": MEMORY,
    "exits": EXITS,
    "forgery": FORGERY,
}
ATTACKS = {f"{kind}:{name}": a for kind, group in KINDS.items() for name, a in group.items()}
