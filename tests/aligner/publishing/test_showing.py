"""What cannot be shown is told exactly: which characters, and what would mend it."""

from __future__ import annotations

import pytest

from aligner.publishing.showing import showing_cautions
from aligner.quotes import Caution
from media.video.backdrop import Style
from media.video.drawing import SHAPES
from media.video.screens import Script, ShownWord
from media.video.setting import Unshown
from tests.tables import over_rows

SCRIPT = Script((ShownWord("Oui", 0.0, 1.0),), 1.0)


def told(monkeypatch: pytest.MonkeyPatch, found: Unshown, *, extra: bool = False) -> list[Caution]:
    monkeypatch.setattr("media.video.setting.unshown", lambda *_: found)
    monkeypatch.setattr("media.video.fonts.has_extra", lambda: extra)
    return list(showing_cautions(SCRIPT, Style(), SHAPES["square"]))


@over_rows(
    "missing, extra, remedy",
    [
        (("م", "ر"), False, "pip install 'quotecast[noto]' brings one"),
        (("你", "好"), False, "install the font Noto Sans CJK"),
        (("م",), True, "install a font that has it, or name one with --font"),
        (("\ue000",), False, "install a font that has it, or name one with --font"),
    ],
)
def test_the_letters_and_the_font_are_named(
    missing: tuple[str, ...], extra: bool, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (caution,) = told(monkeypatch, Unshown(missing), extra=extra)
    assert (caution.kind, caution.detail) == ("no-glyph", " ".join(missing))
    assert caution.message == f"no font here has {' '.join(missing)}, left out of the picture; {remedy}"


def test_of_many_letters_some_are_named_and_where_all_can_be_shown_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(showing_cautions(SCRIPT, Style(), SHAPES["square"])) == []
    (caution,) = told(monkeypatch, Unshown(tuple(map(chr, range(0x4E00, 0x9000)))))
    assert caution.detail.endswith(" …")
    assert len(caution.detail) < 50


def test_emoji_in_one_colour_and_letters_that_are_not_joined_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cautions = told(monkeypatch, Unshown(one_colour=("👍🏽",), unjoined=True))
    assert [(caution.kind, caution.detail) for caution in cautions] == [("plain-emoji", "👍🏽"), ("unjoined", "")]
    assert "Noto Color Emoji" in cautions[0].message
    assert "FriBiDi" in cautions[1].message
