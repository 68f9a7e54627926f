"""Hidden rules by kind: what a user might want to learn, with the truth and the inputs."""

from __future__ import annotations

from rule_sets import (
    bits,
    decimals,
    lists_to_lists,
    lists_to_values,
    numbers,
    spreadsheets,
    texts,
)
from rule_sets.rule import Rule, with_lots

RULES = {
    "bits": bits.RULES,
    "decimals": decimals.RULES,
    "lists-to-values": lists_to_values.RULES,
    "lists-to-lists": lists_to_lists.RULES,
    "texts": texts.RULES,
    "spreadsheets": spreadsheets.RULES,
    "numbers": numbers.RULES,
}
KINDS: dict[str, tuple[Rule, ...]] = {kind: with_lots(rules) for kind, rules in RULES.items()}
