"""Headings, notes, stage directions, words and text of plain-text transcripts."""

from __future__ import annotations

import pytest


def test_a_heading_with_a_colon_is_not_a_speaker(data, of_kind):
    assert "Du béton à la bêche : les débuts" in of_kind(data("radio_fr.txt"), "heading")


def test_credits_above_the_first_turn_are_notes(data, of_kind):
    notes = of_kind(data("radio_fr.txt"), "note")
    assert [note.split(" :")[0] for note in notes[:6]] == ["Titre", "Intervenantes", "Lieu", "Date", "Durée", "NB"]


def test_a_reference_list_at_the_end_is_notes(data, rows):
    assert [kind for kind, _, _ in rows(data("radio_fr.txt"))][-3:] == ["heading", "note", "note"]


def test_an_unfinished_line_is_no_heading(data, of_kind):
    assert "On commence avec trois outils" in of_kind(data("radio_fr.txt"), "speech")


def test_titles_between_paragraphs_are_headings(data, of_kind):
    assert of_kind(data("paragraphs_en.txt"), "heading") == ["The Lighthouse Keeper", "The second night"]


def test_a_file_without_full_stops_has_no_headings(data, rows):
    assert {kind for kind, _, _ in rows(data("lyrics.txt"))} == {"speech"}


def test_a_numbered_episode_is_a_heading(data, of_kind):
    assert of_kind(data("interview_en.txt"), "heading") == ["EPISODE 12: WHY BRIDGES SING"]


def test_a_line_that_starts_with_a_hash_is_a_heading(read, of_kind):
    assert of_kind(read("# The mill\nIt turns. It turns again."), "heading") == ["# The mill"]


@pytest.mark.parametrize("text", ["so we went down to the sea", "So we went", "ouais c'est ça\nbon\nalors"])
def test_a_short_clip_is_speech(read, rows, text):
    assert {kind for kind, _, _ in rows(read(text))} == {"speech"}


def test_lines_wrapped_by_an_editor_are_one_paragraph(data):
    assert len(data("wrapped_en.txt").segments) == 4


@pytest.mark.parametrize("sentence", ["Le monde[3].", "Le monde [3].", "Le monde[3]", "Le monde. [3]", "Le monde³."])
def test_a_footnote_mark_is_a_note_cut_off_its_word(read, rows, sentence):
    found = read(f"Un début¹. {sentence}\nUne suite.")
    mark = "³" if "³" in sentence else "[3]"
    assert ("note", None, mark) in rows(found)
    assert "monde" in [w.text.strip(".") for w in found.words]
    assert not any("[" in w.text for w in found.words if found.segments[w.segment].kind == "speech")


def test_a_mark_is_a_word_of_its_own(read):
    found = read("Loin du monde[1].\nPrès de la mer.")
    assert [(w.text, found.segments[w.segment].kind.value) for w in found.words[:4]] == [
        ("Loin", "speech"),
        ("du", "speech"),
        ("monde", "speech"),
        ("[1]", "note"),
    ]


def test_a_power_is_no_footnote(read, of_kind):
    assert of_kind(read("Une note¹ pour 3 km² de prés².\nFin."), "note") == ["¹", "²"]


@pytest.mark.parametrize(
    "mark",
    [
        "(rires)",
        "(bruit de porte)",
        "(Laughs)",
        "[Applaudissements du public]",
        "[upbeat music plays]",
        "(risas)",
        "(lacht)",
        "(elle rit)",
    ],
)
def test_a_sound_in_brackets_is_a_stage_direction(read, of_kind, mark):
    assert of_kind(read(f"We went {mark} down to the sea.\nIt was cold."), "stage") == [mark]
    assert of_kind(read(f"We went down to the sea.\n{mark}\nIt was cold."), "stage") == [mark]


@pytest.mark.parametrize(
    "aside",
    [
        "(an alloy of iron and carbon)",
        "(all three of them)",
        "(music, painting)",
        "(MSF)",
        "(Médecins sans frontières)",
        "(je ris, mais c'est grave)",
        "(oui, comptable)",
        "[the engineers]",
        "[T]hen",
    ],
)
def test_an_aside_stays_speech(read, of_kind, aside):
    assert of_kind(read(f"They said it {aside} more than once.\nThat is all."), "stage") == []


def test_a_sentence_in_brackets_on_its_own_line_stays_speech(read, of_kind):
    assert of_kind(read("It was cold.\n(I never told you that, by the way.)\nIt was late."), "stage") == []


def test_a_bare_sound_on_its_own_line_is_a_stage_direction(read, of_kind):
    assert of_kind(read("Ivo : Bonjour.\nApplaudissements\nMaud : Merci.\nIvo : Oui.\nMaud : Bien."), "stage") == [
        "Applaudissements"
    ]


def test_a_time_inside_a_turn_is_a_note(read, of_kind):
    assert of_kind(read("They came [00:04:10] and went.\nThat is all."), "note") == ["[00:04:10]"]


TALK = "The ferry left before dawn.\nNine people were on board.\n"
PROSE = "My grandmother kept bees behind the chapel.\nEvery summer she sold honey to people from the city.\n"
LINKS = "".join(f"{title}, https://example.org/{title}\n" for title in ("Bees", "Ferries", "Lamps", "Honey", "Wells"))


@pytest.mark.parametrize("heading", ["Show notes", "Notes", "Sources :", "Liens utiles", "# References"])
def test_what_follows_notes_is_not_spoken_where_it_is_a_list_or_the_smaller_part(read, of_kind, heading):
    for notes in (LINKS * 4, "It was told in 1998.\n", "Bees\nFerries\nLamps\n" * 4):
        found = read(f"{TALK}{heading}\n{notes}")
        assert of_kind(found, "heading") == [heading]
        assert of_kind(found, "speech") == TALK.splitlines()


TURNS = "Ana: The ferry left before dawn.\nLeo: Nine people were on board.\nAna: Who lit the lamps?\nLeo: Nobody.\n"


@pytest.mark.parametrize(
    "notes",
    [
        'Music: "Two tones", CC0.\n',
        "Guest: Zoé Lambert, who keeps bees.\nMusic: Two tones.\nMusic: A third one.\n",
        "[1] The garden is behind the studio.\nPhotograph: Ivo Brandt\n",
    ],
)
@pytest.mark.parametrize("name", ["talk.txt", "talk.md"])
def test_what_stands_below_notes_is_no_speakers_whatever_has_a_colon_there(read, of_kind, notes, name):
    found = read(f"{TURNS}\n## Show notes\n\n{notes}".replace("\n", "\n\n"), name)
    assert {each.speaker for each in found.segments} <= {"Ana", "Leo", None}
    assert of_kind(found, "note") == notes.splitlines()
    assert len(of_kind(found, "speech")) == 4


@pytest.mark.parametrize(
    "below",
    [
        "Ana: Where do we find them?\n",
        "Zoé: Here they are.\nIvo: Which ones?\nZoé: Those.\nIvo: Ah.\n",
    ],
)
def test_where_those_who_talk_above_a_heading_notes_do_below_or_two_others_it_is_said(read, of_kind, below):
    found = read(f"{TURNS}\n# Sources\n\n{below}")
    assert len(of_kind(found, "speech")) == 4 + len(below.splitlines())
    assert of_kind(found, "note") == []


def test_a_heading_notes_in_mid_text_makes_no_notes_of_the_talk_that_follows(read, of_kind):
    found = read(f"{TALK}Show notes\n{PROSE * 4}Sources\n{LINKS}")
    assert of_kind(found, "heading") == ["Show notes", "Sources"]
    assert of_kind(found, "speech") == [*TALK.splitlines(), *PROSE.splitlines() * 4]


def test_a_text_that_is_all_below_a_heading_notes_is_spoken(read, of_kind):
    assert of_kind(read(f"# The ferry\nNotes\n{TALK}"), "speech") == TALK.splitlines()


@pytest.mark.parametrize("tag", ["<vocnoise>", "<br/>", "</i>", '<break time="1s" strength=weak />', "1\ufe0f\u20e3"])
def test_a_tag_and_a_figure_drawn_as_a_picture_are_notes_that_part_words(read, of_kind, tag):
    found = read(f"They came{tag} and {tag}, they say,{tag}went.\nThat is all.")
    assert of_kind(found, "note") == [tag] * 3
    spoken = [word.text for word in found.words if found.segments[word.segment].kind == "speech"]
    assert " ".join(spoken) == "They came and they say, went. That is all."


def test_a_tag_on_its_own_line_is_a_note(read, of_kind):
    assert of_kind(read("They came.\n<vocnoise/>\nThat is all."), "note") == ["<vocnoise/>"]


@pytest.mark.parametrize("text", ["if x <y and y> z", "a < b and c > d", "<3", "I <heart you", "<Odile>", "-> there"])
def test_less_and_more_make_no_tag(read, of_kind, text):
    assert of_kind(read(f"It holds {text} as it is.\nThat is all."), "note") == []


def test_words_part_at_no_break_spaces_too(read):
    found = read("Pas\u00a0mal\u202f! dit-il, «\u00a0oui\u00a0».")
    assert [w.text for w in found.words] == ["Pas", "mal", "dit-il,", "oui"]


def test_the_text_is_the_decoded_file_to_the_last_character(read):
    text = "Ivo : Un.\r\nDeux.\r\n\r\n\tTrois. \rQuatre.\n"
    assert read("\ufeff" + text).text == text


def test_the_words_under_a_name_are_no_heading(read, rows):
    found = read("Voix off:\nLe Bocal\nIvo:\nBonjour à toutes.\nVoix off:\nLe Bocal\nIvo:\nAu revoir.")
    assert rows(found)[0] == ("speech", "Voix off", "Le Bocal")


def test_wrapped_lines_that_start_with_a_figure_or_a_bracket_go_on(read):
    lines = [
        "Mara Field: We built it from parts that we had found in the old shed,",
        "250 of them, and from a rule that my uncle gave us when we were small",
        "(he was a clockmaker), and it said one simple thing on the front page",
        "of his book: never trust a spring that you have not wound up yourself.",
    ]
    found = read("\n".join(lines))
    assert [s.speaker for s in found.segments] == ["Mara Field"]
    assert len(found.segments) == 1


def test_page_text_above_a_transcript_heading_is_not_spoken(read, of_kind):
    page = "The Shed\n\nA show about clocks. Subscribe!\n\nTranscript\n\nMara: Hello.\nJoe: Hi.\nMara: So.\nJoe: Yes."
    found = read(page)
    assert of_kind(found, "note") == ["The Shed", "A show about clocks. Subscribe!"]
    assert of_kind(found, "speech") == ["Hello.", "Hi.", "So.", "Yes."]


def test_a_transcript_heading_below_which_nothing_stands_makes_no_notes(read, of_kind):
    assert of_kind(read("The mill turns.\nIt turns again.\nTranscript"), "speech")[:2] == [
        "The mill turns.",
        "It turns again.",
    ]


def test_a_list_of_chapters_is_not_spoken(read, of_kind):
    found = read(
        "0:00 Intro\n2:10 The sails\n5:00 The oars\n\nMara: Hello.\nJoe: Hi.\nMara: So.\nJoe: Yes.\nMara: Bye."
    )
    assert of_kind(found, "note") == ["0:00 Intro", "2:10 The sails", "5:00 The oars"]


def test_a_list_of_guests_above_the_talk_is_not_spoken(read, of_kind):
    found = read(
        "Les invités :\n- Ana Sol, autrice\n- Leo Paz, marin\n\nAna Sol : Oui.\nLeo Paz : Oui.\nAna Sol : Bon."
    )
    assert of_kind(found, "note") == ["Les invités :", "- Ana Sol, autrice", "- Leo Paz, marin"]


def test_an_underlined_title_is_a_heading_and_rules_are_nothing(read, rows):
    assert rows(read("The Shed\n========\n\nIt was old.\n\n---\n\nIt was ours.")) == [
        ("heading", None, "The Shed"),
        ("speech", None, "It was old."),
        ("speech", None, "It was ours."),
    ]


def test_a_talk_by_one_person_has_one_label(read):
    found = read("Ana Sol : Je vais parler seule.\nDix minutes.\nPas plus.\nOn commence.")
    assert {s.speaker for s in found.segments} == {"Ana Sol"}


@pytest.mark.parametrize(
    "text",
    ["Ana\tHello: you.\nLeo\tHi.\nAna\tSo.\nLeo\tYes.", "[Ana]: Hello: you.\n[Leo]: Hi.\n[Ana]: So.\n[Leo]: Yes."],
)
def test_names_before_a_tab_or_in_brackets(read, rows, text):
    assert rows(read(text))[:2] == [("speech", "Ana", "Hello: you."), ("speech", "Leo", "Hi.")]


def test_a_numbered_list_that_marks_point_to_is_not_spoken(read, of_kind):
    talk = "Ana: Hello[1].\nLeo: Hi[2].\nAna: So.\nLeo: Yes.\n\n1. A book, 1951.\n2. Another.\n"
    assert of_kind(read(talk), "note") == ["[1]", "[2]", "1. A book, 1951.", "2. Another."]


@pytest.mark.parametrize("items", [["1. quatre", "2. cinq"], ["1) Quatre", "", "2) Cinq", "", "3) Six et sept"]])
def test_numbered_lines_in_a_row_are_no_headings(read, of_kind, items):
    said = "On compte ensemble aujourd’hui.\n\n{}\n\nVoilà. On a fini de compter.\nOui, au revoir."
    found = read(said.format("\n".join(items)))
    assert of_kind(found, "heading") == []
    assert of_kind(found, "speech")[1:-2] == [item for item in items if item]


def test_a_number_before_a_title_that_stands_alone_leaves_it_a_heading(read, of_kind):
    found = read("1. The mill\nIt turns. It turns again.\n2. The miller\nHe sleeps all day.\nNobody minds.")
    assert of_kind(found, "heading") == ["1. The mill", "2. The miller"]


def test_a_numbered_list_without_marks_is_spoken(read, of_kind):
    talk = "Ana: Hello.\nLeo: Hi.\nAna: So.\nLeo: Three things.\n1. Boats, of course.\n2. Oars.\n"
    assert of_kind(read(talk), "note") == []


DUTCH = """Titel: De molen draait weer
Presentatie: Femke Hoogland
Gasten: Wietske Terpstra en Jan van 't Hof
Transcriptie

Presentator: Goedenavond en welkom. [muziek]

Wietske Terpstra: Ik woon hier al 30 jaar. (lacht)

Jan van 't Hof: Dat klopt, we zijn buren. [onverstaanbaar]

Presentator: Het probleem: de wieken draaien niet.

Bronnen

Boek over molens, 2019
"""


def test_a_dutch_transcript_is_told_apart_by_dutch_words(read, rows, of_kind):
    transcript = read(DUTCH)
    assert of_kind(transcript, "heading") == ["Transcriptie", "Bronnen"]
    assert of_kind(transcript, "stage") == ["[muziek]", "(lacht)", "[onverstaanbaar]"]
    assert [note.split(":")[0] for note in of_kind(transcript, "note")] == [
        *("Titel", "Presentatie", "Gasten", "Boek over molens, 2019")
    ]
    speakers = [speaker for kind, speaker, _ in rows(transcript) if kind == "speech"]
    assert speakers == ["Presentator", "Wietske Terpstra", "Jan van 't Hof", "Presentator"]
