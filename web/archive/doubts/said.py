"""What speaks for a pair in doubt, or against it, and why something was not taken, as records have it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from msgspec import Struct

from media.errors import from_facts, to_facts

_LONGEST_REASON = 3000  # characters of JSON
_LONGEST_WORDS = 200  # characters


class Said(Struct, frozen=True):
    """One thing that speaks for a pair, or ``against`` it: a message's facts (``media.errors``)."""

    facts: dict[str, Any]
    against: bool = False

    def __post_init__(self) -> None:
        facts = to_facts(from_facts(self.facts))  # and nothing that somebody put beside
        msgspec.structs.force_setattr(self, "facts", facts)
        if _length(self.facts) > _LONGEST_REASON:
            raise ValueError(f"expected {_LONGEST_REASON} characters at most")

    @property
    def words(self) -> str:
        return from_facts(self.facts)


def said(words: str, against: bool = False) -> Said:
    """Words as they are told, without their facts where these are too long."""
    facts = to_facts(words)
    if _length(facts) > _LONGEST_REASON:
        facts = to_facts(f"{words[:_LONGEST_WORDS]}…")
    return Said(facts, against)


def _length(facts: dict[str, Any]) -> int:
    return len(json.dumps(facts))
