"""Never ends while the module is loaded.

Fails: timeout.
"""

while True:
    pass
