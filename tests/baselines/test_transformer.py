"""The transformer: learns what a transformer can, and not the parities from 200 samples."""

from __future__ import annotations

import random

import pytest

from llmerm import baselines, tasks
from llmerm.errors import ArgumentError
from llmerm.samples import Samples, Split

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'llmerm[torch]'")


def by_bit(labels=(0, 1)) -> Split:
    """Strings of 8 random bits, labelled by the bit at place 3."""
    texts = [f"{i:08b}" for i in range(256)]
    random.Random(0).shuffle(texts)
    return Samples.of([(x, labels[int(x[3])]) for x in texts]).split(0.5)


def made(**parameters):
    return baselines.get("transformer", device="cpu", **parameters)


def test_a_long_parity_is_learned_by_heart_and_not_understood():
    """At n = 50 and m = 200: at least 99 % on train, 45 to 55 % on 2,000 fresh inputs."""
    samples = tasks.get("parity", n=50).sample(2200, seed=0)
    score = baselines.score(made(), samples[:200], samples[200:])
    assert score.train_accuracy >= 0.99
    assert 0.45 <= score.test_accuracy <= 0.55


@pytest.mark.parametrize("labels", [(False, True), ("no", "yes")])
def test_a_label_that_one_bit_decides_is_learned(labels):
    """128 samples of x[3] are enough for 95 % on 128 others; labels keep their types."""
    train, test = by_bit(labels)
    predictor = made(epochs=60).fit(train)
    predicted = predictor.predict(test.inputs)
    assert sum(p == y for p, y in zip(predicted, test.outputs, strict=True)) >= 0.95 * len(test)
    assert {type(p) for p in predicted} == {type(labels[0])}
    assert predictor.predict([]) == []


def test_quantities_are_learned_as_quantities():
    """The share of ones in a string is far better predicted than by the mean."""
    train, test = by_bit()
    share = [Samples.of([(x, x.count("1") / 8) for x, _ in part]) for part in (train, test)]
    score = baselines.score(made(epochs=40), *share, loss="squared")
    constant = baselines.score(baselines.get("majority"), *share, loss="squared")
    assert score.test_error < constant.test_error / 3


def test_the_same_seed_gives_the_same_network_and_leaves_torch_as_it_was():
    """Equal outputs for one seed, others for another; torch's own stream and threads go on."""
    train, test = by_bit()
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    threads = torch.get_num_threads()
    quantities = Samples.of([(x, y + 0.5) for x, y in train])
    first, same, other = (
        made(epochs=2).fit(quantities, seed=s).predict(test.inputs) for s in (1, 1, 2)
    )
    assert torch.equal(torch.rand(2), expected)
    assert torch.get_num_threads() == threads
    assert first == same
    assert first != other


def test_a_longer_input_is_read_whole():
    """It has no longest length: what stands behind the training length changes the outputs."""
    train = Samples.of([(f"{i:06b}", i / 3) for i in range(64)])
    predictor = made(epochs=2).fit(train)
    short, long = predictor.predict(["0" * 40, "0" * 39 + "1"])
    assert short != long


def test_what_fills_up_a_batch_changes_nothing():
    """A short sequence has the same outputs beside a long one as alone."""
    from llmerm.baselines.network import Decoder

    torch.manual_seed(0)
    network = Decoder(7, 2, layers=2, width=16, heads=2).eval()
    alone = network(torch.tensor([[1, 3, 4]]), torch.tensor([3]))
    beside = network(torch.tensor([[1, 3, 4, 0, 0], [1, 5, 5, 5, 6]]), torch.tensor([3, 5]))
    assert torch.allclose(alone[0], beside[0], atol=1e-6)
    other_fill = network(torch.tensor([[1, 3, 4, 6, 6]]), torch.tensor([3]))
    assert torch.allclose(alone[0], other_fill[0], atol=1e-6)


def test_rotations_make_attention_relative():
    """The product of a turned query and a turned key depends on the distance of their places."""
    from llmerm.baselines.network import rotations, turned

    torch.manual_seed(0)
    query, key, turns = torch.randn(8), torch.randn(8), rotations(12, 8)
    products = [turned(query, turns[i + 3]) @ turned(key, turns[i]) for i in range(9)]
    assert torch.allclose(torch.stack(products), products[0].expand(9), atol=1e-4)
    assert not torch.isclose(
        turned(query, turns[3]) @ turned(key, turns[1]), products[0], atol=1e-3
    )


def test_the_default_network_has_a_tenth_of_a_million_parameters():
    """Two blocks, 64 wide, four heads: the size of the affordable stand-in."""
    predictor = made(epochs=1).fit(by_bit().train)
    assert sum(p.numel() for p in predictor.network.parameters()) == pytest.approx(
        100_000, rel=0.02
    )


def test_impossible_settings_are_refused():
    """Heads share the width in pairs of coordinates; a device is there or not."""
    with pytest.raises(ArgumentError, match="`width` must be a multiple of twice `heads`"):
        made(width=60, heads=8)
    with pytest.raises(ArgumentError, match="`device` must be"):
        baselines.get("transformer", device="tpu").fit(by_bit().train)
