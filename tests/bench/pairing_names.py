"""Names for the files of four shows, written by someone who did not know how the program pairs files."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.bench.pairing import Desk, Episode, Name


def _radio(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Name audio by date, studio and slot, transcripts by volunteer and day-month-year; some lack their counterpart."""
    slots: dict[str, int] = {}
    no_audio, no_text, drafted = rng.sample(range(len(show)), 3)
    for k, each in enumerate(show):
        slot = slots[str(each.day)] = slots.get(str(each.day), 0) + 1
        if k != no_audio:
            desk.audio(f"{each.day:%Y%m%d}_ST{rng.randint(1, 3)}_{_SLOTS[slot - 1]}{rng.choice(_MIXES)}", each)
        if k == no_text:
            continue
        year = each.day.year - (each.day.month == 1)  # In January people still write the old year.
        name = f"{rng.choice(_VOLUNTEERS)} {each.day.day}-{each.day.month}-{year % 100}"
        name += f" ({slot})" if slot > 1 else ""
        if k == drafted:
            desk.text(f"{name} draft.txt", replace(each, text=each.text[: len(each.text) // 2]))
            desk.text(f"{name} v2 final.txt", each)
        else:
            desk.text(f"{name}{rng.choice(_VERSIONS)}.txt", each)
    desk.text("Josué planning meeting.txt", replace(show[0], key="none", text=_MEETING))


def _comedy(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Number the audio and call the transcripts after guests; two specials have no transcript, and one was cut."""
    specials = rng.sample(range(len(show)), 2)
    for k, each in enumerate(show):
        number = 101 + k
        desk.audio(f"TDS_{number}{rng.choice(_EXPORTS)}", each)
        if k in specials:
            continue
        guest = _COMEDIANS[k % len(_COMEDIANS)] + " again" * (k // len(_COMEDIANS))
        about = f" ({rng.choice(each.words[:8])})" if each.words and k % 2 else ""
        heading = f"Two Damp Spaniels, ep. {number}, with {guest}" if k % 3 == 0 else ""
        desk.text(f"{guest}{about}.txt", each, heading)
    desk.text("Bertram - never released.txt", replace(show[0], key="none", text=_NEVER_RELEASED))


def _lectures(desk: Desk, show: list[Episode], _: random.Random) -> None:
    """Count calendar weeks in the audio, teaching weeks in the transcripts; one lecture is replayed."""
    replayed = len(show) // 2
    given = [*show[:replayed], show[1], *show[replayed:]]
    for k, each in enumerate(given):
        week, lecture = divmod(k, 3)
        calendar_week = week + (2 if week >= 5 else 1)  # Nobody teaches in the sixth week, the reading week.
        topic = "replay" if k == replayed else _slug(each.title)[:28].strip("-").replace("-", "_")
        desk.audio(f"BIO204_W{calendar_week:02d}_L{lecture + 1}_{topic}", each)
        if k not in (replayed, len(given) - 1):  # The last lecture is not transcribed yet.
            weekday = ("Mon", "Wed", "Fri")[lecture]
            desk.text(f"Teaching week {week + 1} {weekday}{' edited' if k % 4 == 1 else ''}.md", each, each.title)


def _interviews(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Name audio by its host's rising ids and guests without accents, transcripts by season and surname."""
    upload = 13_402_117
    guests = rng.sample(_GUESTS, len(_GUESTS))
    for k, each in enumerate(show):
        upload += rng.randint(2_000, 60_000)
        guest = guests[k % len(guests)]  # The first guests return in a later season.
        desk.audio(f"{upload}-{_slug(guest.translate(_GERMAN) if k % 2 else guest)}", each)
        first, surname = guest.split(" ", 1)
        season, number = divmod(k, 9)
        heading = each.title if k % 5 == 0 else ""
        desk.text(f"S{season + 1}E{number + 1:02d} {surname.upper()} {first}.md", each, heading)


def _slug(text: str) -> str:
    """Return a text as lower-case ASCII letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


SHOWS: tuple[Name, ...] = (_radio, _comedy, _lectures, _interviews)

_SLOTS = ("0930", "1400", "1830", "2100")
_MIXES = ("", "", "_mix", "_PAD", "_edited")
_VERSIONS = ("", "", "", " v2", " v2 final", " relu")
_VOLUNTEERS = ("Awa", "Josué", "Mme Ilunga", "Grace")
_EXPORTS = ("", "", "_edited", "_MIXDOWN", "_final", "_final2")
_COMEDIANS = (
    *("Priya", "Owen", "Marguerite", "Dev", "Shanice", "Tobias", "Niamh", "Kwame", "Lottie", "Rhys", "Fatima", "Gus"),
    *("Bea", "Ifan", "Yuki", "Callum", "Sadie", "Amos", "Petra", "Hamish", "Orla", "Joss", "Zadie", "Big Len"),
)
_GUESTS = (
    *("Aurélie Núñez", "Jürgen Krähenbühl", "Zoé Lefèvre", "Íñigo Echeverría", "Käthe Weißgerber", "Noël Bénéteau"),
    *("Begoña Ibáñez", "Jörg Müller", "Hélène Müller", "François d’Estrée", "Úrsula Peñalver", "Günther Schönfeld"),
    *("Maïté Garçon", "Ángel Muñoz", "Björn Großkopf", "Anaïs Crépin", "Raúl Garzón", "Léa Hervé", "Sönke Jäger"),
    *("Inés Quiñones", "Gaëlle Le Goïc", "Bärbel Süß", "Andrés de la Peña", "Cécile Forêt"),
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_MEETING = (
    "Present were Grace, Awa and Josué. The generator needs a new filter before the rains, and the mast must be "
    "painted. Mme Ilunga will ask the district office for the licence again. The training for new volunteers starts "
    "on the second Saturday, and each of them should bring a notebook. The next meeting is in the small studio."
)
_NEVER_RELEASED = (
    "So I said to the man, that is not a hedgehog, that is my hairpiece. He would not give it back. I had to buy a "
    "ticket to the petting zoo to visit it. My agent says that it draws bigger crowds than I do. Can we leave that "
    "out? My wife thinks that it was stolen in Cardiff, and the insurance people listen to podcasts."
)
