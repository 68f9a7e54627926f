"""Makes an identifier that no one else has.

Fails: impure.
"""

import uuid


def f(x):
    return str(uuid.uuid4())
