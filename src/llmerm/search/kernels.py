"""The string and list operators as numpy, for many expressions and all samples at once.

Every function takes blocks whose leading axes broadcast and works along the last axis. Each one
means what the source of its operator says in Python; a test compares the two for every operator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from llmerm.search.arrays import (
    compacted,
    inside,
    masked,
    scanned,
    shifted,
    some,
    total,
    widened,
)
from llmerm.search.values import Array, Mask, Ragged

LONG = 512
"""Texts with room for more characters are long."""

FEW_CODES = 16
"""Texts whose characters lie within so many codes are sorted by counting."""


def cut(text: Ragged, start: Array, stop: Array) -> Ragged:
    """`text[start:stop]`, for 0 <= start; a stop beyond the end means the end."""
    lengths = np.maximum(np.minimum(stop, text.lengths) - start, 0)
    width = text.data.shape[-1]
    data = shifted(text.data, np.minimum(start, width)) if start.any() else text.data
    return Ragged(masked(data, inside(lengths, width)), lengths)


def reverse(text: Ragged) -> Ragged:
    """`text[::-1]`."""
    data = shifted(text.data[..., ::-1], text.data.shape[-1] - text.lengths)
    return Ragged(masked(data, text.inside), text.lengths)


def every_second(text: Ragged, first: int) -> Ragged:
    """`text[first::2]`."""
    data = np.zeros_like(text.data)
    picked = text.data[..., first::2]
    data[..., : picked.shape[-1]] = picked
    return Ragged(data, np.maximum((text.lengths - first + 1) // 2, 0))


def strided(text: Ragged, first: Array, step: Array) -> Ragged:
    """`text[first::step]`, for 0 <= first and 1 <= step."""
    width = text.data.shape[-1]
    places = first[..., None] + step[..., None] * np.arange(width)
    shape = np.broadcast_shapes(places.shape, text.data.shape)
    at = np.broadcast_to(np.minimum(places, width - 1), shape)
    data = np.take_along_axis(np.broadcast_to(text.data, shape), at, -1)
    lengths = np.maximum((text.lengths - first + step - 1) // step, 0)
    return Ragged(masked(data, inside(lengths, width)), lengths)


def counted_from_end(text: Ragged, place: Array) -> Array:
    """A place as slices read it: a negative one counts from the end."""
    return np.where(place < 0, np.maximum(place + text.lengths, 0), place)


def sort_text(text: Ragged) -> Ragged:
    """`''.join(sorted(text))`; less one, the padding wraps round and sorts last."""
    low, high = _code_range(text)
    if high - low < FEW_CODES:
        return _sorted_by_counting(text, low, high)
    one = text.data.dtype.type(1)
    return Ragged(np.sort(text.data - one, axis=-1) + one, text.lengths)


def _code_range(text: Ragged) -> tuple[int, int]:
    """The least and the largest code; the padding, less one, is the largest of all numbers."""
    high = int(text.data.max(initial=0))
    if not high:
        return 1, 0
    return int((text.data - text.data.dtype.type(1)).min()) + 1, high


def _sorted_by_counting(text: Ragged, low: int, high: int) -> Ragged:
    width = text.data.shape[-1]
    data = text.inside * text.data.dtype.type(low)
    below = np.zeros_like(text.lengths)
    for code in range(low, high):
        below = below + total(text.data == code)
        data += inside(text.lengths, width) ^ inside(below, width)
    return Ragged(data, text.lengths)


def sort_list(numbers: Ragged) -> Ragged:
    """`sorted(numbers)`."""
    mask = numbers.inside
    largest = numbers.data.dtype.type(np.iinfo(numbers.data.dtype).max)
    padded = np.sort(numbers.data + ~mask * largest, axis=-1)
    return Ragged(masked(padded, mask), numbers.lengths)


def unique(numbers: Ragged) -> Ragged:
    """`sorted(set(numbers))`."""
    ordered = sort_list(numbers)
    return keep(ordered, run_starts(ordered))


def joined(left: Ragged, right: Ragged) -> Ragged:
    """`left + right`, cut at the width of the wider one; the lengths tell what was cut."""
    shape = np.broadcast_shapes(left.lengths.shape, right.lengths.shape)
    width = max(left.data.shape[-1], right.data.shape[-1])
    data = np.zeros((*shape, 3 * width), right.data.dtype)  # room to begin the right one anywhere
    data[..., width : width + right.data.shape[-1]] = right.data
    start = np.broadcast_to(width - np.minimum(left.lengths, width), shape)
    moved = shifted(data, start)[..., :width]
    moved[..., : left.data.shape[-1]] |= left.data
    return Ragged(moved, left.lengths + right.lengths)


def keep(text: Ragged, mask: Mask) -> Ragged:
    """The characters where `mask` is True, moved up."""
    return Ragged(*compacted(text.data, mask & text.inside))


def without(text: Ragged, character: Array) -> Ragged:
    """`text.replace(character, '')`."""
    return keep(text, text.data != character[..., None])


def strip_left(text: Ragged, character: Array) -> Ragged:
    """`text.lstrip(character)`."""
    other = (text.data != character[..., None]) & text.inside
    start = np.where(some(other), other.argmax(-1), text.lengths)
    return cut(text, start, text.lengths)


def strip_right(text: Ragged, character: Array) -> Ragged:
    """`text.rstrip(character)`."""
    other = (text.data != character[..., None]) & text.inside
    width = text.data.shape[-1]
    stop = np.where(some(other), width - other[..., ::-1].argmax(-1), 0)
    return cut(text, np.zeros_like(stop), stop)


def run_starts(text: Ragged) -> Mask:
    """True at the first character of each run of equal ones."""
    starts = text.inside
    starts[..., 1:] &= text.data[..., 1:] != text.data[..., :-1]
    return starts


def run_lengths(text: Ragged) -> Ragged:
    """`[len(list(g)) for _, g in groupby(text)]`."""
    begins, counts = compacted(*_places(run_starts(text)))
    ends = np.zeros_like(begins)
    ends[..., :-1] = begins[..., 1:]
    ends = ends + (text.lengths[..., None] - ends) * _last_place(counts, ends.shape[-1])
    return Ragged(masked(ends - begins, inside(counts, ends.shape[-1])), counts)


def _places(mask: Mask) -> tuple[Array, Mask]:
    """0, 1, 2, ... along the last axis, in the shape of the mask; and the mask."""
    return np.broadcast_to(np.arange(mask.shape[-1], dtype=np.int32), mask.shape), mask


def _last_place(lengths: Array, width: int) -> Mask:
    """True at the last place inside each sequence."""
    return inside(lengths, width) ^ inside(np.maximum(lengths - 1, 0), width)


def longest_run(text: Ragged, mask: Mask) -> Array:
    """The length of the longest run of equal characters among those where `mask` is True."""
    places = np.arange(text.data.shape[-1], dtype=_place_type(text))
    begin = scanned(run_starts(text) * places, np.maximum)
    return _array((masked(places + places.dtype.type(1) - begin, mask & text.inside)).max(-1))


def _place_type(text: Ragged) -> type[np.unsignedinteger[Any]]:
    """A byte for the places of short texts."""
    return np.uint8 if text.data.shape[-1] < 255 else np.uint32


def count_character(text: Ragged, character: Array) -> Array:
    """`text.count(character)` for one character."""
    return total(text.data == character[..., None])


def distinct(text: Ragged) -> Array:
    """`len(set(text))`, for text or lists."""
    if text.data.dtype.kind == "i":
        return total(run_starts(sort_list(text)))
    low, high = _code_range(text)
    if high - low < FEW_CODES:
        codes = range(low, high + 1)
        return _array(sum((some(text.data == c) for c in codes), np.zeros_like(text.lengths)))
    return total(run_starts(sort_text(text)))


def occurrences(text: Ragged, word: Ragged) -> Mask:
    """True where `word` begins in `text`, overlaps included; the word is one for all samples."""
    rows, samples = np.broadcast_shapes(text.lengths.shape, word.lengths.shape)
    width = text.data.shape[-1]
    starts = inside(np.maximum(text.lengths - word.lengths + 1, 0), width).reshape(rows, -1)
    flat = np.zeros(rows * samples * width + word.data.shape[-1], text.data.dtype)
    flat[: starts.size] = np.broadcast_to(text.data, (rows, samples, width)).reshape(-1)
    letters, lengths = word.data[:, 0], word.lengths
    for i in range(int(lengths.max(initial=0))):
        same = flat[i : i + starts.size].reshape(starts.shape) == letters[:, i : i + 1]
        starts &= same if (lengths > i).all() else same | (lengths <= i)
    return starts.reshape(rows, samples, width)


def count_apart(text: Ragged, word: Ragged) -> Array:
    """`text.count(word)`, which counts occurrences that do not overlap."""
    if text.data.shape[-1] > LONG and text.data.dtype.itemsize == word.data.dtype.itemsize == 1:
        return _count_in_long(text, word)
    starts = np.ascontiguousarray(np.moveaxis(occurrences(text, word), -1, 0))
    count = np.zeros(starts.shape[1:], np.int64)
    free = np.zeros_like(count)
    for place in np.flatnonzero(starts.any((1, 2))):
        here = starts[place] & (free <= place)
        count += here
        free = np.where(here, place + word.lengths, free)
    return count


def _count_in_long(text: Ragged, word: Ragged) -> Array:
    """The same for long texts of one byte a character: there Python's own `count` is faster."""
    rows, samples = np.broadcast_shapes(text.lengths.shape, word.lengths.shape)
    data = np.broadcast_to(text.data, (rows, samples, text.data.shape[-1]))
    words = [w[:n].tobytes() for w, n in zip(word.data[:, 0], word.lengths[:, 0], strict=True)]
    words = words * (rows // len(words))
    counts = [[x.tobytes().count(w) for x in row] for row, w in zip(data, words, strict=True)]
    return np.array(counts, np.int64)


def find(text: Ragged, word: Ragged) -> Array:
    """`text.find(word)` for a word that is not empty."""
    starts = occurrences(text, word)
    return np.where(some(starts), starts.argmax(-1), -1)


def rfind(text: Ragged, word: Ragged) -> Array:
    """`text.rfind(word)` for a word that is not empty."""
    starts = occurrences(text, word)
    last = starts.shape[-1] - 1 - starts[..., ::-1].argmax(-1)
    return np.where(some(starts), last, -1)


def contains(text: Ragged, word: Ragged) -> Mask:
    """`word in text`."""
    return some(occurrences(text, word))


def starts_with(text: Ragged, word: Ragged) -> Mask:
    """`text.startswith(word)`."""
    width = min(text.data.shape[-1], word.data.shape[-1])
    short = Ragged(text.data[..., :width], np.minimum(text.lengths, width))
    fits = text.lengths >= word.lengths
    return _same_beginning(short, word) & fits


def _same_beginning(text: Ragged, word: Ragged) -> Mask:
    width = min(text.data.shape[-1], int(word.lengths.max(initial=0)))
    same = np.ones(np.broadcast_shapes(text.lengths.shape, word.lengths.shape), np.bool_)
    for i in range(width):
        same &= (text.data[..., i] == word.data[..., i]) | (i >= word.lengths)
    return same


def ends_with(text: Ragged, word: Ragged) -> Mask:
    """`text.endswith(word)` for a word that is not empty."""
    fits = text.lengths >= word.lengths
    tail = shifted(text.data, np.maximum(text.lengths - word.lengths, 0))
    return _same_beginning(Ragged(tail, np.broadcast_to(word.lengths, fits.shape)), word) & fits


def equal(left: Ragged, right: Ragged) -> Mask:
    """`left == right`."""
    differ = some(left.data != right.data)
    return np.asarray(~differ & (left.lengths == right.lengths), np.bool_)


def agreements(left: Ragged, right: Ragged) -> Array:
    """`sum(a == b for a, b in zip(left, right))`."""
    return total((left.data == right.data) & left.inside & right.inside)


def digits(text: Ragged) -> Ragged:
    """`[int(c) for c in text]`, where all characters are digits."""
    data = text.data.astype(np.int32) - np.int32(ord("0") + 1)
    return Ragged(masked(data, text.inside), text.lengths)


def all_digits(text: Ragged) -> Mask:
    """True where every character is one of 0 to 9."""
    one = text.data.dtype.type(ord("0") + 1)
    other = ((text.data - one) > 9) & text.inside
    return ~some(other)


def steps(text: Ragged, character: Array) -> Ragged:
    """`[1 if c == character else -1 for c in text]`."""
    data = (text.data == character[..., None]).astype(np.int32) * 2 - 1
    return Ragged(masked(data, text.inside), text.lengths)


def positions(text: Ragged, character: Array) -> Ragged:
    """`[i for i, c in enumerate(text) if c == character]`."""
    return Ragged(*compacted(*_places(text.data == character[..., None])))


def differences(numbers: Ragged) -> Ragged:
    """`[b - a for a, b in zip(numbers, numbers[1:])]`."""
    lengths = np.maximum(numbers.lengths - 1, 0)
    data = widened(numbers.data)
    data[..., :-1] = data[..., 1:] - data[..., :-1]
    return Ragged(masked(data, inside(lengths, data.shape[-1])), lengths)


def zipped(left: Ragged, right: Ragged, combine: Callable[..., Array]) -> Ragged:
    """`[combine(a, b) for a, b in zip(left, right)]`."""
    lengths = np.minimum(left.lengths, right.lengths)
    data = combine(widened(left.data), widened(right.data))
    return Ragged(masked(data, inside(lengths, data.shape[-1])), lengths)


def item(numbers: Ragged, place: Array) -> Array:
    """`numbers[place]` where it is defined."""
    place = np.where(place < 0, place + numbers.lengths, place)
    return first(Ragged(shifted(numbers.data, np.clip(place, 0, numbers.data.shape[-1])), place))


def has_place(numbers: Ragged, place: Array) -> Mask:
    """True where `numbers[place]` is defined."""
    found: Mask = (-numbers.lengths <= place) & (place < numbers.lengths)
    return found


def running_sums(numbers: Ragged) -> Ragged:
    """`list(accumulate(numbers))`."""
    sums = scanned(widened(numbers.data), np.add)
    return Ragged(masked(sums, numbers.inside), numbers.lengths)


def mapped(numbers: Ragged, values: Array) -> Ragged:
    """A list of the same length with other values."""
    return Ragged(masked(values, numbers.inside), numbers.lengths)


def smallest(numbers: Ragged) -> Array:
    """`min(numbers)` where there is one."""
    outside = ~numbers.inside * np.int64(2**40)
    return _array((numbers.data + outside).min(-1))


def largest(numbers: Ragged) -> Array:
    """`max(numbers)` where there is one."""
    outside = ~numbers.inside * np.int64(2**40)
    return _array((numbers.data - outside).max(-1))


def first(numbers: Ragged) -> Array:
    """`numbers[0]` where there is one."""
    return numbers.data[..., 0].astype(np.int64)


def last(numbers: Ragged) -> Array:
    """`numbers[-1]` where there is one."""
    place = np.maximum(numbers.lengths - 1, 0)[..., None]
    return np.take_along_axis(numbers.data, place, -1)[..., 0].astype(np.int64)


def not_empty(numbers: Ragged) -> Mask:
    """True where there is at least one item."""
    some: Mask = numbers.lengths > 0
    return some


def _array(values: np.generic | Array) -> Array:
    """What numpy's reductions return, by its type."""
    return np.asarray(values)
