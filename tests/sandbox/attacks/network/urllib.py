"""Fetches a page.

Fails: load_error.
"""

import urllib.request


def f(x):
    return "ESCAPED" + urllib.request.urlopen("http://127.0.0.1:9/", timeout=1).read().decode()
