"""An episode moved to another sound: looked at first, then taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aligner.storage.user_folders import HIDDEN
from web.jobs.arguments import PROGRESS, check_name, check_texts

NEW_SOUND = "new sound"
"""The folder, within the hidden one of an episode, in which a new sound lies until it is taken."""

MOVES = "moves.json"
"""What would move, in the hidden folder, as ``quotecast retime`` tells programs of it."""

_LONGEST_WHO = 2_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Retime:
    """The ``alignment`` moved to the new ``sound``, by ``who``; with ``take`` that takes the old one's place, without
    it is only told what would move."""

    kind: ClassVar[str] = "retime"
    heavy: ClassVar[bool] = True
    memory_bytes: ClassVar[int | None] = None  # what is new is listened to

    alignment: str
    sound: str
    take: bool = False
    who: str = ""

    def __post_init__(self) -> None:
        check_name(self.alignment)
        check_name(self.sound)
        check_texts([self.who], _LONGEST_WHO)

    @property
    def outputs(self) -> tuple[str, ...]:
        return (self.alignment,) if self.take else (f"{HIDDEN}/{MOVES}",)

    @property
    def sources(self) -> tuple[str, ...]:
        return (self._sound,)

    @property
    def _sound(self) -> str:
        return f"{HIDDEN}/{NEW_SOUND}/{self.sound}"

    def command(self) -> list[str]:
        asked = ["--replace", f"--who={self.who}"] if self.take else ["--dry-run", f"--json={HIDDEN}/{MOVES}"]
        return ["aligner", "retime", *PROGRESS, *asked, "--", self.alignment, self._sound]
