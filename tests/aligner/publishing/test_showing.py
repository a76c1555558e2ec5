"""What cannot be shown is reported exactly: which characters, and what would mend it."""

from __future__ import annotations

import pytest

from aligner.publishing.showing import Look, unshown_in
from aligner.quotes.comparison import Caution
from media.video.backdrop import Style
from media.video.drawing import SHAPES
from media.video.screens import Script, ShownWord
from media.video.setting import Unshown

SCRIPT = Script((ShownWord("Oui", 0.0, 1.0),), 1.0)


def told(monkeypatch: pytest.MonkeyPatch, found: Unshown) -> list[Caution]:
    monkeypatch.setattr("media.video.setting.unshown", lambda *_: found)
    monkeypatch.setattr("aligner.publishing.showing.script_of", lambda *_: SCRIPT)
    return list(unshown_in(None, Look(SHAPES["square"], Style())))  # type: ignore[arg-type]


def test_letters_emoji_and_scripts_that_cannot_be_shown_are_named_with_what_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert told(monkeypatch, Unshown()) == []
    letters, emoji, joined = told(monkeypatch, Unshown(("\ue000", "م"), ("👍🏽",), unjoined=True))
    assert (letters.kind, letters.detail) == ("no-glyph", "\ue000 م")
    assert letters.message.startswith("no font here has \ue000 م, left out of the picture; install a font")
    assert (emoji.kind, emoji.detail, "Noto Color Emoji" in emoji.message) == ("plain-emoji", "👍🏽", True)
    assert (joined.kind, "FriBiDi" in joined.message) == ("unjoined", True)
    [many] = told(monkeypatch, Unshown(tuple(map(chr, range(0x4E00, 0x9000)))))
    assert many.detail.endswith(" …")
    assert len(many.detail) < 50
