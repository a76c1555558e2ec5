"""Whose line it is: labels by evidence."""

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
    "how the voice sounds is no part of the name": (
        "Zoé Roy, voix off : Il neige.\nIvo (au téléphone) : Ici aussi.\nZoé Roy : Bien.\nIvo : Bien.",
        ["Zoé Roy", "Ivo"] * 2,
    ),
    "nor is what the person does": (
        "Ana Sol, directora del museo para la infancia : Hola.\nLeo : Hola.\nAna Sol : ¿Vamos?\nLeo : Sí.",
        ["Ana Sol", "Leo"] * 2,
    ),
    "who gives an address": (
        "Zoé: On y va.\nIvo: Où ?\nZoé: https://example.org/a\nIvo: Bien.",
        ["Zoé", "Ivo"] * 2,
    ),
    "a voice without a name": (
        "Voix off : Bienvenue.\nDiverses voix off - Film Nanouk : Il fait froid.\nVoix off : Merci.",
        ["Voix off", "Diverses voix off - Film Nanouk", "Voix off"],
    ),
    "a name that stands once, where labels are the habit": (
        "Ivo : Bonjour.\nMaud : Salut.\nRégie : Dix secondes !\nIvo : On y va.\nMaud : Oui.",
        ["Ivo", "Maud", "Régie", "Ivo", "Maud"],
    ),
    "names that are also words": (
        "Will: I will go.\nGrace: With grace, I hope.\nWill: Sure.\nGrace: Good.",
        ["Will", "Grace"] * 2,
    ),
    "lines without a label go on with the last speaker": (
        "Ivo : Un.\nDeux.\nMaud :\nTrois.\nQuatre.\nIvo : Cinq.\nMaud : Six.",
        ["Ivo", "Ivo", "Maud", "Maud", "Ivo", "Maud"],
    ),
    "dashes under a label of several voices": (
        "Ivo : Écoutez.\nVoix diverses : Il pleut.\n— Encore ?\n— Toujours.\nIvo : Voilà.",
        ["Ivo", *["Voix diverses"] * 3, "Ivo"],
    ),
    "small letters": (
        "host: hello there\nguest: hi\nhost: how are you\nguest: fine\nhost: good\nguest: bye",
        ["host", "guest"] * 3,
    ),
    "question and answer": ("Q: What is it?\nA: A boat.\nQ: Whose?\nA: Mine.", ["Q", "A"] * 2),
    "one spelling for names that differ in case": (
        "Ivo Brandt: One.\nMaud: Two.\nIVO BRANDT: Three.\nIvo Brandt: Four.\nMaud: Five.",
        ["Ivo Brandt", "Maud", "Ivo Brandt", "Ivo Brandt", "Maud"],
    ),
    "a title written short": (
        "Prof. Roy: Bonjour à tous.\nAna: Bonjour.\nProf. Roy: Bien.\nAna: Oui.",
        ["Prof. Roy", "Ana"] * 2,
    ),
    "people by what they are": (
        "Maire : Bonjour.\nJournaliste : Bonjour.\nMaire : Alors ?\nUne dame dans le public : Il a raison.",
        ["Maire", "Journaliste", "Maire", "Une dame dans le public"],
    ),
    "Japanese": ("田中： こんにちは。\n鈴木： はい。\n田中： では。\n鈴木： ええ。", ["田中", "鈴木"] * 2),
    "Russian": ("Иван: Привет.\nМария: Да.\nИван: Начнём.\nМария: Да.", ["Иван", "Мария"] * 2),
    "a dash inside a sentence": (
        "Paris – on y revient – dormait.\nNous aussi.\nParis – la belle – rêvait.\n" + "Pas nous.\n" * 5,
        NOBODY,
    ),
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
def test_a_label_is_who_speaks_and_nothing_else_is(read, text, people):
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
def test_the_speakers_of_a_transcript_are_the_people_who_talk(data, name, people):
    assert set(speakers(data(name))) == people


@over_rows(
    "line",
    [
        "Links: https://example.org/a?b=1&c=2",
        "Website: www.example.org",
        "Contact: zoe.lambert@example.org",
        "LINKS: https://example.org/",
    ],
)
def test_what_stands_before_nothing_but_an_address_is_no_speaker(read, line):
    found = read(f"Zoé Lambert: On y va.\nIvo: Déjà ?\nZoé Lambert: Oui.\nIvo: Bien.\n\nShow notes\n\n{line}\n{line}")
    assert {s.speaker for s in found.segments} <= {"Zoé Lambert", "Ivo", None}
    assert any(line in found.text[s.char_start : s.char_end] for s in found.segments)


def test_a_dash_is_another_voice_whose_name_is_not_known(read, rows):
    found = read("Ivo : Il a demandé.\n— Vous venez ?\n— Non.\nMaud : Et puis ?\nIvo : Rien.\nMaud : Rien.")
    assert rows(found)[:3] == [
        ("speech", "Ivo", "Il a demandé."),
        ("speech", None, "Vous venez ?"),
        ("speech", None, "Non."),
    ]


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
def test_names_and_times_as_transcription_services_write_them(read, rows, text):
    found = read(text)
    assert rows(found) == [("speech", "Ana Sol", "Hello there."), ("speech", "Leo Paz", "Hi.")]
    assert [word.text for word in found.words] == ["Hello", "there.", "Hi."]


def test_names_in_brackets_are_told_from_stage_directions(read, rows):
    found = read("[Ivo] Bonjour.\n[Maud] Salut.\n[Rires]\n[Ivo] On y va ?\n[Maud] Oui.")
    assert rows(found)[:3] == [("speech", "Ivo", "Bonjour."), ("speech", "Maud", "Salut."), ("stage", None, "[Rires]")]


HOSTS = "Ana: We begin.\nLeo: And we go on.\nAna: To the speech.\nLeo: Here it is.\n"


@over_rows("name", ["The President", "Marcus Antonius"])
def test_who_begins_with_a_greeting_on_a_line_of_its_own_is_a_speaker(read, name):
    found = read(f"{HOSTS}{name}: My fellow Americans,\nThis week we met.\nAna: That was all.")
    assert speakers(found)[4:] == [name, name, "Ana"]


@over_rows(
    "line",
    [
        "The President: A Life in Pictures\nThis is a book.",
        "The Pantry: eggs, flour,\nMilk and honey.",
        "The Ingredients: two eggs,\nand milk.",
    ],
)
def test_a_title_or_a_list_is_no_greeting(read, line):
    assert set(speakers(read(f"{HOSTS}{line}\nAna: That was all."))) == {"Ana", "Leo"}


@over_rows(
    "label",
    [
        "\u202eBastien Oriol\u202c",
        "\u2067\u202eBastien Oriol\u202c\u2069",
        "\u061cBastien Oriol\u200f, voix off",
    ],
)
def test_a_name_has_no_controls_of_direction(label: str) -> None:
    assert clean_name(label) == "Bastien Oriol"


@over_rows("label", ["🐻 Osito", "🎙️ Osito (por teléfono)", "Osito [off]", "Osito, el oso 🐻"])
def test_pictures_and_brackets_are_no_part_of_a_name(label: str) -> None:
    assert clean_name(label) == "Osito"
