"""Names of files: safe on every system, and telling what is in them."""

import re
import unicodedata
from pathlib import Path, PureWindowsPath

from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.outputs import publication_name, upload_name
from aligner.storage.file_names import safe_name
from tests.tables import over_rows


@over_rows(
    "given, name",
    [
        ("episode.mp3", "episode.mp3"),
        ("Épisode 3 – l’été.mp3", "Épisode 3 – l’été.mp3"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.mp3", "a.mp3"),
        ("a\0b\n\x1b[2Jc.mp3", "ab[2Jc.mp3"),
        ("..", "audio"),
        ("", "audio"),
        (".hidden.mp3", "hidden.mp3"),
        (".mp3", "audio.mp3"),
        ("CON.mp3", "CON_.mp3"),
        ("lpt1", "lpt1_"),
        ("con.tar.gz", "con_.tar.gz"),
        ("a" * 300 + ".mp3", "a" * 146 + ".mp3"),
        ("é" * 300 + ".mp3", "é" * 73 + ".mp3"),
        ("e\u0301.mp3", "é.mp3"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a?b*c|d.mp3", "a b c d.mp3"),
        ("name. .mp3", "name.mp3"),
        ("\ud83d.mp3", "audio.mp3"),
    ],
)
def test_a_name_from_outside_becomes_a_file_name(given: str, name: str) -> None:
    assert safe_name(given, "audio") == name


@settings(deadline=None)
@given(st.text(st.characters()))
def test_no_name_leaves_its_folder_hides_or_breaks_a_file_system(given: str) -> None:
    name = safe_name(given, "audio")
    assert Path("/folder", name).parent == Path("/folder")
    assert name == Path("/folder", name).name
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert 0 < len(name.encode("utf-8")) <= 150
    assert not any(unicodedata.category(c).startswith("C") for c in name)
    assert unicodedata.is_normalized("NFC", name)
    assert safe_name(name, "audio") == name


LONG = "Une histoire de vélos qui n’en finit pas de rouler jusqu’au bout de la nuit et du monde entier"


@over_rows("title, date, words, at, name",
    [
        ("Open: a talk", "2026-11-20", "", None, "2026-11-20 Open a talk"),
        ("Open\u202f! L’été", None, "", None, "Open ! L’été"),
        ("AC/DC and 24/7", "2026", "", None, "2026 AC-DC and 24-7"),
        ("St. John v. 2.5", "20 November", "", None, "St John v 2-5"),
        (LONG, "2026-11-20", "", None, "2026-11-20 Une histoire de vélos qui n’en finit pas de rouler jusqu’au bout"),
        ("The ferry", None, "“We waited,” she said.", 4.9, "The ferry - 00m04s We waited,” she said"),
        (
            LONG, "2026-11-20", "«\u00a0Les gens arrivent gênés, ils s’excusent presque.\u00a0»", 3723.0,
            "2026-11-20 Une histoire de vélos qui n’en - 1h02m03s Les gens arrivent",
        ),
        ("", None, "", None, "quotecast"),
        ("...", None, "?!", None, "quotecast"),
        ("CON", None, "", None, "CON_"),
    ],
)  # fmt: skip
def test_what_is_taken_from_an_episode_is_dated_titled_and_cut_at_whole_words(
    title: str, date: str | None, words: str, at: float | None, name: str
) -> None:
    assert publication_name(title, date, words, at) == name


@settings(deadline=None)
@given(st.text(), st.none() | st.text(max_size=12), st.text(), st.none() | st.floats(-1, 1e6))
def test_no_title_makes_a_name_that_some_system_refuses(
    title: str, date: str | None, words: str, at: float | None
) -> None:
    name = publication_name(title, date, words, at)
    assert 0 < len(name) <= 80
    assert len(f"{name} - landscape 999.alignment.json".encode()) <= 255
    assert name == Path(name).name == PureWindowsPath(name).name == name.strip()
    assert not set(name) & set('<>:"/\\|?*.')
    assert name[0] != "-"
    assert safe_name(f"{name}.mp3", "", 255) == f"{name}.mp3"


@over_rows(
    "sound, name",
    [
        ("shows/Épisode 3 & été.MP3", "Episode-3-ete"),
        ("roue_libre-12.mp3", "roue_libre-12"),
        ("2025-03-04 Loopholes & lotteries 🎧 part 1.mp3", "2025-03-04-Loopholes-lotteries-part-1"),
        ("D:\\S01.E02 final--v2.mp3", "S01-E02-final-v2"),
        ("Œuvre.mp3", "oeuvre"),
    ],
)
def test_what_is_uploaded_is_called_as_its_sound_is_in_an_address(sound: str, name: str) -> None:
    assert upload_name(sound) == name
    assert upload_name(f"{name}.mp3") == name


@over_rows("one, other", [("серия 12", "выпуск 12"), ("🎧", "🎤"), ("a" * 90, "a" * 91), ("con", "x")])
def test_names_of_which_letters_are_lost_are_told_apart(one: str, other: str) -> None:
    names = [upload_name(f"{each}.mp3") for each in (one, other)]
    assert names[0] != names[1]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,90}", name) for name in names)
    assert "con" not in names
