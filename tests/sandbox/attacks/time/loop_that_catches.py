"""Never ends, and catches every exception that could end it.

Fails: timeout.
"""


def f(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
