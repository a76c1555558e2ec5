#!/usr/bin/env python3
"""Join episodes to one long one, again and again until it is long enough: what time and memory do over hours.

Usage: python -m tests.bench.join FOLDER... OUT_DIR --hours 1

Writes ``episode.mp3``, ``transcript.txt`` and ``truth.json``. Joined copies are the hardest of repeated passages: every
word has its like elsewhere.
"""

import argparse
import json
import subprocess
from itertools import cycle
from pathlib import Path
from typing import Any

from media.decode import audio_blocks
from media.ffmpeg import ffmpeg_path
from tests.bench.trial import find_episodes

RATE = 24000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--hours", type=float, default=1.0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    coding = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-", "-b:a", "64k"]
    command = [ffmpeg_path(), "-y", "-v", "error", *coding, str(options.out / "episode.mp3")]
    texts: list[str] = []
    truth: dict[str, Any] = {"words": [], "extra": []}
    seconds, characters = 0.0, 0
    with subprocess.Popen(command, stdin=subprocess.PIPE) as coder:
        assert coder.stdin is not None
        for files in cycle(find_episodes(options.folders)):
            text = files.transcript.read_text(encoding="utf-8")
            part = json.loads(files.truth.read_text(encoding="utf-8"))
            truth["words"] += [moved(word, seconds, characters) for word in part["words"]]
            truth["extra"] += [moved(span, seconds, characters) for span in part.get("extra", [])]
            for _, samples in audio_blocks(files.audio, RATE):
                coder.stdin.write((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
                seconds += len(samples) / RATE
            texts.append(text + "\n")
            characters += len(texts[-1])
            if seconds >= options.hours * 3600:
                break
        coder.stdin.close()
    if coder.returncode:
        raise SystemExit("ffmpeg could not write the audio")
    (options.out / "transcript.txt").write_text("".join(texts), encoding="utf-8")
    (options.out / "truth.json").write_text(json.dumps(truth | {"duration": seconds}, ensure_ascii=False))
    print(f"{seconds / 3600:.2f} h, {len(truth['words'])} words")


def moved(span: dict[str, Any], seconds: float, characters: int) -> dict[str, Any]:
    """Return a word or span of an episode at its time and characters in the joined one."""
    times = {key: None if span[key] is None else round(span[key] + seconds, 3) for key in ("start", "end")}
    places = {key: span[key] + characters for key in ("char_start", "char_end") if key in span}
    return span | times | places


if __name__ == "__main__":
    main()
