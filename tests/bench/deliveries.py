#!/usr/bin/env python3
"""How well words are found in audio as hosts deliver it: with ads, cut, encoded, louder, faster.

Usage: python -m tests.bench.deliveries [FOLDER...] [--count 40] [--seed 1] [--javascript FILE] [--list]

A folder is an episode or holds episodes, as for ``run.py``; without one the sample is taken. A delivery is made of an
episode's own audio with 0 to 8 ads of 5 to 90 s put in anywhere, half of them in pauses: speech of the other episodes
(or its own, backwards) and music. An ad may come twice and may quote the episode. The beginning or a passage may be
missing. FFmpeg changes speed, volume and channels and encodes the result. One delivery in 20 is another episode with
the same ads. What FFmpeg delays is measured by correlating loudness over the whole delivery, and belongs to the truth.

- ``right``: words that are wholly in the delivery, and both of whose edges are within 50 ms of where they are.
- ``in ads``: words over half of which, or 0.1 s, are shown over an ad, its quotes of the episode included.
- ``absent``: words that are shown though more than half of their audio, and more than 50 ms, was removed.
- ``invented``: spans most of which lie more than 50 ms from where that audio is.
- ``wholly right``: deliveries without any of these faults.

``--javascript`` judges the matcher in that file, run by Node, on the same deliveries.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from aligner.retiming.matching import match_audio
from aligner.retiming.moving import AudioMapping, MatchedSpan
from media.ffmpeg import ffmpeg_path
from media.fingerprint import FINE_MS, Fingerprint, fingerprint_of
from tests.bench.disturb import music
from tests.bench.recordings import RATE, Recording, Samples, loudness, read_recordings, samples_of, write_wave
from tests.paths import SAMPLE

_NEAR = 0.05  # seconds
_TUNE = 90.0  # seconds of music, of which ads have parts
_LEVEL = 0.06  # root mean square of it, about that of speech
_PAUSE = 0.2  # seconds between two words, in which half of the ads are put
_LATEST = 0.3  # seconds: the longest delay of a codec or filter
_STEP = 1 / 400  # seconds from one value of ``loudness`` to the next
_CODECS = [
    *((".mp3", ["-c:a", "libmp3lame", "-b:a", f"{rate}k"]) for rate in (32, 48, 64, 128)),
    *((".m4a", ["-c:a", "aac", "-b:a", f"{rate}k"]) for rate in (32, 64, 128)),
    *((".opus", ["-c:a", "libopus", "-b:a", f"{rate}k"]) for rate in (32, 64)),
]
_COMPRESSED = "acompressor=threshold=-30dB:ratio=6:attack=5:release=80:makeup=4"
_FASTER = (f"asetrate={RATE}*1.01", "atempo=1.01")
_STEREO = "adelay=0|0.4,pan=stereo|c0=c0|c1=0.6*c0"
_NODE = """
import { readFileSync } from "node:fs";
const [module, own, delivered] = process.argv.slice(1);
const matcher = await import(module);
const maker = new matcher.Fingerprinter();
maker.add(new Float32Array(new Uint8Array(readFileSync(delivered)).buffer));
const hops = matcher.readSidecar(new Uint8Array(readFileSync(own)));
const spans = matcher.match(hops, maker.hops(true));
console.log(JSON.stringify(matcher.isAnother(hops, spans) ? null : spans));
"""

Match = Callable[[Fingerprint, Samples], Sequence[MatchedSpan] | None]


@dataclass(frozen=True)
class Piece:
    """Samples of a delivery that begin at ``at``, before the speed is changed; ``start`` is the second of the own audio
    with which they begin, None in an ad."""

    samples: Samples
    start: float | None
    at: float

    @property
    def length(self) -> float:
        return len(self.samples) / RATE


@dataclass(frozen=True)
class Delivery:
    """Audio as delivered, and its pieces in terms of ``speed`` and of the ``delay`` of filters and codec."""

    name: str
    own: Recording
    pieces: Sequence[Piece]
    samples: Samples
    speed: float
    delay: float

    def place(self, own: float) -> tuple[Piece, float] | None:
        """Return the piece that holds a second of the own audio, and where that is delivered; None if nowhere."""
        for piece in self.pieces:
            if piece.start is not None and piece.start <= own < piece.start + piece.length:
                return piece, self.delivered(piece.at + own - piece.start)
        return None

    def delivered(self, at: float) -> float:
        return at / self.speed + self.delay


@dataclass
class Counts:
    """What became of the words of one delivery or several."""

    words: int = 0
    right: int = 0
    in_ads: int = 0
    absent: int = 0
    invented: int = 0
    deliveries: int = 0
    wholly_right: int = 0
    seconds: float = 0.0

    def add(self, other: Counts) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def deliveries(recordings: Sequence[Recording], count: int, seed: int) -> Iterator[Delivery]:
    """Yield deliveries of each recording in turn."""
    tune = music(round(_TUNE * RATE), np.random.default_rng(seed))
    tune = (tune * _LEVEL / np.sqrt(np.square(tune).mean())).astype(np.float32)
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        own = recordings[index % len(recordings)]
        others = [each.samples for each in recordings if each is not own] or [own.samples[::-1]]
        kept, cuts = _kept(own, rng)
        is_another = index % 20 == 19
        ads = [_ad(own, kept, others, tune, rng) for _ in range(rng.integers(0, 9))]
        if len(ads) > 1 and rng.random() < 0.3:
            ads[-1] = ads[0]
        pieces = list(_with_ads(own, kept, [(_moment(own, rng), ad) for ad in ads]))
        if is_another:
            foreign = others[int(rng.integers(len(others)))]
            pieces = [Piece(foreign, None, 0.0), *(piece for piece in pieces if piece.start is None)]
        yield _delivered(f"{index} {own.name}{', another' * is_another}, {len(ads)} ads{cuts}", own, pieces, rng)


def _kept(own: Recording, rng: np.random.Generator) -> tuple[list[Span], str]:
    """Return the spans of the own audio that are delivered, and what this leaves out."""
    start = rng.uniform(2, own.duration / 6) if rng.random() < 0.25 else 0.0
    kept, cuts = [Span(start, own.duration)], ", no intro" * (start > 0)
    if rng.random() < 0.3:
        cut = rng.uniform(own.duration / 4, own.duration * 0.7)
        length = rng.uniform(3, own.duration / 6)
        kept, cuts = [Span(start, cut), Span(cut + length, own.duration)], f"{cuts}, a passage cut"
    return kept, cuts


def _moment(own: Recording, rng: np.random.Generator) -> float:
    """Return where an ad is put in: before all, after it, or within, half of the time in a pause."""
    share = rng.random()
    if share < 0.3:
        return 0.0 if share < 0.15 else own.duration
    pauses = [
        (one.end + other.latest) / 2
        for one, other in zip(own.words, own.words[1:], strict=False)
        if one.end is not None and other.latest - one.end > _PAUSE
    ]
    return float(rng.choice(pauses)) if pauses and rng.random() < 0.5 else rng.uniform(0, own.duration)


def _ad(
    own: Recording, kept: Sequence[Span], others: Sequence[Samples], tune: Samples, rng: np.random.Generator
) -> Samples:
    """Return speech, music or both; one ad in eight quotes up to a third of its length from what is delivered."""
    count = round(rng.uniform(5, 90) * RATE)
    speech, tune = (
        np.resize(np.roll(each, -int(rng.integers(len(each)))), count)
        for each in (others[int(rng.integers(len(others)))], tune)
    )
    ad = (speech, speech, tune, speech + 0.3 * tune)[int(rng.integers(4))].copy()
    if rng.random() < 0.125:
        held = kept[int(rng.integers(len(kept)))]
        length = min(round(rng.uniform(2, 20) * RATE), count // 3)
        start = round(rng.uniform(held.start, max(held.start, held.end - length / RATE)) * RATE)
        quote = own.samples[start : start + length]
        ad[count // 3 :][: len(quote)] = quote
    return ad


def _with_ads(own: Recording, kept: Sequence[Span], ads: Iterable[tuple[float, Samples]]) -> Iterator[Piece]:
    """Yield what is kept, with each ad at its moment of the own audio."""
    at, to_come = 0.0, sorted(ads, key=lambda each: each[0])
    for span in kept:
        start = span.start
        while start < span.end:
            end = max(start, min([span.end, *(moment for moment, _ in to_come)]))
            if end > start:
                yield Piece(own.between(start, end), start, at)
                at, start = at + end - start, end
            while to_come and to_come[0][0] <= start:
                _, ad = to_come.pop(0)
                yield Piece(ad, None, at)
                at += len(ad) / RATE
    for _, ad in to_come:
        yield Piece(ad, None, at)
        at += len(ad) / RATE


def _delivered(name: str, own: Recording, pieces: Sequence[Piece], rng: np.random.Generator) -> Delivery:
    """Change and encode the pieces."""
    filters = []
    is_faster, is_compressed, is_quieter, is_stereo = (rng.random(4) < (0.2, 0.3, 0.4, 0.3)).tolist()
    ending, codec = _CODECS[int(rng.integers(len(_CODECS)))]
    if is_faster:
        filters.append(_FASTER[int(rng.integers(2))])
    if is_compressed:
        filters.append(_COMPRESSED)
    if is_quieter:
        filters.append(f"volume={rng.uniform(-30, 6):.1f}dB")
    with tempfile.TemporaryDirectory() as folder:
        plain, encoded = Path(folder, "plain.wav"), Path(folder, f"encoded{ending}")
        samples = np.concatenate([piece.samples for piece in pieces])
        write_wave(plain, samples)
        chain = ",".join([*filters, "aresample=48000", *[_STEREO] * is_stereo])
        command = [ffmpeg_path(), "-v", "error", "-i", str(plain), "-af", chain, *codec, str(encoded)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        new = samples_of(encoded)
    speed = 1.01 if is_faster else 1.0
    name = ", ".join([name, *filters, *["stereo"] * is_stereo, " ".join([ending, codec[-1]])])
    return Delivery(name, own, pieces, new, speed, _delay(samples, new, speed))


def _delay(samples: Samples, new: Samples, speed: float) -> float:
    """Return by how much ``new`` is later than ``samples`` at that speed."""
    old_levels, levels = (np.log(loudness(each) + 1e-4) for each in (samples, new))
    lags = np.arange(-round(_LATEST / _STEP), round(_LATEST / _STEP) + 1)
    at = np.arange(lags[-1], min(len(levels), int(len(old_levels) / speed)) - lags[-1])
    sought = np.interp(at * speed, np.arange(len(old_levels)), old_levels)
    return float(lags[np.argmax([np.corrcoef(sought, levels[at + lag])[0, 1] for lag in lags])] * _STEP)


def judged(delivery: Delivery, found: Sequence[MatchedSpan] | None) -> Counts:
    """Count the words and spans of a delivery that were found rightly and wrongly; ``found`` is None if refused."""
    mapping = AudioMapping(found or (), len(delivery.samples) / RATE)
    ads = [
        Span(delivery.delivered(piece.at), delivery.delivered(piece.at + piece.length))
        for piece in delivery.pieces
        if piece.start is None
    ]
    counts = Counts(deliveries=1, invented=sum(_is_invented(delivery, each) for each in found or ()))
    for word in delivery.own.words:
        if not word.known or word.end is None or word.end - word.latest < 0.002:
            continue
        span = Span(word.latest, word.end)
        shown = mapping.word(span)
        first, last = delivery.place(span.start), delivery.place(span.end - 0.001)
        if first and last and first[0] is last[0]:
            truth = Span(first[1], last[1] + 0.001)
            counts.words += 1
            counts.right += bool(
                shown and abs(shown.start - truth.start) <= _NEAR and abs(shown.end - truth.end) <= _NEAR
            )
        if shown:
            allowed = min(2 * _NEAR, max(_NEAR, shown.duration / 2))
            counts.in_ads += any(min(shown.end, ad.end) - max(shown.start, ad.start) > allowed for ad in ads)
            gone = [delivery.place(at) is None for at in np.linspace(span.start, span.end - 0.001, 20)]
            counts.absent += sum(gone) > 10 and sum(gone) / 20 * span.duration > _NEAR
    is_right = counts.right == counts.words and not (counts.in_ads or counts.absent or counts.invented)
    counts.wholly_right = int(is_right)
    return counts


def _is_invented(delivery: Delivery, found: MatchedSpan) -> bool:
    wrong = []
    for own in np.linspace(found.old.start, found.old.end, 41)[1:-1]:
        place = delivery.place(float(own))
        wrong.append(place is None or abs(place[1] - found.to_new(float(own))) > _NEAR)
    return sum(wrong) > len(wrong) / 2


def in_python(own: Fingerprint, samples: Samples) -> Sequence[MatchedSpan] | None:
    def read(start: float, end: float | None) -> Iterator[tuple[float, Samples]]:
        yield start, samples[round(start * RATE) : None if end is None else round(end * RATE)]

    try:
        return match_audio(own, fingerprint_of(read(0.0, None), FINE_MS), read)
    except AnotherEpisodeError:
        return None


def in_javascript(matcher: Path) -> Match:
    def match(own: Fingerprint, samples: Samples) -> Sequence[MatchedSpan] | None:
        with tempfile.TemporaryDirectory() as folder:
            sync_file, delivered = Path(folder, "own.sync"), Path(folder, "delivered.f32")
            sync_file.write_bytes(own.to_bytes())
            low = np.convolve(samples, np.array([1, 3, 3, 1]) / 8)[2::2][: len(samples) // 2]  # at half the rate
            delivered.write_bytes(low.astype("<f4").tobytes())
            command = ["node", "--input-type=module", "-e", _NODE, str(matcher.resolve())]
            command += [str(sync_file), str(delivered)]
            spans = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return spans and [
            MatchedSpan(Span(each["own_start"], each["own_end"]), Span(each["delivered_start"], each["delivered_end"]))
            for each in spans
        ]

    return match


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLE], metavar="FOLDER")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--javascript", type=Path, metavar="FILE")
    parser.add_argument("--list", action="store_true", help="also each delivery that is not wholly right")
    options = parser.parse_args()
    matchers: dict[str, Match] = {"Python": in_python}
    if options.javascript:
        matchers["JavaScript"] = in_javascript(options.javascript)
    totals = {name: Counts() for name in matchers}
    recordings = read_recordings(options.folders)
    fingerprints = {each.name: fingerprint_of([(0.0, each.samples)]) for each in recordings}
    for delivery in deliveries(recordings, options.count, options.seed):
        for name, match in matchers.items():
            began = time.perf_counter()
            counts = judged(delivery, match(fingerprints[delivery.own.name], delivery.samples))
            counts.seconds = time.perf_counter() - began
            totals[name].add(counts)
            if options.list and not counts.wholly_right:
                print(f"{name}: {delivery.name}: {counts}")
    for name, counts in totals.items():
        print(
            f"{name}: {counts.right / max(counts.words, 1):.2%} of {counts.words} words right, {counts.in_ads} in ads, "
            f"{counts.absent} absent, {counts.invented} spans invented; {counts.wholly_right} of {counts.deliveries} "
            f"deliveries wholly right; {counts.seconds:.0f} s"
        )


if __name__ == "__main__":
    main()
