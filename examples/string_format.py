"""A format from six examples: how names are written, how a code is put together."""

import warnings

import llmerm

warnings.simplefilter("ignore", llmerm.errors.LlmermWarning)  # few samples: shown below

names = [
    ("Ada Lovelace", "A. Lovelace"),
    ("Emmy Noether", "E. Noether"),
    ("Alan Turing", "A. Turing"),
    ("Grace Hopper", "G. Hopper"),
    ("Kurt Gödel", "K. Gödel"),
    ("Sofia Kovalevskaya", "S. Kovalevskaya"),
]
result = llmerm.fit(names, proposer="enumerate", held_out=0.5)
print(result.program)
print(result.predict(["Katherine Johnson"]))
print(result.certificate)

parts = [
    ({"year": "2024", "site": "oslo", "number": "0042"}, "OSLO-24-0042"),
    ({"year": "2025", "site": "turin", "number": "0007"}, "TURIN-25-0007"),
    ({"year": "2023", "site": "lyon", "number": "1311"}, "LYON-23-1311"),
    ({"year": "2026", "site": "graz", "number": "0815"}, "GRAZ-26-0815"),
    ({"year": "2019", "site": "porto", "number": "0120"}, "PORTO-19-0120"),
    ({"year": "2020", "site": "bergen", "number": "2222"}, "BERGEN-20-2222"),
]
print(llmerm.fit(parts, proposer="enumerate", held_out=0.5).program)
