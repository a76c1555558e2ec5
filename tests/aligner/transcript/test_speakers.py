"""Whose line it is: labels by evidence."""

from __future__ import annotations

import pytest


def speakers(transcript):
    return [s.speaker for s in transcript.segments if s.kind == "speech"]


def test_a_recurring_name_before_a_colon_is_a_speaker(read):
    found = read("Zoé Lambert : On y va.\nIvo : Déjà ?\nZoé Lambert : Oui.\nIvo : Alors j'arrive.")
    assert speakers(found) == ["Zoé Lambert", "Ivo", "Zoé Lambert", "Ivo"]


def test_what_the_voice_sounds_like_is_no_part_of_the_name(read):
    found = read("Zoé Lambert, voix off : Il neige.\nIvo (au téléphone) : Ici aussi.\nZoé Lambert : Bien.\nIvo : Bien.")
    assert set(speakers(found)) == {"Zoé Lambert", "Ivo"}


def test_a_title_after_the_name_is_no_part_of_it(read):
    text = "Ana Sol, directora del museo para la infancia : Hola.\nLeo Paz : Hola.\nAna Sol : ¿Vamos?\nLeo Paz : Sí."
    assert speakers(read(text)) == ["Ana Sol", "Leo Paz"] * 2


@pytest.mark.parametrize(
    "line",
    [
        "Links: https://example.org/a?b=1&c=2",
        "Links: https://example.org/a https://example.org/b",
        "Website: www.example.org",
        "Contact: zoe.lambert@example.org",
        "Patreon: <https://patreon.com/x>",
        "LINKS: https://example.org/",
    ],
)
def test_what_stands_before_nothing_but_an_address_is_no_speaker(read, line):
    found = read(f"Zoé Lambert: On y va.\nIvo: Déjà ?\nZoé Lambert: Oui.\nIvo: Bien.\n\nShow notes\n\n{line}\n{line}")
    assert {s.speaker for s in found.segments} <= {"Zoé Lambert", "Ivo", None}
    assert any(line in found.text[s.char_start : s.char_end] for s in found.segments)


def test_a_speaker_who_gives_an_address_stays_one(read):
    found = read("Zoé: On y va.\nIvo: Où ?\nZoé: https://example.org/a\nIvo: Bien.")
    assert speakers(found) == ["Zoé", "Ivo"] * 2


def test_a_voice_without_a_name_keeps_its_label(read):
    found = read("Voix off : Bienvenue.\nDiverses voix off - Film Nanouk : Il fait froid.\nVoix off : Merci.")
    assert speakers(found) == ["Voix off", "Diverses voix off - Film Nanouk", "Voix off"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Je vous demande une chose : restez.",
        "Résultat : tout le monde est parti.",
        "Une chose est sûre : il reviendra.",
        "Donc : on recommence.",
        "Ma conclusion : personne ne savait.",
    ],
)
def test_a_sentence_with_a_colon_is_no_label(read, sentence):
    found = read(f"Ivo : Bonjour.\nMaud : Salut.\nIvo : Voilà.\n{sentence}\nMaud : D'accord.")
    assert speakers(found) == ["Ivo", "Maud", "Ivo", "Ivo", "Maud"]
    assert sentence in [found.text[s.char_start : s.char_end] for s in found.segments]


@pytest.mark.parametrize(
    "answer", ["Klare Antwort: nein, das geht nicht.", "Meine Frage: Warum?", "Das Ergebnis: null."]
)
def test_a_german_noun_before_a_colon_is_no_label(read, answer):
    found = read(f"Moderator: Willkommen.\nFrau Klein: Danke.\n{answer}\nModerator: Gut.\nFrau Klein: Ja.")
    assert speakers(found) == ["Moderator", "Frau Klein", "Frau Klein", "Moderator", "Frau Klein"]


def test_a_name_seen_once_is_a_speaker_where_labels_are_the_habit(read):
    found = read("Ivo : Bonjour.\nMaud : Salut.\nRégie : Dix secondes !\nIvo : On y va.\nMaud : Oui.")
    assert "Régie" in speakers(found)


def test_names_that_are_also_words_are_speakers_if_they_recur(read):
    found = read("Will: I will go.\nGrace: With grace, I hope.\nWill: Sure.\nGrace: Good.")
    assert speakers(found) == ["Will", "Grace", "Will", "Grace"]


def test_lines_without_a_label_go_on_with_the_last_speaker(read):
    found = read("Ivo : Un.\nDeux.\nMaud :\nTrois.\nQuatre.\nIvo : Cinq.\nMaud : Six.")
    assert speakers(found) == ["Ivo", "Ivo", "Maud", "Maud", "Ivo", "Maud"]


def test_a_dash_is_another_voice_whose_name_is_not_known(read, rows):
    found = read("Ivo : Il a demandé.\n— Vous venez ?\n— Non.\nMaud : Et puis ?\nIvo : Rien.\nMaud : Rien.")
    assert rows(found)[:3] == [
        ("speech", "Ivo", "Il a demandé."),
        ("speech", None, "Vous venez ?"),
        ("speech", None, "Non."),
    ]


def test_dashes_under_a_label_of_several_voices_are_theirs(read):
    found = read("Ivo : Écoutez.\nVoix diverses : Il pleut.\n— Encore ?\n— Toujours.\nIvo : Voilà.")
    assert speakers(found) == ["Ivo", "Voix diverses", "Voix diverses", "Voix diverses", "Ivo"]


def test_labels_in_small_letters_count_if_they_recur(read):
    found = read("host: hello there\nguest: hi\nhost: how are you\nguest: fine\nhost: good\nguest: bye")
    assert speakers(found) == ["host", "guest"] * 3


def test_question_and_answer_letters_are_speakers(read):
    found = read("Q: What is it?\nA: A boat.\nQ: Whose?\nA: Mine.")
    assert speakers(found) == ["Q", "A", "Q", "A"]


def test_one_spelling_for_names_that_differ_in_case(read):
    found = read("Ivo Brandt: One.\nMaud: Two.\nIVO BRANDT: Three.\nIvo Brandt: Four.\nMaud: Five.")
    assert set(speakers(found)) == {"Ivo Brandt", "Maud"}


@pytest.mark.parametrize(
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


def test_times_alone_are_not_speech(read, rows):
    found = read("00:00:01\nHello there.\n\n00:00:04\nHi.\n")
    assert [kind for kind, _, _ in rows(found)] == ["note", "speech", "note", "speech"]


def test_a_recognisers_times_before_each_line_make_no_speakers(read):
    found = read(
        "[00:00.000 --> 00:02.000]  Thank You\n[00:02.000 --> 00:03.000]  Thank You\n[00:03.0 --> 00:04.0]  Bye\n"
    )
    assert set(speakers(found)) == {None}
    assert [w.text for w in found.words if found.segments[w.segment].kind == "speech"] == [
        *["Thank", "You"] * 2,
        "Bye",
    ]


@pytest.mark.parametrize("heading", ["Transcript", "Transcription", "Chapitre", "Kapitel"])
def test_a_heading_that_recurs_alone_on_its_line_is_no_speaker(read, heading):
    found = read(f"{heading}\nIl fait froid ce matin.\n{heading}\nOn attend le bus depuis une heure.")
    assert set(speakers(found)) == {None}


def test_names_alone_on_their_lines_are_speakers_if_they_recur(data):
    assert speakers(data("scenes_fr.txt")) == ["MARTHE", "LÉON", "MARTHE", "LÉON"]


def test_names_in_capitals_before_a_dash(read):
    found = read("M. LE MAIRE. — La séance est ouverte.\nMme ROY. — Merci.\nM. LE MAIRE. — À vous.\nMme ROY. — Bien.")
    assert speakers(found) == ["M. LE MAIRE", "Mme ROY"] * 2


def test_names_in_brackets_are_told_from_stage_directions(read, rows):
    found = read("[Ivo] Bonjour.\n[Maud] Salut.\n[Rires]\n[Ivo] On y va ?\n[Maud] Oui.")
    assert rows(found)[:3] == [("speech", "Ivo", "Bonjour."), ("speech", "Maud", "Salut."), ("stage", None, "[Rires]")]


def test_turns_run_together_in_one_line_are_parted(read):
    turns = [("Ana Sol", "Good evening and welcome to the market."), ("Leo Paz", "Thank you, it is loud in here!")]
    turns += [("Ana Sol", "Here is one thing I love: the noise of crates."), ("Leo Paz", "I prefer the quiet ones.")]
    found = read(" ".join(f"{name}: {words}" for name, words in turns * 2))
    assert speakers(found) == [name for name, _ in turns * 2]


@pytest.mark.parametrize(
    "name", ["M. Dupont", "Dr. José María", "J.-P. Roy", "Prof. Dr. Müller", "Martin L. King", "Ana María", "St. John"]
)
def test_a_name_is_whole_where_turns_run_together(read, name):
    turns = [(name, "Good evening and welcome to the market."), ("Leo", "Thank you. No. It is loud in here!")] * 3
    found = read(" ".join(f"{speaker}: {words}" for speaker, words in turns))
    assert speakers(found) == [speaker for speaker, _ in turns]


def test_a_sentence_of_one_word_before_a_name_is_none_of_it(read):
    turns = [("Ana", "Is it loud in the market of the old town? Vale."), ("Leo", "It is. We all use Windows X.")] * 3
    found = read(" ".join(f"{speaker}: {words}" for speaker, words in turns))
    assert speakers(found) == [speaker for speaker, _ in turns]


def test_a_title_written_short_is_no_end_of_a_sentence_in_a_label(read):
    assert (
        speakers(read("Prof. Roy: Bonjour à tous.\nAna: Bonjour.\nProf. Roy: Bien.\nAna: Oui."))
        == [
            "Prof. Roy",
            "Ana",
        ]
        * 2
    )


@pytest.mark.parametrize(
    "name", ["Prof. Dr. h. c. Müller-Lüdenscheidt", "Dr. med. Anna Weber", "Prof. Dr. Dr. h. c. mult. Anna Maria Weber"]
)
def test_what_is_short_after_a_title_is_of_the_name(read, name):
    found = read(f"Jörg: Guten Tag.\n{name}: Danke für die Einladung.\nJörg: Gern.")
    assert speakers(found) == ["Jörg", name, "Jörg"]


@pytest.mark.parametrize("opening", ["z. B.", "d. h.", "Ask Dr. who. Answer", "Er ist Dr. med. und"])
def test_short_forms_that_follow_no_title_make_no_name(read, opening):
    found = read(f"Jörg: Guten Tag.\n{opening}: Das war alles.\nAna: Danke.\nJörg: Gern.\nAna: Bis dann.")
    assert speakers(found) == ["Jörg", "Jörg", "Ana", "Jörg", "Ana"]


HOSTS = "Ana: We begin.\nLeo: And we go on.\nAna: To the speech.\nLeo: Here it is.\n"


@pytest.mark.parametrize("name", ["The President", "Marcus Antonius"])
def test_who_begins_with_a_greeting_on_a_line_of_its_own_is_a_speaker(read, name):
    found = read(f"{HOSTS}{name}: My fellow Americans,\nThis week we met.\nAna: That was all.")
    assert speakers(found)[4:] == [name, name, "Ana"]


@pytest.mark.parametrize(
    "line",
    [
        "The President: A Life in Pictures\nThis is a book.",
        "The President: a life, in pictures,\nThis is a book.",
        "The Pantry: eggs, flour,\nMilk and honey.",
        "Ingredients: two eggs,\nThree spoons.",
        "The Ingredients: two eggs,\nand milk.",
    ],
)
def test_a_title_or_a_list_is_no_greeting(read, line):
    assert set(speakers(read(f"{HOSTS}{line}\nAna: That was all."))) == {"Ana", "Leo"}


WRAPPED = """Ana María: Bien, gracias por venir hoy al estudio, que está en la
calle mayor de la ciudad vieja y no es fácil de encontrar. {first}
{second}: Es verdad, no es fácil de encontrar pero aquí estamos ya
contentos de estar con todos vosotros en esta casa tan bonita y
grande que tenemos delante de nosotros y de los oyentes.
{third}: Muchas gracias por todo y hasta luego a todos los que nos
escuchan desde su casa en esta tarde de domingo tan fría, Ana."""


@pytest.mark.parametrize(
    ("first", "second", "third", "names"),
    [
        ("Ana", "María", "Ana María", ["Ana María", "Ana María", "Ana María"]),
        ("Gracias", "Pedro", "Pedro", ["Ana María", "Pedro", "Pedro"]),
        ("Gracias.", "María", "Ana María", ["Ana María", "María", "Ana María"]),
    ],
)
def test_a_name_that_an_editor_wrapped_is_whole(read, first, second, third, names):
    found = read(WRAPPED.format(first=first, second=second, third=third))
    assert speakers(found) == names


@pytest.mark.parametrize(
    "turns",
    [
        "田中： こんにちは。\n鈴木： はい。\n田中： では。\n鈴木： ええ。",
        "Иван: Привет.\nМария: Да.\nИван: Начнём.\nМария: Да.",
    ],
)
def test_names_in_other_scripts(read, turns):
    found = read(turns)
    assert len(set(speakers(found))) == 2
    assert None not in speakers(found)


def test_text_without_labels_has_no_speaker(data):
    assert set(speakers(data("paragraphs_en.txt"))) == {None}


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("radio_fr.txt", {"Salomé Verdier", "Inès Karam", "Paul Hautecœur", "Voix off", "Régie", None}),
        ("interview_en.txt", {"HOST", "DR. AMARA OKOYE", "CALLER"}),
        ("servicio_es.txt", {"Lucía Ferrer", "Mateo Ruiz"}),
        ("gespraech_de.txt", {"Jana Brühl", "Tom Sander"}),
        ("wrapped_en.txt", {"Mara Field", "Joe Tan"}),
    ],
)
def test_the_speakers_of_a_transcript_are_the_people_who_talk(data, name, people):
    assert set(speakers(data(name))) == people


def test_names_before_a_dash_are_speakers_where_that_is_the_habit(read):
    found = read("Karim – Bonjour.\nJeanne – Bonjour.\nKarim – Une question : fait-il froid ?\nJeanne – Oui.")
    assert speakers(found) == ["Karim", "Jeanne", "Karim", "Jeanne"]


def test_a_dash_inside_a_sentence_makes_no_speaker(read):
    lines = ["Paris – on y revient – dormait.", "Nous aussi.", "Paris – la belle – rêvait.", *["Pas nous."] * 5]
    assert set(speakers(read("\n".join(lines)))) == {None}


def test_people_described_by_what_they_are(read):
    turns = ["Maire : Bonjour.", "Journaliste : Bonjour.", "Maire : Alors ?", "Une dame dans le public : Il a raison."]
    assert speakers(read("\n".join(turns)))[-1] == "Une dame dans le public"


@pytest.mark.parametrize(
    ("asks", "answers"), [("Q", "A"), ("Q", "R"), ("F", "A"), ("P", "R"), ("D", "R"), ("V", "A")], ids="".join
)
@pytest.mark.parametrize("mark", ["{}. ", "**{}.** "])
def test_question_and_answer_with_a_letter_each_are_two_speakers(read, asks, answers, mark):
    ask, answer = mark.format(asks), mark.format(answers)
    lines = [f"{ask}how did it begin?", f"{answer}It was the people.", f"{ask}And then?", f"{answer}we stayed there."]
    found = read("\n\n".join(lines), "talk.md" if "*" in mark else "talk.txt")
    assert [segment.speaker for segment in found.segments] == [asks, answers, asks, answers]
    assert [word.text for word in found.words][:5] == ["how", "did", "it", "begin?", "It"]


@pytest.mark.parametrize(
    "lines",
    [
        ["A. the first point", "B. the second one", "A. again the first", "B. again the second"],
        ["A. Smith wrote it.", "Q. Jones did not.", "A. Smith knew."],
        ["Q. what is it?", "Nobody said a word.", "Q. what else?", "Nobody said a word again."],
        ["Q. eins", "A. zwei", "A. drei", "A. vier", "A. five", "Q. six", "C. sieben"],
    ],
)
def test_letters_that_number_a_list_or_begin_a_name_are_no_speakers(read, lines):
    assert {segment.speaker for segment in read("\n\n".join(lines)).segments} == {None}
