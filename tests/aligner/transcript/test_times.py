"""Time codes are not spoken; times of day are."""

from tests.tables import over_rows


def said(transcript) -> str:
    return " ".join(word.text for word in transcript.words if transcript.segments[word.segment].kind == "speech")


@over_rows("time", ["00:13:01", "[13:01]", "#00:13:01-4#", "**00:13:01**", "0:01.5"])
@over_rows("after", ["\n", " "])
def test_a_time_alone_or_before_a_paragraph_is_a_note(read, time, after):
    found = read(
        f"Ana Sol: The boats are here.\nLeo Paz: They are.\n{time}{after}We go on, then.\nAna Sol: Yes, we do."
    )
    assert said(found) == "The boats are here. They are. We go on, then. Yes, we do."


@over_rows(
    "line",
    ["The boats are here. #00:13:01-4#", "The boats are here, and [00:13:01] nobody knows. (1:02:03) But who asks?"],
)
def test_times_in_brackets_within_a_line_are_notes(read, line):
    found = read(f"Ana Sol: {line}\nLeo Paz: They are.\nAna Sol: We go on.")
    assert not any(map(str.isdigit, said(found)))
    assert {s.speaker for s in found.segments} == {"Ana Sol", "Leo Paz"}


@over_rows(
    "line",
    [
        "At 10:30 we met.",
        "10:30 we met.",
        "À 10:30 nous sommes partis.",
        "The record is 2:15:30 for men.",
        "You hear it at 00:13:01 on the tape.",
        "The clock said “00:13:01” and stood.",
    ],
)
def test_a_time_of_day_is_spoken(read, line):
    lines = [line, "It was cold.", line, "Nobody came, and we were alone."]
    assert said(read("\n".join(lines))) == " ".join(lines)
    labelled = read("\n".join(f"{name}: {words}" for name, words in zip(["Ana", "Leo"] * 2, lines, strict=True)))
    assert said(labelled) == " ".join(lines)
    assert [s.speaker for s in labelled.segments] == ["Ana", "Leo"] * 2


def test_times_at_the_start_of_most_lines_are_notes(read):
    found = read("0:01 hello there\n0:04 and welcome\n0:09 to the show\n")
    assert said(found) == "hello there and welcome to the show"


def test_times_on_their_own_lines_do_not_hide_the_speakers(read):
    found = read("Ana Sol: Here we are.\n00:13:01\nLeo Paz: Hi, and thank you.\n00:14:02\nAnd on we go.\n")
    assert [s.speaker for s in found.segments if s.kind == "speech"] == ["Ana Sol", "Leo Paz", "Leo Paz"]


def test_a_time_that_is_a_whole_caption_is_a_note(read):
    lines = ["Here we are.", "00:13:01", "We go on", "[13:01]", "as ever."]
    cues = [f"{n}\n00:{n:02d}:00,000 --> 00:{n:02d}:04,000\n{line}\n" for n, line in enumerate(lines, start=1)]
    assert said(read("\n".join(cues), "talk.srt")) == "Here we are. We go on as ever."
