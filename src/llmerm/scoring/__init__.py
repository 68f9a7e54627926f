"""Where programs run and are scored: portions of the data, on this machine or on an executor.

`portions` cuts the data, `score` is what a program makes of a portion, `here` runs on this machine
and `dispatch` on the workers of an executor, where `unit` does the work.
"""
