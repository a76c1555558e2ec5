"""Hypothesis strategies for what no program of ours writes: odd values and texts, JSON in which something is wrong."""

import copy
import json
import sys
from typing import Any

from hypothesis import strategies as st

TEXTS = (
    "", " ", "\n", "\0", "\x1b[31m", "a\r\nb: c", "-->", "<v Bob>", "<script>alert(1)</script>", "&amp;", "\u202eabc",
    "\u200b", "\ud83d", "a\ude00b", "\ufeff", "é" * 300, "x" * 70_000, "🚲" * 20, "] [", "“", "1", "-1", "1e9", "NaN",
    "null", "٣", "1_0", "../../etc/passwd", "/etc/passwd", "{0.__class__}", "%s%n", "https://x.example/?a=b&c", "fr-FR",
)  # fmt: skip
NUMBERS = (0, -1, 1, 3, 0.5, 1e-9, -0.0, 140.0, 1e6, 1e12, 2**63, 1e308, 10**30, -(10**30), 10**5000)
OTHERS = (
    None,
    True,
    False,
    float("nan"),
    float("inf"),
    [],
    [None],
    [[]],
    {},
    {"a": 1},
    [0] * 1000,
    {"\ud83d": "\ude00"},
)
VALUES = st.sampled_from([*TEXTS, *NUMBERS, *OTHERS])

_DEEPER = 9  # of ten steps in JSON that could go deeper


@st.composite
def wrong_json(draw: st.DrawFn, good: Any, most: int = 3) -> Any:
    """Draw JSON like the ``good`` one with one to ``most`` changes, at any depth."""
    data = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, most))):
        at = data
        while True:
            key = draw(st.sampled_from([*at] if isinstance(at, dict) else range(len(at))))
            if not (isinstance(at[key], dict | list) and at[key] and draw(st.integers(0, 9)) < _DEEPER):
                break
            at = at[key]
        _change(draw, at, key)
        if not data:
            break
    return data


def _change(draw: st.DrawFn, at: Any, key: Any) -> None:
    """Change one item of a list or field of an object."""
    old = at[key]
    match draw(st.sampled_from(["alike", "alike", "alike", "any", "gone", "moved", "doubled"])):
        case "alike" if isinstance(old, str):
            at[key] = draw(st.sampled_from(TEXTS))
        case "alike" if isinstance(old, int | float):
            near = [old + by for by in (-50, -1, -0.1, 0.001, 1, 50)] if abs(old) < 1e9 else []
            at[key] = draw(st.sampled_from([*NUMBERS, *near]))
        case "gone":
            del at[key]
        case "moved" if isinstance(at, list):
            at.insert(draw(st.integers(0, len(at))), at.pop(key))
        case "doubled" if isinstance(at, list):
            at.insert(key, copy.deepcopy(old))
        case _:
            at[key] = copy.deepcopy(draw(VALUES))


def dumped(data: Any) -> bytes:
    """Write JSON, also with numbers that are longer than Python writes otherwise."""
    usual = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(data).encode()
    finally:
        sys.set_int_max_str_digits(usual)
