"""What is told of a sound that is not whole: it ends before it should, or parts of it cannot be decoded.

It is kept with an alignment, which somebody may have sent: what is read from there is one of these sentences or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

from media.errors import Message, from_facts


def cut_short(decoded: float, promised: float | None) -> Message:
    """What to tell of a file that ends before it should; ``promised`` is its length as far as that is known."""
    if promised is None:
        return Message("the file is cut short: its first {decoded:.0f} s are used", decoded=decoded)
    return Message(
        "the file is cut short: its first {decoded:.0f} s of {promised:.0f} s are used",
        decoded=decoded,
        promised=promised,
    )


def damaged(lost: Sequence[float]) -> Message:
    """What to tell of packets that did not decode; ``lost`` is where they were."""
    if len(lost) == 1:
        return Message(
            "damaged sound near {start:.1f} s ({packets} packets) is taken as silence", start=lost[0], packets=1
        )
    return Message(
        "damaged sound near {start:.1f} s and after ({packets} packets) is taken as silence",
        start=lost[0],
        packets=len(lost),
    )


_CUT_SHORT = frozenset(each.template for each in (cut_short(0, None), cut_short(0, 0)))
_TEMPLATES = {
    template: {name for _, name, _, _ in Formatter().parse(template) if name}
    for template in (*_CUT_SHORT, *(damaged(lost).template for lost in ([0], [0, 0])))
}


def is_cut_short(told: str) -> bool:
    """Whether a warning says that the sound ends before it should."""
    return isinstance(told, Message) and told.template in _CUT_SHORT


def told_again(template: str, values: Mapping[str, int | float]) -> str | None:
    """The sentence that was made of these; None where it is none of ours."""
    if set(values) != _TEMPLATES.get(template):
        return None
    return from_facts({"message": template.format(**values), "template": template, "values": dict(values)})
