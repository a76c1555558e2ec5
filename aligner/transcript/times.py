"""How transcription services write times: ``00:12:34``, ``[12:34.5]``, ``(00:12)``, ``00:01 --> 00:04``."""

from __future__ import annotations

import re

_CLOCK = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
_ONE = rf"(?:\[{_CLOCK}\]|\({_CLOCK}\)|<{_CLOCK}>|{_CLOCK}(?![\w:]))"
_BRACKETED_RANGE = rf"[\[(]\s*{_CLOCK}\s*(?:-->|->|-|–|—|→)\s*{_CLOCK}\s*[\])]"
TIME = rf"(?:{_BRACKETED_RANGE}|{_ONE}(?:\s*(?:-->|->|-|–|—|→)\s*{_ONE})?)"

TIMES = re.compile(rf"(?:{TIME}\s*)+[-–—|,]?\s*")
ONLY_TIME = re.compile(rf"\s*{TIME}\s*[:.]?\s*")
BRACKETED_TIME = re.compile(rf"{_BRACKETED_RANGE}|\[{_CLOCK}\]|\({_CLOCK}\)")
