"""What an attack did, and what went wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """How often each thing was done, by its name, and a sentence for each failure."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def told(self, head: str, most: int = 20) -> int:
        """Print it below ``head``, with so many failures at most; return the exit status."""
        print(head)
        for what, count in sorted(self.counts.items()):
            print(f"{count:6}  {what}")
        print(f"{len(self.failures):6}  failures", *self.failures[:most], sep="\n")
        return 1 if self.failures else 0
