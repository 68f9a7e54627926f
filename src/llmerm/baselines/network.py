"""A small decoder-only transformer that reads a sequence and gives outputs at its last token."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

_ROTARY_BASE = 10_000.0


class Decoder(nn.Module):
    """Embedding, pre-norm blocks, and a linear head on the last token's state.

    Args:
        tokens: how many there are; number 0 fills up behind a sequence's end.
        outputs: of the head.
        layers: blocks.
        width: of the states.
        heads: of each attention.
    """

    def __init__(self, tokens: int, outputs: int, *, layers: int, width: int, heads: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, outputs)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """The outputs, shape (sequences, outputs).

        Args:
            tokens: shape (sequences, longest).
            lengths: how many of them count, shape (sequences,). What fills up lies behind them,
                and attention looks back alone, so that it changes nothing.
        """
        states = self.embedding(tokens)
        turns = rotations(tokens.shape[1], states.shape[-1] // self.blocks[0].heads)
        for block in self.blocks:
            states = block(states, turns.to(states.device))
        last = states[torch.arange(len(lengths), device=states.device), lengths - 1]
        outputs: Tensor = self.head(self.norm(last))
        return outputs


class Block(nn.Module):
    """Causal attention, then a perceptron, each on normalised states and added to them."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention = nn.LayerNorm(width)
        self.projections = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.perceptron = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, states: Tensor, turns: Tensor) -> Tensor:
        """The new states, shape (sequences, longest, width)."""
        states = states + self.merge(self._attended(self.before_attention(states), turns))
        new: Tensor = states + self.perceptron(states)
        return new

    def _attended(self, states: Tensor, turns: Tensor) -> Tensor:
        shape = (*states.shape[:2], self.heads, -1)
        queries, keys, values = (
            part.view(shape).transpose(1, 2) for part in self.projections(states).chunk(3, dim=-1)
        )
        attended = functional.scaled_dot_product_attention(
            turned(queries, turns), turned(keys, turns), values, is_causal=True
        )
        return attended.transpose(1, 2).reshape(states.shape)


def rotations(length: int, size: int) -> Tensor:
    """The angle of each place and pair of coordinates, shape (length, size // 2).

    Source: rotary position embedding (Su et al., arXiv 2104.09864), which has no longest length.
    """
    speeds = _ROTARY_BASE ** (-torch.arange(0, size, 2) / size)
    return torch.outer(torch.arange(length, dtype=torch.float32), speeds)


def turned(states: Tensor, turns: Tensor) -> Tensor:
    """Each pair of coordinates turned by the angle of its place."""
    cosine, sine = turns.cos(), turns.sin()
    first, second = states.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)
