"""Locate words in planted emissions, without a model."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.locating.acoustic import locate_by_emissions
from aligner.locating.quality import judge
from aligner.model import Kind, Located, Placement, Status, Verdict
from tests.aligner.episodes import Planted, footnoted, spoken, transcript_of
from tests.aligner.locating.acoustic.tape import Said, Tape
from tests.tables import over_rows

# Frames: where words touch, a real head hears 30 ms between them and the tape none, for which starts are moved by half.
NEAR = 1.25
HARBOUR = (
    "The ferry left the harbour before dawn with nine passengers and a crate of oranges on the upper deck. "
    "Nobody had told the pilot that the northern buoy was gone, so he steered by memory and by the smell of the land."
)
WELL = (
    "My grandmother kept bees behind the chapel, and every summer she sold honey to people from the capital. "
    "When the well dried up she carried water twice a day, a bucket in each hand, singing under her breath."
)
BRIDGE = (
    "They rebuilt the bridge out of stones from the old mill, which is why it has that peculiar yellow colour. "
    "Engineers come from abroad to measure it and go home puzzled, because by their figures it should have fallen."
)
MUSEUM = (
    "At the museum there is a drawer full of keys that open nothing, gathered by a postman over forty years. "
    "He wrote down where he found each of them, in a small green notebook that his daughter still keeps."
)
TEASER = "Later in this programme we shall hear why the keys in that drawer never opened a single door."
AD = (
    "Tired of shoes that pinch your toes? Walk through every winter in boots lined with genuine wool, made by hand "
    "since generations, and delivered to your kitchen table within three working days, or your money back."
)


def located(heard: Planted, *paragraphs: str | tuple[Kind, str], language: str = "en") -> Located:
    return locate_by_emissions(transcript_of(*paragraphs), heard.audio, heard.emissions, language)


def off_by(placements: tuple[Placement, ...], said: Said) -> np.ndarray:
    """Return the distance of each word's start and end from the true time, in frames; infinite for a word without a
    time."""
    assert len(placements) == len(said)
    ours = [(p.span.start, p.span.end) if p.span else (np.inf, np.inf) for p in placements]
    return np.abs(np.array(ours) - np.array(said)) / FRAME


def parted(said: Said) -> Said:
    """Return the times at which words are recognised if starts in fluent speech are late as usual."""
    edges = np.array(said)
    gap = edges[1:, 0] - edges[:-1, 1]
    edges[1:, 0] -= np.where(gap < 0.1, 0.35 * gap, 0.0)
    return [(start, end) for start, end in edges.tolist()]


def test_planted_words_come_back_within_a_fraction_of_a_frame() -> None:
    tape = Tape()
    tape.pause(1.013)
    said = tape.say(HARBOUR)
    tape.pause(0.7)
    said += tape.say(WELL, gap=0.06)
    tape.pause(2.0)
    placements = located(tape.heard(), HARBOUR, WELL).placements
    off = off_by(placements, parted(said))
    assert off.max() < NEAR
    assert np.median(off) < 0.3
    assert all(p.status is Status.EXACT for p in placements)


@over_rows("gap, earlier", [(0.0, 0.0), (0.06, 0.35 * 0.06), (0.2, 0.0)])
def test_after_a_gap_in_running_speech_a_start_is_moved_earlier(gap: float, earlier: float) -> None:
    tape = Tape()
    said = tape.say(HARBOUR, gap=gap)
    placements = located(tape.heard(), HARBOUR).placements
    moved = [start - spoken(p).start for (start, _), p in zip(said[1:], placements[1:], strict=True)]
    assert np.median(moved) == pytest.approx(earlier, abs=0.003)


def test_a_word_in_place_of_another_is_not_exact() -> None:
    tape = Tape()
    tape.say(HARBOUR)
    placements = located(
        tape.heard(), HARBOUR.replace("passengers", "chickens").replace("oranges", "lemons")
    ).placements
    doubtful = {word for word, p in zip(HARBOUR.split(), placements, strict=True) if p.status is not Status.EXACT}
    assert doubtful == {"passengers", "oranges"}
    assert all(p.span is not None for p in placements)
    exact = [p.confidence for p in placements if p.status is Status.EXACT]
    assert max(p.confidence for p in placements if p.status is not Status.EXACT) < min(exact) < max(exact) < 1


def test_words_with_a_quarter_of_their_letters_wrong_are_found() -> None:
    tape = Tape(misheard=0.25)
    said: Said = []
    for paragraph in (HARBOUR, WELL, BRIDGE, MUSEUM):
        tape.pause(0.5)
        said += tape.say(paragraph)
    off = off_by(located(tape.heard(), HARBOUR, WELL, BRIDGE, MUSEUM).placements, said)
    assert (off[:, 0] < 1.5).mean() > 0.96
    assert (off[:, 1] < 1.5).mean() > 0.85
    assert off.max() < 12


def test_an_unspoken_paragraph_moves_no_neighbour() -> None:
    tape = Tape()
    said = tape.say(HARBOUR)
    tape.pause(0.6)
    said += tape.say(BRIDGE)
    found = located(tape.heard(), HARBOUR, WELL, BRIDGE)
    first, last = len(HARBOUR.split()), len(BRIDGE.split())
    assert {p.status for p in found.placements[first:-last]} == {Status.UNSPOKEN}
    assert off_by(found.placements[:first] + found.placements[-last:], said).max() < NEAR
    assert found.untranscribed == ()


def test_an_ad_is_found_whole_and_takes_no_word() -> None:
    tape = Tape()
    said = tape.say(HARBOUR)
    start = tape.pause(0.6)
    tape.say(AD)
    end = tape.now
    tape.pause(0.6)
    said += tape.say(WELL)
    found = located(tape.heard(), HARBOUR, WELL)
    assert off_by(found.placements, said).max() < NEAR
    (passage,) = found.untranscribed
    assert passage.start == pytest.approx(start, abs=0.4)
    assert passage.end == pytest.approx(end, abs=0.4)
    assert passage.text == ""


def test_an_ad_in_place_of_a_missing_paragraph_takes_no_word_of_it() -> None:
    tape = Tape()
    said = tape.say(HARBOUR)
    tape.pause(0.6)
    tape.say(AD)
    tape.pause(0.6)
    said += tape.say(BRIDGE)
    found = located(tape.heard(), HARBOUR, WELL, BRIDGE)
    first, last = len(HARBOUR.split()), len(BRIDGE.split())
    assert [p.status for p in found.placements[first:-last]].count(Status.UNSPOKEN) >= 0.9 * len(WELL.split())
    assert off_by(found.placements[:first] + found.placements[-last:], said).max() < NEAR
    assert len(found.untranscribed) == 1


def test_hesitations_move_no_word_and_are_no_untranscribed_speech() -> None:
    tape, said = Tape(), []
    for k, word in enumerate(HARBOUR.split()):
        if k % 7 == 3:
            tape.pause(0.1)
            tape.hum(0.6)
            tape.pause(0.1)
        said += tape.say(word)
    found = located(tape.heard(), HARBOUR)
    assert off_by(found.placements, said).max() < 2.0
    assert found.untranscribed == ()


def test_a_repeated_teaser_is_found_at_both_locations() -> None:
    tape, said = Tape(), []
    for paragraph in (TEASER, HARBOUR, WELL, TEASER, BRIDGE):
        said += tape.say(paragraph)
        tape.pause(0.5)
    found = located(tape.heard(), TEASER, HARBOUR, WELL, TEASER, BRIDGE)
    assert off_by(found.placements, said).max() < NEAR


def test_a_teaser_with_one_copy_in_the_text_is_not_split_between_locations() -> None:
    tape = Tape()
    tape.say(TEASER)
    said: Said = []
    for paragraph in (HARBOUR, WELL, TEASER, BRIDGE):
        tape.pause(0.5)
        said += tape.say(paragraph)
    found = located(tape.heard(), HARBOUR, WELL, TEASER, BRIDGE)
    assert off_by(found.placements, said).max() < NEAR
    assert [passage.start for passage in found.untranscribed] == [pytest.approx(0, abs=0.1)]


def test_a_heading_has_a_time_only_if_it_is_read_aloud() -> None:
    tape = Tape()
    read = tape.say("Bees behind the chapel")
    tape.pause(0.5)
    tape.say(WELL)
    tape.pause(0.5)
    tape.say(BRIDGE)
    found = located(
        tape.heard(), (Kind.HEADING, "Bees behind the chapel"), WELL, (Kind.HEADING, "An unlikely arch"), BRIDGE
    )
    assert off_by(found.placements[:4], read).max() < NEAR
    silent = found.placements[4 + len(WELL.split()) :][:3]
    assert {p.status for p in silent} == {Status.UNSPOKEN}


def test_notes_and_stage_directions_are_never_spoken() -> None:
    tape = Tape()
    tape.say(WELL)
    found = located(tape.heard(), WELL, (Kind.NOTE, "My grandmother kept bees"), (Kind.STAGE, "singing"))
    assert {p.status for p in found.placements[-5:]} == {Status.UNSPOKEN}


def test_a_number_is_found_by_the_reading_that_was_spoken() -> None:
    before, after = "Le vieux moulin fut construit par un meunier en", "et personne ne se souvient plus de son nom."
    tape = Tape(language="fr")
    tape.say(before)
    start = tape.now
    tape.say("dixneufcentquatrevingtdix")
    said = [(start, tape.now)]
    tape.say(after)
    found = located(tape.heard(), f"{before} 1990 {after}", language="fr")
    assert off_by(found.placements[9:10], said).max() < 1.5


def test_an_acronym_lasts_as_long_as_its_letter_names() -> None:
    tape = Tape(language="fr")
    before = "Elle travaille depuis longtemps à la protection des données et cite souvent le"
    tape.say(before)
    (name,) = tape.say("erregépédé")
    tape.say("quand on lui demande ce qui a changé dans son métier")
    text = f"{before} RGPD quand on lui demande ce qui a changé dans son métier"
    found = located(tape.heard(), text, language="fr").placements[len(before.split())]
    assert off_by((found,), [name]).max() < NEAR


def test_the_text_of_another_episode_is_poor() -> None:
    tape = Tape()
    for paragraph in (HARBOUR, WELL, TEASER):
        tape.say(paragraph)
        tape.pause(0.5)
    transcript = transcript_of(BRIDGE, AD, MUSEUM)
    heard = tape.heard()
    judgement = judge(transcript, located(heard, BRIDGE, AD, MUSEUM), heard.audio)
    assert judgement.verdict is Verdict.POOR
    assert judgement.coverage < 0.25


def test_a_missing_word_or_two_in_long_audio_are_unspoken() -> None:
    tape = Tape()
    for _ in range(3):
        tape.say(f"{HARBOUR} {WELL} {BRIDGE}")
        tape.pause(1.0)
    found = located(tape.heard(), "Zyzzyva quixotic")
    assert {p.status for p in found.placements} == {Status.UNSPOKEN}
    assert len(found.untranscribed) >= 1


def test_a_text_without_words_and_audio_without_letters_have_no_times() -> None:
    tape = Tape()
    tape.say(HARBOUR)
    heard = tape.heard()
    assert located(heard).placements == ()
    assert heard.emissions is not None
    silent = Emissions(silent_frames(len(heard.emissions)), heard.emissions.prior)
    deaf = Planted((), heard.speech, heard.duration, "en", silent)
    assert {p.status for p in located(deaf, WELL).placements} == {Status.UNSPOKEN}


@over_rows("frames", [1, 137])
def test_audio_before_the_episode_moves_every_word_by_its_length(frames: int) -> None:
    def placed(before: int) -> Located:
        tape = Tape(misheard=0.2)
        tape.pause(before * FRAME + 0.4)
        tape.say(HARBOUR)
        tape.pause(0.5)
        tape.say(WELL)
        return located(tape.heard(), HARBOUR, BRIDGE, WELL)

    near, far = placed(0).placements, placed(frames).placements
    assert [p.status for p in near] == [p.status for p in far]
    moved = [spoken(b).start - a.span.start for a, b in zip(near, far, strict=True) if a.span]
    assert np.median(moved) == pytest.approx(frames * FRAME, abs=1e-3)
    running_on = 0.35 * 0.1  # what a start moves at most, where the gap before it is a little shorter one of the times
    assert moved == pytest.approx([frames * FRAME] * len(moved), abs=running_on + 1e-3)


@pytest.mark.nightly
@given(st.integers(0, 2**32 - 1))
@example(2489921)  # two passages of few letters between the same words
@settings(max_examples=15, deadline=None)
def test_times_are_increasing_and_inside_the_audio_after_any_edit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = " ".join((HARBOUR, WELL, BRIDGE)).split()
    tape = Tape(misheard=rng.uniform(0, 0.9), letter=rng.uniform(0.01, 0.12), seed=seed)
    for word in words:
        chance = rng.random()
        if chance < 0.8:
            tape.say(word)
        elif chance < 0.85:
            tape.hum(rng.uniform(0.1, 1))
        elif chance < 0.9:
            tape.music(rng.uniform(0.1, 8))
        elif chance < 0.95:
            tape.pause(rng.uniform(0.01, 5))
    written = [word for word in words if rng.random() < 0.85]
    heard = tape.heard()
    found = located(heard, " ".join(written))
    assert len(found.placements) == len(written)
    timed = [p.span for p in found.placements if p.span]
    assert all(0 <= span.start < span.end <= heard.duration for span in timed)
    assert all(a.start <= b.start for a, b in pairwise(timed))
    assert all(0 <= p.confidence <= 1 for p in found.placements)
    assert all(a.end <= b.start for a, b in pairwise(found.untranscribed))
    assert all(0 <= passage.start < passage.end <= heard.duration for passage in found.untranscribed)


# Footnote marks


@over_rows("mark, number", [("[3]", "three"), ("²", "two"), ("[12]", "twelve")])
def test_a_footnote_mark_that_is_read_aloud_has_its_time(mark: str, number: str) -> None:
    tape = Tape()
    tape.say(HARBOUR, gap=0.04)
    said = tape.say(number, gap=0.04)[0]
    tape.pause(0.3)
    tape.say(WELL, gap=0.04)
    heard = tape.heard()
    placements = locate_by_emissions(footnoted(HARBOUR, mark, WELL), heard.audio, heard.emissions, "en").placements
    span = spoken(placements[len(HARBOUR.split())])
    assert span.start == pytest.approx(said[0], abs=0.05)
    assert span.end == pytest.approx(said[1], abs=0.1)


@over_rows("pause", [0.2, 0.6, 2.0])
def test_an_unread_footnote_mark_has_no_time_and_moves_no_word(pause: float) -> None:
    tape = Tape()
    tape.say(HARBOUR, gap=0.04)
    tape.pause(pause)
    tape.say(WELL, gap=0.04)
    heard = tape.heard()
    placements = locate_by_emissions(footnoted(HARBOUR, "[3]", WELL), heard.audio, heard.emissions, "en").placements
    at = len(HARBOUR.split())
    assert placements[at].span is None
    assert placements[:at] + placements[at + 1 :] == located(heard, f"{HARBOUR} {WELL}").placements
