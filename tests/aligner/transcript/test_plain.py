"""Headings, notes, stage directions, words and text of plain-text transcripts."""

from tests.tables import over_rows


def test_headings_credits_and_references_are_not_spoken(data, rows, of_kind):
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
    ["(rires)", "(bruit de porte)", "[Applaudissements du public]", "[upbeat music plays]", "(lacht)", "(elle rit)"],
)
def test_a_stage_direction_in_brackets_is_not_spoken(read, of_kind, mark):
    assert of_kind(read(f"We went {mark} down to the sea.\nIt was cold."), "stage") == [mark]
    assert of_kind(read(f"We went down to the sea.\n{mark}\nIt was cold."), "stage") == [mark]


@over_rows(
    "aside",
    [
        "(all three of them)",
        "(music, painting)",
        "(Médecins sans frontières)",
        "(je ris, mais c'est grave)",
        "(oui, comptable)",
        "[the engineers]",
        "[T]hen",
    ],
)
def test_an_aside_in_brackets_is_spoken(read, of_kind, aside):
    assert of_kind(read(f"They said it {aside} more than once.\nThat is all."), "stage") == []
    assert of_kind(read("It was cold.\n(I never told you that, by the way.)\nIt was late."), "stage") == []


def test_a_stage_direction_without_brackets_has_its_own_line(read, of_kind):
    text = "Ivo : Bonjour.\nApplaudissements\nMaud : Merci.\nIvo : Oui.\nMaud : Bien."
    assert of_kind(read(text), "stage") == ["Applaudissements"]


TALK = "The ferry left before dawn.\nNine people were on board.\n"
PROSE = "My grandmother kept bees behind the chapel.\nEvery summer she sold honey to people from the city.\n"
LINKS = "".join(f"{title}, https://example.org/{title}\n" for title in ("Bees", "Ferries", "Lamps", "Honey", "Wells"))


@over_rows("heading", ["Show notes", "Notes", "Sources :", "Liens utiles", "# References"])
def test_end_matter_is_not_spoken(read, of_kind, heading):
    found = read(f"{TALK}{heading}\nIt happened in 1998.\n")
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
def test_lines_with_a_colon_in_the_end_matter_are_not_turns(read, of_kind, notes, name):
    found = read(f"{TURNS}\n## Show notes\n\n{notes}".replace("\n", "\n\n"), name)
    assert {each.speaker for each in found.segments} <= {"Ana", "Leo", None}
    assert of_kind(found, "note") == notes.splitlines()
    assert len(of_kind(found, "speech")) == 4


def test_a_heading_notes_above_turns_of_the_same_speakers_is_not_end_matter(read, of_kind):
    found = read(f"{TURNS}\n# Sources\n\nAna: Where do we find them?\n")
    assert len(of_kind(found, "speech")) == 5
    assert of_kind(found, "note") == []


def test_a_page_above_a_heading_transcript_is_a_note(read, of_kind):
    page = "The Shed\n\nA show about clocks. Subscribe!\n\nTranscript\n\n"
    assert of_kind(read(page + TURNS), "note") == ["The Shed", "A show about clocks. Subscribe!"]


def test_a_heading_notes_above_most_of_the_talk_is_an_ordinary_heading(read, of_kind):
    found = read(f"{TALK}Show notes\n{PROSE * 4}Sources\n{LINKS}")
    assert of_kind(found, "heading") == ["Show notes", "Sources"]
    assert of_kind(found, "speech") == [*TALK.splitlines(), *PROSE.splitlines() * 4]


@over_rows("tag", ["<vocnoise>", "<br/>", "</i>", '<break time="1s" strength=weak />'])
def test_a_tag_is_a_note_that_separates_words(read, of_kind, tag):
    found = read(f"They came{tag} and {tag}, they say,{tag}went.\nThat is all.")
    assert of_kind(found, "note") == [tag] * 3
    spoken = [word.text for word in found.words if found.segments[word.segment].kind == "speech"]
    assert " ".join(spoken) == "They came and they say, went. That is all."


@over_rows("text", ["if x <y and y> z", "a < b and c > d", "<3", "I <heart you", "<Odile>", "-> there"])
def test_angle_brackets_in_text_are_not_tags(read, of_kind, text):
    assert of_kind(read(f"It holds {text} as it is.\nThat is all."), "note") == []


def test_the_text_is_the_decoded_file_without_changes(read):
    text = "Ivo : Un.\r\nDeux.\r\n\r\n\tTrois. \rQuatre.\n"
    assert read("\ufeff" + text).text == text
