"""The string and list operators as numpy, for many expressions and all samples at once.

Every function takes blocks whose leading axes broadcast and works along the last axis. Each one
means what the source of its operator says in Python; a test compares the two for every operator.
"""

from __future__ import annotations

import numpy as np

from llmerm.search.values import Array, Mask, Ragged, every


def cut(text: Ragged, start: Array, stop: Array) -> Ragged:
    """`text[start:stop]`, for 0 <= start; a stop beyond the end means the end."""
    start, stop = np.broadcast_arrays(start, np.minimum(stop, text.lengths))
    lengths = np.maximum(stop - start, 0)
    return gather(text, start[..., None] + np.arange(text.data.shape[-1]), lengths)


def gather(text: Ragged, places: Array, lengths: Array) -> Ragged:
    """The characters at `places[..., L]`, of which the first `lengths` count."""
    width = text.data.shape[-1]
    inside = np.arange(width) < lengths[..., None]
    places = np.where(inside, places, 0)
    source = np.broadcast_to(text.data, (*places.shape[:-1], width))
    return Ragged(np.where(inside, np.take_along_axis(source, places, -1), 0), lengths)


def reverse(text: Ragged) -> Ragged:
    """`text[::-1]`."""
    last = text.lengths[..., None] - 1
    return gather(text, last - np.arange(text.data.shape[-1]), text.lengths)


def every_second(text: Ragged, first: int) -> Ragged:
    """`text[first::2]`."""
    data = np.zeros_like(text.data)
    picked = text.data[..., first::2]
    data[..., : picked.shape[-1]] = picked
    return Ragged(data, np.maximum((text.lengths - first + 1) // 2, 0))


def sort_text(text: Ragged) -> Ragged:
    """`''.join(sorted(text))`; less one, the padding wraps round and sorts last."""
    one = text.data.dtype.type(1)
    return Ragged(np.sort(text.data - one, axis=-1) + one, text.lengths)


def sort_list(numbers: Ragged) -> Ragged:
    """`sorted(numbers)`."""
    largest = np.iinfo(numbers.data.dtype).max
    padded = np.sort(np.where(numbers.inside, numbers.data, largest), axis=-1)
    return Ragged(np.where(numbers.inside, padded, 0), numbers.lengths)


def keep(text: Ragged, mask: Mask) -> Ragged:
    """The characters where `mask` is True, moved up."""
    mask = mask & text.inside
    data = np.broadcast_to(text.data, mask.shape)
    target = np.cumsum(mask, axis=-1) - 1
    out = np.zeros(mask.shape, data.dtype)
    where = np.nonzero(mask)
    out[(*where[:-1], target[where])] = data[where]
    return Ragged(out, mask.sum(-1))


def without(text: Ragged, character: Array) -> Ragged:
    """`text.replace(character, '')`."""
    return keep(text, text.data != character[..., None])


def strip_left(text: Ragged, character: Array) -> Ragged:
    """`text.lstrip(character)`."""
    other = (text.data != character[..., None]) & text.inside
    start = np.where(other.any(-1), other.argmax(-1), text.lengths)
    return cut(text, start, text.lengths)


def strip_right(text: Ragged, character: Array) -> Ragged:
    """`text.rstrip(character)`."""
    other = (text.data != character[..., None]) & text.inside
    width = text.data.shape[-1]
    stop = np.where(other.any(-1), width - other[..., ::-1].argmax(-1), 0)
    return cut(text, np.zeros_like(stop), stop)


def run_starts(text: Ragged) -> Mask:
    """True at the first character of each run of equal ones."""
    starts = text.inside.copy()
    starts[..., 1:] &= text.data[..., 1:] != text.data[..., :-1]
    return starts


def run_lengths(text: Ragged) -> Ragged:
    """`[len(list(g)) for _, g in groupby(text)]`."""
    starts = run_starts(text)
    places = np.broadcast_to(np.arange(text.data.shape[-1], dtype=np.int32), starts.shape)
    begins = keep(Ragged(places, text.lengths), starts)
    ends = np.roll(begins.data, -1, axis=-1)
    last = np.arange(text.data.shape[-1]) == begins.lengths[..., None] - 1
    ends = np.where(last, text.lengths[..., None], ends)
    return Ragged(np.where(begins.inside, ends - begins.data, 0).astype(np.int32), begins.lengths)


def longest_run(text: Ragged, mask: Mask) -> Array:
    """The length of the longest run of equal characters among those where `mask` is True."""
    places = np.arange(text.data.shape[-1])
    begin = np.maximum.accumulate(np.where(run_starts(text), places, 0), axis=-1)
    return _array(np.where(mask & text.inside, places - begin + 1, 0).max(-1))


def count_character(text: Ragged, character: Array) -> Array:
    """`text.count(character)` for one character."""
    return _array((text.data == character[..., None]).sum(-1))


def distinct(text: Ragged) -> Array:
    """`len(set(text))`, for text or lists."""
    ordered = sort_list(text) if text.data.dtype.kind == "i" else sort_text(text)
    return _array(run_starts(ordered).sum(-1))


def occurrences(text: Ragged, word: Ragged) -> Mask:
    """True where `word` begins in `text`, overlaps included."""
    width = text.data.shape[-1]
    starts = np.arange(width) + word.lengths[..., None] <= text.lengths[..., None]
    for i in range(min(word.data.shape[-1], width, int(word.lengths.max(initial=0)))):
        same = np.zeros(np.broadcast_shapes(starts.shape, text.data.shape), np.bool_)
        letter = word.data[..., i : i + 1]
        same[..., : width - i] = text.data[..., i:] == letter
        starts = starts & (same | (i >= word.lengths[..., None]))
    return starts


def find(text: Ragged, word: Ragged) -> Array:
    """`text.find(word)` for a word that is not empty."""
    starts = occurrences(text, word)
    return np.where(starts.any(-1), starts.argmax(-1), -1)


def rfind(text: Ragged, word: Ragged) -> Array:
    """`text.rfind(word)` for a word that is not empty."""
    starts = occurrences(text, word)
    last = starts.shape[-1] - 1 - starts[..., ::-1].argmax(-1)
    return np.where(starts.any(-1), last, -1)


def contains(text: Ragged, word: Ragged) -> Mask:
    """`word in text`."""
    return np.asarray(occurrences(text, word).any(-1), np.bool_)


def starts_with(text: Ragged, word: Ragged) -> Mask:
    """`text.startswith(word)`."""
    return occurrences(text, word)[..., 0]


def ends_with(text: Ragged, word: Ragged) -> Mask:
    """`text.endswith(word)` for a word that is not empty."""
    starts = occurrences(text, word)
    place = np.maximum(text.lengths - word.lengths, 0)
    shape = np.broadcast_shapes(starts.shape[:-1], place.shape)
    at = np.broadcast_to(place, shape)[..., None]
    whole = np.broadcast_to(starts, (*shape, starts.shape[-1]))
    found = np.take_along_axis(whole, np.minimum(at, starts.shape[-1] - 1), -1)[..., 0]
    return np.asarray(found, np.bool_)


def equal(left: Ragged, right: Ragged) -> Mask:
    """`left == right`."""
    same = (left.data == right.data).all(-1)
    return np.asarray(same & (left.lengths == right.lengths), np.bool_)


def agreements(left: Ragged, right: Ragged) -> Array:
    """`sum(a == b for a, b in zip(left, right))`."""
    return _array(((left.data == right.data) & left.inside & right.inside).sum(-1))


def digits(text: Ragged) -> Ragged:
    """`[int(c) for c in text]`, where all characters are digits."""
    data = np.where(text.inside, text.data.astype(np.int32) - (ord("0") + 1), 0)
    return Ragged(data.astype(np.int32), text.lengths)


def all_digits(text: Ragged) -> Mask:
    """True where every character is one of 0 to 9."""
    zero, nine = ord("0") + 1, ord("9") + 1
    return every(((text.data >= zero) & (text.data <= nine)) | ~text.inside)


def steps(text: Ragged, character: Array) -> Ragged:
    """`[1 if c == character else -1 for c in text]`."""
    data = np.where(text.data == character[..., None], 1, -1)
    return Ragged(np.where(text.inside, data, 0).astype(np.int32), text.lengths)


def positions(text: Ragged, character: Array) -> Ragged:
    """`[i for i, c in enumerate(text) if c == character]`."""
    mask = text.data == character[..., None]
    places = np.broadcast_to(np.arange(text.data.shape[-1], dtype=np.int32), mask.shape)
    return keep(Ragged(places, text.lengths), mask)


def differences(numbers: Ragged) -> Ragged:
    """`[b - a for a, b in zip(numbers, numbers[1:])]`."""
    lengths = np.maximum(numbers.lengths - 1, 0)
    data = numbers.data.astype(np.int64)
    inside = np.arange(data.shape[-1]) < lengths[..., None]
    return Ragged(np.where(inside, np.roll(data, -1, axis=-1) - data, 0), lengths)


def running_sums(numbers: Ragged) -> Ragged:
    """`list(accumulate(numbers))`."""
    sums = np.cumsum(numbers.data.astype(np.int64), axis=-1)
    return Ragged(np.where(numbers.inside, sums, 0), numbers.lengths)


def mapped(numbers: Ragged, values: Array) -> Ragged:
    """A list of the same length with other values."""
    return Ragged(np.where(numbers.inside, values, 0), numbers.lengths)


def smallest(numbers: Ragged) -> Array:
    """`min(numbers)` where there is one."""
    return _array(np.where(numbers.inside, numbers.data.astype(np.int64), 2**40).min(-1))


def largest(numbers: Ragged) -> Array:
    """`max(numbers)` where there is one."""
    return _array(np.where(numbers.inside, numbers.data.astype(np.int64), -(2**40)).max(-1))


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
