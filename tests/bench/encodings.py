"""Recordings in several encodings, and others beside them: by how many wrong bits an archive tells which are one.

``python -m tests.bench.encodings FOLDER...``: of all recordings below these that have a truth.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import tempfile
from pathlib import Path

from media.ffmpeg import ffmpeg_path
from tests.bench.trial import find_episodes
from web.archive.sources.encodings import are_alike, likenesses, others_of

_HOW = {
    "wav": ["-ar", "44100", "-ac", "2"], "flac": [], "opus": ["-b:a", "24k"], "ogg": ["-q:a", "2"],
    "m4a": ["-b:a", "48k"], "aac": ["-b:a", "96k"], "32.mp3": ["-b:a", "32k"], "64.mp3": ["-b:a", "64k"],
    "vbr.mp3": ["-q:a", "6"], "bare.mp3": ["-b:a", "64k", "-write_xing", "0"], "louder.mp3": ["-af", "loudnorm"],
    "even.mp3": ["-af", "acompressor=threshold=0.05:ratio=6"],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    episodes = find_episodes(parser.parse_args().folders)
    with tempfile.TemporaryDirectory() as folder:
        forms = [_encoded(each.audio, Path(folder) / str(number)) for number, each in enumerate(episodes)]
        same = [pair for each in forms for pair in itertools.permutations(each, 2)]
        others = [(a, b) for one, other in itertools.permutations(forms, 2) for a, b in zip(one, other, strict=True)]
        for name, pairs in (("one recording", same), ("two", others)):
            for which, of in (("two stretches", None), ("others", others_of)):
                wrong = [share for pair in pairs for count, share in likenesses(*pair, of) if count and share < 1]
                bits = f"share of wrong bits {min(wrong):.3f} to {max(wrong):.3f}"
                print(f"{name}: {len(pairs)} pairs, {len(wrong)} of {which}, {bits}")
            print(f"{name}: {sum(are_alike(*pair) for pair in pairs)} of {len(pairs)} pairs are told to be one")


def _encoded(sound: Path, folder: Path) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"sound.{ending}" for ending in _HOW]
    for path, how in zip(paths, _HOW.values(), strict=True):
        subprocess.run([ffmpeg_path(), "-v", "error", "-i", sound, *how, path], check=True)
    return [sound, *paths]


if __name__ == "__main__":
    main()
