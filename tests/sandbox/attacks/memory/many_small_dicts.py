"""Fills the memory with objects too small to be noticed one by one.

Fails: timeout, memory, crash.
"""

kept = []
while True:
    kept.append({len(kept): {}})
