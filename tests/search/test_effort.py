"""When a search ends by itself: not before a program was found, and never for a longer one."""

from __future__ import annotations

from llmerm.search.effort import BEYOND_BITS, LEAST_WORK, TIMES_WORK, Effort


def test_without_a_program_there_is_no_end():
    """However far the levels have come."""
    assert not Effort().enough(1000.0, 1 << 60)


def test_levels_beyond_the_shortest_program_end_the_search():
    """Up to a few bits more than the shortest one has, but no further."""
    effort = Effort()
    effort.found(12.0, 1)
    assert not effort.enough(12.0 + BEYOND_BITS, 2)
    assert effort.enough(12.25 + BEYOND_BITS, 2)


def test_work_without_a_shorter_program_ends_the_search():
    """A program that took long to find is given as many times longer; a longer one changes nothing."""
    effort = Effort()
    effort.found(40.0, LEAST_WORK)
    effort.found(50.0, 2 * LEAST_WORK)
    assert not effort.enough(20.0, TIMES_WORK * LEAST_WORK)
    assert effort.enough(20.0, TIMES_WORK * LEAST_WORK + 1)
    effort.found(30.0, 3 * LEAST_WORK)
    assert not effort.enough(20.0, TIMES_WORK * LEAST_WORK + 1)
