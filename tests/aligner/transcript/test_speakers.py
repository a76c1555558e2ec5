"""Speakers' labels are found by evidence from the whole file."""

from __future__ import annotations

from aligner.transcript.names import clean_name
from tests.tables import over_rows


def speakers(transcript):
    return [s.speaker for s in transcript.segments if s.kind == "speech"]


NOBODY = {None}
TEXTS = {
    "a name that recurs before a colon": (
        "Zoé Lambert : On y va.\nIvo : Déjà ?\nZoé Lambert : Oui.\nIvo : Alors j'arrive.",
        ["Zoé Lambert", "Ivo"] * 2,
    ),
    "a qualifier is not part of the name": (
        "Zoé Roy, voix off : Il neige.\nIvo (au téléphone) : Ici aussi.\nZoé Roy : Bien.\nIvo : Bien.",
        ["Zoé Roy", "Ivo"] * 2,
    ),
    "a description is not part of the name": (
        "Ana Sol, directora del museo para la infancia : Hola.\nLeo : Hola.\nAna Sol : ¿Vamos?\nLeo : Sí.",
        ["Ana Sol", "Leo"] * 2,
    ),
    "a speaker who says an address": (
        "Zoé: On y va.\nIvo: Où ?\nZoé: https://example.org/a\nIvo: Bien.",
        ["Zoé", "Ivo"] * 2,
    ),
    "a voice without a name": (
        "Voix off : Bienvenue.\nDiverses voix off - Film Nanouk : Il fait froid.\nVoix off : Merci.",
        ["Voix off", "Diverses voix off - Film Nanouk", "Voix off"],
    ),
    "a name that occurs once among other labels": (
        "Ivo : Bonjour.\nMaud : Salut.\nRégie : Dix secondes !\nIvo : On y va.\nMaud : Oui.",
        ["Ivo", "Maud", "Régie", "Ivo", "Maud"],
    ),
    "lines without a label go on with the last speaker": (
        "Ivo : Un.\nDeux.\nMaud :\nTrois.\nQuatre.\nIvo : Cinq.\nMaud : Six.",
        ["Ivo", "Ivo", "Maud", "Maud", "Ivo", "Maud"],
    ),
    "dashes under a label of several voices": (
        "Ivo : Écoutez.\nVoix diverses : Il pleut.\n— Encore ?\n— Toujours.\nIvo : Voilà.",
        ["Ivo", *["Voix diverses"] * 3, "Ivo"],
    ),
    "one spelling for names that differ in case": (
        "Ivo Brandt: One.\nMaud: Two.\nIVO BRANDT: Three.\nIvo Brandt: Four.\nMaud: Five.",
        ["Ivo Brandt", "Maud", "Ivo Brandt", "Ivo Brandt", "Maud"],
    ),
    "roles as names": (
        "Maire : Bonjour.\nJournaliste : Bonjour.\nMaire : Alors ?\nUne dame dans le public : Il a raison.",
        ["Maire", "Journaliste", "Maire", "Une dame dans le public"],
    ),
    "Japanese": ("田中： こんにちは。\n鈴木： はい。\n田中： では。\n鈴木： ええ。", ["田中", "鈴木"] * 2),
    "a recogniser's times before each line": (
        "[00:00.000 --> 00:02.000]  Thank You\n[00:02.000 --> 00:03.000]  Thank You\n[00:03.0 --> 00:04.0]  Bye\n",
        NOBODY,
    ),
    "a heading that recurs alone on its line": (
        "Chapitre\nIl fait froid ce matin.\nChapitre\nOn attend le bus depuis une heure.",
        NOBODY,
    ),
}


@over_rows("text, people", TEXTS)
def test_labels_name_the_speakers(read, text, people):
    found = speakers(read(text))
    assert (set(found) if isinstance(people, set) else found) == people


@over_rows(
    "name, people",
    [
        ("radio_fr.txt", {"Salomé Verdier", "Inès Karam", "Paul Hautecœur", "Voix off", "Régie", None}),
        ("interview_en.txt", {"HOST", "DR. AMARA OKOYE", "CALLER"}),
        ("servicio_es.txt", {"Lucía Ferrer", "Mateo Ruiz"}),
        ("gespraech_de.txt", {"Jana Brühl", "Tom Sander"}),
        ("wrapped_en.txt", {"Mara Field", "Joe Tan"}),
        ("scenes_fr.txt", {"MARTHE", "LÉON"}),
        ("paragraphs_en.txt", NOBODY),
    ],
)
def test_real_transcripts_have_exactly_their_speakers(data, name, people):
    assert set(speakers(data(name))) == people


@over_rows("line", ["Website: www.example.org", "Contact: zoe.lambert@example.org"])
def test_a_word_before_an_address_is_not_a_speaker(read, line):
    found = read(f"Zoé Lambert: On y va.\nIvo: Déjà ?\nZoé Lambert: Oui.\nIvo: Bien.\n\nShow notes\n\n{line}\n{line}")
    assert {s.speaker for s in found.segments} <= {"Zoé Lambert", "Ivo", None}
    assert any(line in found.text[s.char_start : s.char_end] for s in found.segments)


@over_rows(
    "text",
    [
        "Ana Sol 00:00:01\nHello there.\n\nLeo Paz 00:00:04\nHi.\n",
        "Ana Sol (00:01):\nHello there.\n\nLeo Paz (00:04):\nHi.\n",
        "[00:00:01] Ana Sol: Hello there.\n[00:00:04] Leo Paz: Hi.\n",
        "(0:01) Ana Sol: Hello there.\n(0:04) Leo Paz: Hi.\n",
        "Ana Sol: [00:00:01] Hello there.\nLeo Paz: [00:00:04] Hi.\n",
        "0:01 Ana Sol\nHello there.\n0:04 Leo Paz\nHi.\n",
        "[00:00:01.500] - Ana Sol\nHello there.\n\n[00:00:04.000] - Leo Paz\nHi.\n",
        "Ana Sol | 00:01\nHello there.\nLeo Paz | 00:04\nHi.\n",
        "Ana Sol, 00:00:01.2\nHello there.\n\nLeo Paz, 00:00:04.0\nHi.\n",
    ],
)
def test_names_and_times_of_transcription_services_are_labels(read, rows, text):
    found = read(text)
    assert rows(found) == [("speech", "Ana Sol", "Hello there."), ("speech", "Leo Paz", "Hi.")]
    assert [word.text for word in found.words] == ["Hello", "there.", "Hi."]


@over_rows(
    "label, name",
    [
        ("\u2067\u202eBastien Oriol\u202c\u2069", "Bastien Oriol"),
        ("\u061cBastien Oriol\u200f, voix off", "Bastien Oriol"),
        ("🎙️ Osito (por teléfono)", "Osito"),
        ("Osito, el oso 🐻", "Osito"),
    ],
)
def test_bidirectional_controls_pictures_and_brackets_are_removed_from_names(label: str, name: str) -> None:
    assert clean_name(label) == name
