"""Whatever is corrected after whatever else: what cannot be is refused in a sentence for people, and what comes of all
that can be is kept, and any of it can be deleted."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.attempts import locate
from aligner.corrections.commands import (
    Accept,
    Command,
    Insert,
    Instead,
    Move,
    Paraphrase,
    Passage,
    Place,
    Start,
    Text,
    Unpin,
    Unspoken,
    corrected,
    refusing,
)
from aligner.corrections.repair import RecognisedAudio
from aligner.errors import CorrectionError
from aligner.locating.quality import judge
from aligner.model import Alignment, AudioFile, Engine, Kind, Recognition, outermost
from aligner.storage.alignment_json import from_content, to_text
from aligner.transcript.retexting import Paragraph
from tests.aligner.corrections.test_repair import SENTENCES
from tests.aligner.episodes import as_judged, transcript_of
from tests.aligner.locating.acoustic.tape import Tape

_INTERNAL = "this correction would make"


@cache
def short_episode() -> tuple[Alignment, RecognisedAudio]:
    """Half a minute of talk, up to the very end of the sound, and its alignment."""
    tape = Tape(misheard=0.1)
    tape.pause(0.4)
    for sentence in SENTENCES[:8]:
        tape.say(sentence, gap=0.03)
        tape.pause(0.3)
    heard, transcript = tape.heard(), transcript_of(*SENTENCES[:8])
    recognition = Recognition((), "en", emissions=heard.emissions)
    found = judge(transcript, locate(transcript, heard.audio, recognition, "en"), heard.audio)
    audio = AudioFile("planted.mp3", round(heard.duration, 3), "0" * 64)
    return as_judged(transcript, found, audio, Engine("acoustic", "base")), RecognisedAudio(heard.audio, recognition)


def made(alignment: Alignment, command: Command, heard: RecognisedAudio | None) -> Alignment | None:
    """What comes of a correction, as it is stored and read again; None where it is refused for a reason of its own."""
    reason = ""
    try:
        with refusing():
            return from_content(to_text(corrected(alignment, command, heard)).encode())
    except CorrectionError as error:
        reason = str(error)
    assert not reason.startswith(_INTERNAL), (command, reason)
    return None


@st.composite
def corrections(draw: st.DrawFn) -> Command:
    """A correction of the short episode, mostly of few words near where they are said; some are of none, or nowhere."""
    alignment, _ = short_episode()
    count, duration = len(alignment.words), alignment.audio.duration
    first = draw(st.integers(0, count))
    stop = min(count + 1, first + draw(st.sampled_from([1, 1, 2, 5, 12, count])))
    beside = draw(st.integers(max(0, first - 3), min(count - 1, first + 3)))
    span = alignment.words[beside].span
    near = span.start if span else 0.0
    at = draw(st.sampled_from([near, near, near + 0.01, near - 0.5, near + 2, duration - 0.005]))
    start = round(min(duration, max(0.0, at)), 3)
    end = round(min(duration, start + draw(st.sampled_from([0.001, 0.01, 0.2, 0.3, 1.0, 5.0]))), 3)
    kind = draw(st.sampled_from(["place", "place", "start", "move", "unspoken", "passage", "passage", "rest"]))
    simple: dict[str, Command] = {
        "place": Place(first, start, end),
        "start": Start(first, start, draw(st.sampled_from([0.0, 0.4]))),
        "move": Move(first, stop, draw(st.sampled_from([-2.0, -0.3, -0.01, 0.01, 0.3, 2.0]))),
        "unspoken": Unspoken(first, stop),
        "passage": Passage(first, stop, start, end),
    }
    if kind in simple:
        return simple[kind]
    segment = draw(st.integers(0, len(alignment.segments)))
    texts = draw(st.lists(st.sampled_from([*SENTENCES[:9], "No."]), max_size=3))
    paragraphs = [Paragraph(Kind.SPEECH, None, text) for text in texts]
    rest: list[Command] = [
        Paraphrase(first, stop, start, end),
        Instead(first, stop, start, end, draw(st.sampled_from(["Yes", SENTENCES[3]]))),
        Unpin(first, stop),
        Accept([(first, stop)]),
        Text(segment, segment + draw(st.integers(0, 2)), paragraphs),
        Insert(start, end, None, SENTENCES[8]),
    ]
    return draw(st.sampled_from(rest))


@pytest.mark.parametrize("is_matched", [pytest.param(True, marks=pytest.mark.nightly), False])
@given(commands=st.lists(corrections(), min_size=1, max_size=5), chosen=st.integers(0, 20))
@settings(max_examples=25)
def test_after_any_corrections_all_is_in_the_sound_and_any_paragraph_can_be_deleted(
    is_matched: bool, commands: list[Command], chosen: int
) -> None:
    alignment, sound = short_episode()
    heard = sound if is_matched else None
    for command in commands:
        alignment = made(alignment, command, heard) or alignment
        assert all(word.span.end <= alignment.audio.duration for word in alignment.words if word.span), command
    paragraphs = [*outermost(alignment.transcript.segments)]
    for index, inner in paragraphs[chosen % len(paragraphs) :][:2] if paragraphs else []:
        assert made(alignment, Text(index, index + 1 + len(inner), []), heard), (index, commands)
