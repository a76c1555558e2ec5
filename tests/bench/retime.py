"""Errors of word times after matching old audio with new audio that was cut, encoded, made louder or faster by FFmpeg.

``python -m tests.bench.retime SOUND ALIGNMENT`` or ``--voices FOLDER``: all
recordings below it that have a truth, as one sound.

The cuts are made here, to the sample, so that the truth of every word is known; what a filter and a codec delay is
measured in the decoded samples, around each word, and belongs to the truth.

Conventions: seconds, errors in milliseconds; a *piece* is from a second to another of a source, ``""`` being the sound.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from aligner.recognition import RATE
from aligner.retiming.matching import match_audio
from aligner.retiming.moving import AudioMapping, MatchedSpan
from aligner.storage.alignment_json import read_alignment
from media.decode import audio_blocks
from media.ffmpeg import ffmpeg_path
from media.fingerprint import FINE_MS, fingerprint_of
from tests.bench.recordings import Samples, samples_of
from tests.bench.trial import find_episodes
from tests.paths import SAMPLE

_FINE = 44100  # of what is cut and encoded
_AROUND, _MOST_LATE = 0.5, 0.25  # seconds on either side of a word's start that are compared, and the longest delay
_ALIKE = 0.5  # correlation from which on a delay is one
_PAUSE = 0.25  # between two words, in which an editor cuts
_ADVERTS = {"one": (20.0, 50.0), "two": (60.0, 90.0), "short": (100.0, 111.7), "jingle": (1.0, 9.0)}  # of the sample

Piece = tuple[str, float, float]


@dataclass(frozen=True)
class Said:
    """The words of audio that lasts ``duration``."""

    words: Sequence[Span]
    duration: float


@dataclass(frozen=True)
class Case:
    """What becomes of ``old`` pieces: ``new`` ones, through filters at a ``speed``, and as a file of a kind, with a
    music under all of it that is ``bed_db`` louder."""

    name: str
    old: Sequence[Piece]
    new: Sequence[Piece]
    ending: str = ".wav"
    codec: Sequence[str] = ()
    speed_filter: str = ""
    speed: float = 1.0
    loudness: str = ""
    bed_db: float | None = None
    refused: bool = False


@dataclass(frozen=True)
class Found:
    """What came of a case: errors of words, and how many were lost or kept wrongly, of so many; errors of edges."""

    errors: Sequence[float]
    edges: Sequence[float]
    lost: int
    kept_wrongly: int
    words: int
    delay: float
    seconds: float


MP3, AAC, OPUS = ("-c:a", "libmp3lame", "-b:a"), ("-c:a", "aac", "-b:a"), ("-c:a", "libopus", "-b:a")
RESAMPLED = {"speed_filter": f"asetrate={_FINE}*1.02,aresample={_FINE}", "speed": 1.02}
STRETCHED = {"speed_filter": "atempo=1.02", "speed": 1.02}
LOUD = {"loudness": "loudnorm=I=-16:TP=-1.5"}


def cases(said: Said) -> Iterator[Case]:
    """All that the bench asks, with cuts in pauses of the speech, but those that say otherwise."""
    length = said.duration
    a, b, c, d = (_pause(said, share * length) for share in (0.2, 0.4, 0.6, 0.8))
    one, two, short, jingle = ((name, 0.0, end - start) for name, (start, end) in _ADVERTS.items())
    whole = ("", 0.0, length)
    first, rest = ("", 0.0, b), ("", b, length)
    advert = [first, one, rest]
    yield Case("nothing changed", [whole], [whole])
    for name, ending, codec in [
        *((f"MP3 {rate}", ".mp3", (*MP3, f"{rate}k")) for rate in (64, 128, 320)),
        *((f"AAC {rate}", ".m4a", (*AAC, f"{rate}k")) for rate in (64, 128)),
        *((f"Opus {rate}", ".opus", (*OPUS, f"{rate}k")) for rate in (32, 64)),
    ]:
        yield Case(name, [whole], [whole], ending, codec)
    yield Case("loudness", [whole], [whole], **LOUD)
    yield Case("music under it, -12 dB", [whole], [whole], bed_db=-12.0)
    yield Case("advert put in", [whole], advert)
    yield Case("three adverts put in", [whole], [two, ("", 0.0, a), one, ("", a, c), short, ("", c, length), two])
    yield Case("advert taken out", advert, [whole])
    yield Case("advert exchanged", advert, [first, short, rest])
    yield Case("exchanged, as long", advert, [first, two, rest])
    yield Case("beginning trimmed", [whole], [("", 7.3, length)])
    yield Case("passage dropped", [whole], [("", 0.0, a), ("", b, length)])
    yield Case("passage moved", [whole], [("", 0.0, a), ("", c, d), ("", a, c), ("", d, length)])
    cut = [0.0, *(share * length for share in np.linspace(0.05, 0.95, 10)), length]
    yield Case("ten cuts anywhere", [whole], [each for x, y in pairwise(cut) for each in (("", x, y), short)])
    edges = [0.0, *(_between_words(said, share * length) for share in np.linspace(0.05, 0.95, 20)), length]
    yield Case("ten dropped, between words", [whole], [("", x, y) for x, y in list(pairwise(edges))[::2]])
    yield Case("pauses shortened", [whole], list(_without_pauses(said)))
    yield Case("1.02 resampled", [whole], [whole], **RESAMPLED)
    yield Case("1.02 stretched", [whole], [whole], **STRETCHED)
    mp3 = {"ending": ".mp3", "codec": (*MP3, "64k")}
    opus = {"ending": ".opus", "codec": (*OPUS, "32k")}
    yield Case("advert, Opus 32, loudness", [whole], advert, **opus, **LOUD)
    yield Case("exchanged, trimmed, MP3 64", advert, [("", 7.3, b), two, rest], **mp3)
    yield Case("advert, 1.02 resampled, MP3 64", [whole], advert, **mp3, **RESAMPLED)
    yield Case("advert, 1.02 stretched, MP3 64", [whole], advert, **mp3, **STRETCHED)
    shows = [[jingle, one, ("", 0.0, c), jingle], [jingle, one, ("", c, length), jingle]]
    yield Case("another episode of the show", *shows, **mp3, refused=True)
    yield Case("another, one advert its third", *([each, one, one, one, one] for each in _thirds(c)), refused=True)
    yield Case("best of it", [whole], [jingle, ("", a, a + 0.1 * length), one, ("", c, c + 0.1 * length)], refused=True)


def _thirds(middle: float) -> list[Piece]:
    """Return two passages of four minutes."""
    return [("", max(0.0, middle - 245), middle - 5), ("", middle, middle + 240)]


def _pause(said: Said, near: float) -> float:
    """The middle of the pause between words that is the nearest."""
    pauses = [(one.end + other.start) / 2 for one, other in pairwise(said.words) if other.start - one.end > _PAUSE]
    return min(pauses, key=lambda pause: abs(pause - near))


def _between_words(said: Said, near: float) -> float:
    """The end of the nearest word that the next one follows without a pause."""
    closed = [one.end for one, other in pairwise(said.words) if abs(other.start - one.end) < 0.02]
    return min(closed or [near], key=lambda end: abs(end - near))


def _without_pauses(said: Said) -> Iterator[Piece]:
    """Yield the pieces of the audio with pauses over half a second cut to a quarter."""
    at = 0.0
    for one, other in pairwise(said.words):
        if other.start - one.end > 2 * _PAUSE:
            yield "", at, one.end + _PAUSE / 2
            at = other.start - _PAUSE / 2
    yield "", at, said.duration


def place(pieces: Sequence[Piece], moment: float) -> float | None:
    """Return the time of a moment of the audio in a row of pieces; None if it is in none."""
    at = 0.0
    for source, start, end in pieces:
        if not source and start <= moment < end:
            return at + moment - start
        at += end - start
    return None


def joined(pieces: Sequence[Piece], sources: Mapping[str, Samples]) -> Samples:
    return np.concatenate([sources[name][round(a * _FINE) : round(b * _FINE)] for name, a, b in pieces])


def run(case: Case, said: Said, sources: Mapping[str, Samples], folder: Path) -> Found | None:
    """Make the two audio files of a case and match them; None if that was refused."""
    from scipy.io import wavfile

    before, cut = folder / "old.wav", folder / "cut.wav"
    wavfile.write(before, _FINE, _int16(joined(case.old, sources)))
    wavfile.write(cut, _FINE, _int16(_with_bed(joined(case.new, sources), sources["jingle"], case.bed_db)))
    faster = _through(case.speed_filter, cut, folder / "faster.wav")
    new = _encoded(_through(case.loudness, faster, folder / "loud.wav"), folder / f"new{case.ending}", case.codec)
    old = fingerprint_of(audio_blocks(before, RATE))
    begin = time.perf_counter()
    try:
        sound = partial(audio_blocks, new, RATE)
        found = match_audio(old, fingerprint_of(sound(), FINE_MS), sound)
    except AnotherEpisodeError:
        return None
    seconds = time.perf_counter() - begin
    return _judged(case, said, found, samples_of(faster), samples_of(new), seconds)


def _with_bed(samples: Samples, music: Samples, bed_db: float | None) -> Samples:
    if bed_db is None:
        return samples
    return samples + np.resize(music, len(samples)) * 10 ** (bed_db / 20) * samples.std() / music.std()


def _judged(
    case: Case, said: Said, found: Sequence[MatchedSpan], reference: Samples, new: Samples, seconds: float
) -> Found:
    timeline = AudioMapping(found, len(new) / RATE)
    errors, delays, lost, wrongly, count = [], [], 0, 0, 0
    for word in said.words:
        at, ends = place(case.old, word.start), place(case.old, word.end - 1e-3)
        if at is None or ends is None or ends < at:
            continue
        count += 1
        truth, last = place(case.new, word.start), place(case.new, word.end - 1e-3)
        is_whole = truth is not None and last is not None and abs(last - truth - word.duration) < 0.01
        got = timeline.word(Span(at, ends))
        if not is_whole:
            wrongly += truth is None and last is None and got is not None
            continue
        assert truth is not None
        if got is None:
            lost += 1
            continue
        late = _delay(reference, new, truth / case.speed)
        delays.append(late if late is not None else delays[-1] if delays else 0.0)
        errors.append(1000 * (got.start - truth / case.speed - delays[-1]))
    delay = 1000 * float(np.median(delays)) if delays else 0.0
    return Found(errors, _edge_errors(case, found), lost, wrongly, count, delay, seconds)


def _edge_errors(case: Case, found: Sequence[MatchedSpan]) -> list[float]:
    """Return the distance from each cut of the shared audio to the nearest edge of a matched span."""
    cuts = set()
    for pieces, others in ((case.old, case.new), (case.new, case.old)):
        for source, start, end in pieces:
            cuts |= {moment for moment in (start, end) if not source and place(others, moment) is not None}
    edges = [edge for each in found for edge in (each.old.start, each.old.end)]
    places = [at for moment in cuts if (at := place(case.old, moment)) is not None and at > 0]
    return [1000 * min((abs(edge - at) for edge in edges), default=np.inf) for at in places]


def _delay(reference: Samples, new: Samples, at: float) -> float | None:
    """Return the delay of the audio around a second in the ``new`` samples; None if they differ there."""
    from scipy.signal import fftconvolve

    around, late = round(_AROUND * RATE), round(_MOST_LATE * RATE)
    middle = round(at * RATE)
    if middle < around + late or middle + around + late > min(len(reference), len(new)):
        return None
    sought, there = reference[middle - around : middle + around], new[middle - around - late : middle + around + late]
    # Differences, for a hum is like itself everywhere.
    sought, there = np.diff(sought), np.diff(there)
    likeness = fftconvolve(there, sought[::-1], "valid")
    powers = np.cumsum(np.concatenate([[0.0], there.astype(np.float64) ** 2]))
    powers = (powers[len(sought) :] - powers[: -len(sought)]) * float((sought.astype(np.float64) ** 2).sum())
    likeness = likeness / np.sqrt(powers + 1e-9)
    best = int(np.argmax(likeness))
    return (best - late) / RATE if likeness[best] > _ALIKE else None


def _int16(samples: Samples) -> np.ndarray:
    return np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)


def _through(filters: str, source: Path, target: Path) -> Path:
    return _ffmpeg(source, target, "-af", filters, "-ar", str(_FINE)) if filters else source


def _encoded(source: Path, target: Path, codec: Sequence[str]) -> Path:
    return _ffmpeg(source, target, *codec) if codec else source


def _ffmpeg(source: Path, target: Path, *options: str) -> Path:
    command = [ffmpeg_path(), "-v", "error", "-y", "-i", str(source), *options, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def _episode(sound: Path, alignment: Path) -> tuple[Samples, Said]:
    read = read_alignment(alignment)
    samples = np.concatenate([samples for _, samples in audio_blocks(sound, _FINE)])
    return samples, Said([word.span for word in read.words if word.span], len(samples) / _FINE)


def _voices(folder: Path) -> tuple[Samples, Said]:
    """All recordings below a folder that have a truth, one after the other."""
    pieces, words, at = [], [], 0.0
    for files in find_episodes([folder]):
        samples = np.concatenate([samples for _, samples in audio_blocks(files.audio, _FINE)])
        truth = json.loads((files.audio.parent / "truth.json").read_text(encoding="utf-8"))["words"]
        known = [word for word in truth if word.get("start") is not None and word.get("end") is not None]
        words += [Span(at + word["start"], at + word["end"]) for word in known]
        pieces.append(samples)
        at += len(samples) / _FINE
    return np.concatenate(pieces), Said(words, at)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.retime")
    parser.add_argument("files", type=Path, nargs="*", metavar="SOUND ALIGNMENT")
    parser.add_argument("--voices", type=Path)
    parser.add_argument("--case", help="those with this in their name alone")
    options = parser.parse_args()
    samples, said = _voices(options.voices) if options.voices else _episode(*options.files)
    sources = {"": samples}
    for name, (start, end) in _ADVERTS.items():
        blocks = audio_blocks(SAMPLE / "episode.mp3", _FINE, start, end)
        sources[name] = np.concatenate([samples for _, samples in blocks])
    print(f"{'case':32}{'words':>7}{'lost':>6}{'wrong':>6}{'mean':>7}{'median':>7}{'95 %':>7}{'max':>8}", end="")
    print(f"{'edges':>8}{'delay':>8}{'s':>7}")
    for case in cases(said):
        if options.case and options.case not in case.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            print(_row(case, run(case, said, sources, Path(folder))))
        sys.stdout.flush()


def _row(case: Case, found: Found | None) -> str:
    if found is None or case.refused:
        told = "refused" if found is None else "TAKEN"
        return f"{case.name:32}{told}{'' if case.refused == (found is None) else ', and should not be'}"
    errors = np.abs(found.errors) if len(found.errors) else np.zeros(1)
    figures = (errors.mean(), np.median(errors), np.percentile(errors, 95), errors.max())
    line = f"{case.name:32}{found.words:7}{found.lost:6}{found.kept_wrongly:6}"
    line += "".join(f"{figure:{width}.1f}" for figure, width in zip(figures, (7, 7, 7, 8), strict=True))
    return f"{line}{max(found.edges, default=0.0):8.0f}{found.delay:8.1f}{found.seconds:7.1f}"


if __name__ == "__main__":
    main()
