"""Results of other programs, kept so that only quotecast is run again after a change of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.model import Span
from tests.bench.recordings import Samples
from tests.bench.rivals.tools import Tool, version_of


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of results by program, version, sound, text and language; None keeps nothing."""

    folder: Path | None

    def aligned(self, tool: Tool, samples: Samples, tokens: Sequence[str], language: str) -> list[Span | None]:
        """What the program makes of it, now or before."""
        if self.folder is None:
            return tool.align(samples, tokens, language)
        key = hashlib.sha256(samples.tobytes() + json.dumps([*tokens, language]).encode()).hexdigest()
        path = self.folder / f"{tool.name}-{version_of(tool.name)}" / f"{key}.json"
        if path.is_file():
            return [None if span is None else Span(*span) for span in json.loads(path.read_text(encoding="utf-8"))]
        spans = tool.align(samples, tokens, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([None if span is None else [span.start, span.end] for span in spans]))
        return spans
