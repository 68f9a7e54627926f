"""Motifs: words that stand out are found and made cheap, and chance does not make any."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from llmerm.search.literals import Words
from llmerm.search.motifs import characters, motifs


def planted(word: str, length: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    texts = ["".join(rng.choices("01", k=length)) for _ in range(100)]
    for i in range(0, 100, 2):
        place = rng.randrange(length - len(word) + 1)
        texts[i] = texts[i][:place] + word + texts[i][place + len(word) :]
    return texts


@pytest.mark.parametrize("word", ["10101010", "00111111", "1100101"])
@pytest.mark.parametrize("seed", range(5))
def test_a_planted_word_comes_first(word, seed):
    """A word put into half of 100 texts of 20 bits is the first motif, whole."""
    assert motifs(planted(word, 20, seed))[0] == word


def test_random_texts_have_no_motif():
    """In 100 sets of random texts hardly any word stands out."""
    rng = random.Random(1)
    sets = [["".join(rng.choices("01", k=30)) for _ in range(50)] for _ in range(100)]
    assert sum(bool(motifs(texts)) for texts in sets) <= 2


def test_no_motif_within_another():
    """Each motif says something of its own."""
    found = motifs(planted("1110001110", 24, 3))
    assert found
    assert not any(a != b and a in b for a in found for b in found)


def test_few_texts_have_no_motifs():
    """Of three texts nothing can be said."""
    assert motifs(["abcdabcd"] * 3) == ()
    assert motifs([]) == ()


def test_words_too_improbable_for_a_float_are_motifs():
    """Sixteen rare letters in many texts, whose chance is far below what 1 - p can tell from 1."""
    rng = random.Random(3)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 500)]
    word = "".join(letters[:16])
    texts = ["".join(rng.choices(letters, k=20)) + word for _ in range(40)]
    assert word in motifs(texts)
    assert motifs(["aaaaaaaa"] * 40) == ()


def test_characters_are_counted():
    """As by a plain count, beyond a byte too."""
    rng = random.Random(2)
    texts = ["".join(rng.choices("abc€😀", k=9)) for _ in range(5000)]
    assert characters(texts) == Counter("".join(texts))


def test_likely_words_are_cheap_and_the_code_still_sums_to_at_most_one():
    """Kraft's inequality holds with likely words, and each word is listed once."""
    words = Words("01", likely=("10101010", "0011"))
    listed = list(words.values(18))
    assert len(listed) == len(set(listed))
    assert 0.5 < sum(2.0 ** -words.bits(word) for word in listed) <= 1
    assert words.bits("10101010") == 2
    assert words.bits("1010101") == 1 + Words("01").bits("1010101")
