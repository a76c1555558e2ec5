"""Speakers' labels are found by evidence from the whole file; phrases before a colon are none."""

from collections import Counter

import pytest

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


# For each language: sentences, names, and phrases that begin a sentence with a colon.
TALKS = {
    "fr": (
        "Tu le sais, son travail est là|Il dit que la question est une bonne idée|Le public rit et nous aussi",
        "La Rosalía|Son Heung-Min|Le Pen|Jean-Luc Mélenchon|L’Abbé Pierre|De Gaulle|d’Ormesson|MC Solaar|Dr. Müller"
        "|Mme de La Fayette|Les Inconnus|van den Berg|O’Brien|Ma Jian",
        "Une chose est sûre|Note|Attention|Ingrédients|Il dit|Le problème|La question|Mon conseil|En résumé",
    ),
    "en": (
        "You see the edge of the map|I will say what the problem is|My son will go there, and so will you",
        "The Edge|Dr. Müller|O'Brien|Jean-Luc Picard|Son Heung-Min|The Rock|van den Berg|Will Smith|De Niro|MC Hammer",
        "One thing is certain|Note|Warning|Ingredients|He says|The problem|The question|My advice|In short",
    ),
    "de": (
        "Das ist eine Frage für den Rest|Er sagt, die Antwort kommt gleich|Von der Sache weiß ich nichts",
        "Dr. Müller|Jean-Luc Picard|Son Heung-Min|zu Guttenberg|von Weizsäcker|Ursula von der Leyen|Müller-Lüdenscheidt"
        "|La Rosalía|Frau Klein|O’Brien|van den Berg",
        "Eine Sache ist sicher|Hinweis|Achtung|Zutaten|Er sagt|Das Problem|Die Frage|Kurz gesagt|Zum Beispiel",
    ),
    "es": (
        "Yo digo que los discos son una cosa|El problema es la sala|De la cruz no sé, porque el mago no habla",
        "La Rosalía|El Mago Pop|De la Cruz|Son Heung-Min|Los Morancos|La Mala Rodríguez|Dr. Müller|van den Berg|d'Ors",
        "Una cosa es segura|Nota|Atención|Ingredientes|Él dice|El problema|La pregunta|Mi consejo|En resumen",
    ),
    "it": (
        "Il problema è il suono|Io dico che lo sanno tutti|Se il sindaco ride, ma non parla",
        "Il Volo|La Zanicchi|Lo Stato Sociale|De André|Di Maio|D'Alema|Il Sindaco di Roma|Le Vibrazioni|Son Heung-Min",
        "Una cosa è certa|Nota|Attenzione|Ingredienti|Lui dice|Il problema|La domanda|Il mio consiglio|In breve",
    ),
    "pt": (
        "O problema é o som|Eu não sei que coisas são|A resposta vem depois, mas os outros riem",
        "Os Mutantes|O Rappa|Da Silva|Dos Santos|As Meninas|Son Heung-Min|O'Brien|de Oliveira|Dr. Müller",
        "Uma coisa é certa|Nota|Atenção|Ingredientes|Ele diz|O problema|A pergunta|Meu conselho|Em resumo",
    ),
    "nl": (
        "Het probleem is de zaal|Ik zeg niet wat de vraag was|Van de zaak weet ik niets, maar de rest ook",
        "De Jeugd van Tegenwoordig|van den Berg|Van der Valk|De Kast|’t Hooft|ten Hag|Dr. Müller|Son Heung-Min",
        "Eén ding is zeker|Opmerking|Let op|Ingrediënten|Hij zegt|Het probleem|De vraag|Mijn advies|Kortom",
    ),
    "pl": (
        "To jest rzecz, o której mówię|Odpowiedź przyjdzie później|Nic o tym nie wiem, a reszta się śmieje",
        "Jean-Luc Godard|Son Heung-Min|La Rosalía|Kowalska-Nowak|van den Berg|O'Brien|MC Solaar",
        "Jedno jest pewne|Uwaga|Składniki|Mój wniosek|Krótko mówiąc|Na przykład",
    ),
}
NAMES = [(language, name) for language, (_, names, _) in TALKS.items() for name in names.split("|")]
PHRASES = [(language, phrase) for language, (_, _, phrases) in TALKS.items() for phrase in phrases.split("|")]


def talk(language: str, label: str, times: int, *, small: bool = False) -> list[str]:
    """Return the lines of two speakers, with ``times`` lines of the label; ``small`` starts these in lower case."""
    said = TALKS[language][0].split("|")
    lines = []
    for turn in range(12):
        lines.append(f"{('Ana Sol', 'Karim')[turn % 2]}: {said[turn % 3]}. {said[(turn + 1) % 3]}!")
        if turn % 2 and turn < 2 * times:
            words = said[(turn // 2) % 3]
            lines.append(f"{label}: {words[0].lower() + words[1:] if small else words}.")
    return lines


def cues(lines: list[str]) -> str:
    return "\n".join(f"{n}\n00:{n:02d}:00,000 --> 00:{n:02d}:04,000\n{line}\n" for n, line in enumerate(lines, start=1))


def turns_of(transcript) -> Counter:
    return Counter(segment.speaker for segment in transcript.segments if segment.kind == "speech")


@pytest.mark.nightly
@over_rows("language, name", NAMES)
def test_a_recurring_name_is_a_speaker(read, language, name):
    lines = talk(language, name, 3)
    wanted = {"Ana Sol": 6, "Karim": 6, name: 3}
    assert turns_of(read("\n".join(lines))) == wanted
    assert turns_of(read("\n".join(talk(language, name, 2)))) == wanted | {name: 2}
    assert turns_of(read(cues(lines), "talk.srt"))[name] == 3
    assert turns_of(read("\n\n".join(f"**{line.replace(':', ':**', 1)}" for line in lines), "talk.md")) == wanted


@pytest.mark.nightly
@over_rows("times", [1, 2, 3])
@over_rows("language, phrase", PHRASES)
def test_a_phrase_before_a_colon_is_not_a_speaker(read, language, phrase, times):
    found = read("\n".join(talk(language, phrase, times, small=True)))
    assert set(turns_of(found)) == {"Ana Sol", "Karim"}
    assert found.text.count(f"{phrase}: ") == times


@over_rows("language, phrase", PHRASES)
def test_a_phrase_in_capitals_is_not_a_speaker_if_names_are_not_in_capitals(read, language, phrase):
    found = read("\n".join(talk(language, phrase.upper(), 3, small=True)))
    assert set(turns_of(found)) == {"Ana Sol", "Karim"}


@over_rows("label", ["HOST", "INTERVIEWER", "JOURNALISTE", "Moderator", "NARRADORA", "CONDUTTRICE"])
@over_rows("words", ["what kind of boat is it, and whose?", "what kind of"])
def test_a_role_is_a_speaker_before_a_small_letter(read, label, words):
    lines = talk("en", "Note", 0)
    times = 1 if label.isupper() else 2
    assert turns_of(read("\n".join([*lines, *[f"{label}: {words}"] * times, *lines])))[label] == times


def test_a_recurring_name_in_capitals_is_a_speaker_if_names_are_in_capitals(read):
    lines = [
        line.replace("Ana Sol", "ANA SOL").replace("Karim", "KARIM") for line in talk("en", "LEO PAZ", 2, small=True)
    ]
    assert turns_of(read("\n".join(lines))) == {"ANA SOL": 6, "KARIM": 6, "LEO PAZ": 2}


def test_turns_may_start_with_a_small_letter(read):
    answers = "Q: What is it?\nA: a boat, of course.\nQ: Whose?\nA: mine, since last year.\n"
    assert turns_of(read(answers)) == {"Q": 2, "A": 2}
    chat = "Ana Sol: Is it far?\nKarim: it is.\nLeo Paz: Not so far.\n"
    assert turns_of(read(chat * 4)) == {"Ana Sol": 4, "Karim": 4, "Leo Paz": 4}
