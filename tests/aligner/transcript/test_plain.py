"""Headings, notes, stage directions, words and text of plain-text transcripts."""

from __future__ import annotations

from tests.tables import over_rows


def test_what_stands_around_the_turns_is_told_from_them(data, rows, of_kind):
    found = data("radio_fr.txt")
    assert "Du béton à la bêche : les débuts" in of_kind(found, "heading")
    assert "On commence avec trois outils" in of_kind(found, "speech")  # an unfinished line
    credits = [note.split(" :")[0] for note in of_kind(found, "note")[:6]]
    assert credits == ["Titre", "Intervenantes", "Lieu", "Date", "Durée", "NB"]
    assert [kind for kind, _, _ in rows(found)][-3:] == ["heading", "note", "note"]  # a list of references


def test_titles_are_headings(data, read, of_kind):
    assert of_kind(data("paragraphs_en.txt"), "heading") == ["The Lighthouse Keeper", "The second night"]
    assert of_kind(data("interview_en.txt"), "heading") == ["EPISODE 12: WHY BRIDGES SING"]
    assert of_kind(read("# The mill\nIt turns. It turns again."), "heading") == ["# The mill"]


def test_a_file_without_full_stops_has_no_headings(data, rows):
    assert {kind for kind, _, _ in rows(data("lyrics.txt"))} == {"speech"}


@over_rows("text", ["so we went down to the sea", "So we went", "ouais c'est ça\nbon\nalors"])
def test_a_short_clip_is_speech(read, rows, text):
    assert {kind for kind, _, _ in rows(read(text))} == {"speech"}


def test_lines_wrapped_by_an_editor_are_one_paragraph(data):
    assert len(data("wrapped_en.txt").segments) == 4


@over_rows("sentence", ["Le monde[3].", "Le monde [3].", "Le monde[3]", "Le monde. [3]", "Le monde³."])
def test_a_footnote_mark_is_a_note_cut_off_its_word(read, rows, sentence):
    found = read(f"Un début¹. {sentence}\nUne suite.")
    mark = "³" if "³" in sentence else "[3]"
    assert ("note", None, mark) in rows(found)
    assert "monde" in [w.text.strip(".") for w in found.words]
    assert not any("[" in w.text for w in found.words if found.segments[w.segment].kind == "speech")


@over_rows(
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


@over_rows(
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
    assert of_kind(read("It was cold.\n(I never told you that, by the way.)\nIt was late."), "stage") == []


def test_a_bare_sound_on_its_own_line_is_a_stage_direction(read, of_kind):
    text = "Ivo : Bonjour.\nApplaudissements\nMaud : Merci.\nIvo : Oui.\nMaud : Bien."
    assert of_kind(read(text), "stage") == ["Applaudissements"]


TALK = "The ferry left before dawn.\nNine people were on board.\n"
PROSE = "My grandmother kept bees behind the chapel.\nEvery summer she sold honey to people from the city.\n"
LINKS = "".join(f"{title}, https://example.org/{title}\n" for title in ("Bees", "Ferries", "Lamps", "Honey", "Wells"))


@over_rows("heading", ["Show notes", "Notes", "Sources :", "Liens utiles", "# References"])
def test_what_follows_notes_is_not_spoken_where_it_is_a_list_or_the_smaller_part(read, of_kind, heading):
    for notes in (LINKS * 4, "It was told in 1998.\n", "Bees\nFerries\nLamps\n" * 4):
        found = read(f"{TALK}{heading}\n{notes}")
        assert of_kind(found, "heading") == [heading]
        assert of_kind(found, "speech") == TALK.splitlines()


TURNS = "Ana: The ferry left before dawn.\nLeo: Nine people were on board.\nAna: Who lit the lamps?\nLeo: Nobody.\n"


@over_rows(
    "notes",
    [
        'Music: "Two tones", CC0.\n',
        "Guest: Zoé Lambert, who keeps bees.\nMusic: Two tones.\nMusic: A third one.\n",
        "[1] The garden is behind the studio.\nPhotograph: Ivo Brandt\n",
    ],
)
@over_rows("name", ["talk.txt", "talk.md"])
def test_what_stands_below_notes_is_no_speakers_whatever_has_a_colon_there(read, of_kind, notes, name):
    found = read(f"{TURNS}\n## Show notes\n\n{notes}".replace("\n", "\n\n"), name)
    assert {each.speaker for each in found.segments} <= {"Ana", "Leo", None}
    assert of_kind(found, "note") == notes.splitlines()
    assert len(of_kind(found, "speech")) == 4


@over_rows(
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


@over_rows("tag", ["<vocnoise>", "<br/>", "</i>", '<break time="1s" strength=weak />'])
def test_a_tag_is_a_note_that_parts_words(read, of_kind, tag):
    found = read(f"They came{tag} and {tag}, they say,{tag}went.\nThat is all.")
    assert of_kind(found, "note") == [tag] * 3
    spoken = [word.text for word in found.words if found.segments[word.segment].kind == "speech"]
    assert " ".join(spoken) == "They came and they say, went. That is all."


@over_rows("text", ["if x <y and y> z", "a < b and c > d", "<3", "I <heart you", "<Odile>", "-> there"])
def test_less_and_more_make_no_tag(read, of_kind, text):
    assert of_kind(read(f"It holds {text} as it is.\nThat is all."), "note") == []


def test_the_text_is_the_decoded_file_to_the_last_character(read):
    text = "Ivo : Un.\r\nDeux.\r\n\r\n\tTrois. \rQuatre.\n"
    assert read("\ufeff" + text).text == text


def test_an_underlined_title_is_a_heading_and_rules_are_nothing(read, rows):
    assert rows(read("The Shed\n========\n\nIt was old.\n\n---\n\nIt was ours.")) == [
        ("heading", None, "The Shed"),
        ("speech", None, "It was old."),
        ("speech", None, "It was ours."),
    ]


def test_a_talk_by_one_person_has_one_label(read):
    found = read("Ana Sol : Je vais parler seule.\nDix minutes.\nPas plus.\nOn commence.")
    assert {s.speaker for s in found.segments} == {"Ana Sol"}


def test_names_in_brackets(read, rows):
    text = "[Ana]: Hello: you.\n[Leo]: Hi.\n[Ana]: So.\n[Leo]: Yes."
    assert rows(read(text))[:2] == [("speech", "Ana", "Hello: you."), ("speech", "Leo", "Hi.")]


@over_rows("items", [["1. quatre", "2. cinq"], ["1) Quatre", "", "2) Cinq", "", "3) Six et sept"]])
def test_numbered_lines_in_a_row_are_no_headings(read, of_kind, items):
    said = "On compte ensemble aujourd’hui.\n\n{}\n\nVoilà. On a fini de compter.\nOui, au revoir."
    found = read(said.format("\n".join(items)))
    assert of_kind(found, "heading") == []
    assert of_kind(found, "speech")[1:-2] == [item for item in items if item]


TALKED = "Mara: Hello.\nJoe: Hi.\nMara: So.\nJoe: Yes."


@over_rows(
    "text, notes",
    {
        "a page above a heading Transcript": (
            f"The Shed\n\nA show about clocks. Subscribe!\n\nTranscript\n\n{TALKED}",
            ["The Shed", "A show about clocks. Subscribe!"],
        ),
        "chapters": (
            f"0:00 Intro\n2:10 The sails\n5:00 The oars\n\n{TALKED}\nMara: Bye.",
            ["0:00 Intro", "2:10 The sails", "5:00 The oars"],
        ),
        "guests": (
            "Les invités :\n- Ana Sol, autrice\n- Leo Paz, marin\n\nAna Sol : Oui.\nLeo Paz : Oui.\nAna Sol : Bon.",
            ["Les invités :", "- Ana Sol, autrice", "- Leo Paz, marin"],
        ),
        "one that is spoken": (f"{TALKED} Three things.\n1. Boats, of course.\n2. Oars.\n", []),
        "a power is no footnote": ("Une note¹ pour 3 km² de prés².\nFin.", ["¹", "²"]),
    },
)
def test_what_belongs_to_the_page_is_a_note(read, of_kind, text, notes):
    assert of_kind(read(text), "note") == notes


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
