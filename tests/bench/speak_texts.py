#!/usr/bin/env python3
"""Have the texts beside this script spoken by voices held out for evaluation: an episode with known times for each.

Usage: speak_texts.py --speak SPEAK_PY OUT_DIR [--languages fr,en,...] [options handed on to the synthesiser]

A text is named by its language's code and by what it has of its own: ``nl-numbers`` is full of digits, signs and
abbreviations. The texts are in no training data, and the acoustic model never saw at least one part of each blend of
voices. The first speaker of a text has the first voice of its name in ``texts/voices.json``, the others the second.
Hesitations, repeats and dropped words are inserted as edited transcripts leave them out (``--disfluency 0.6``).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
ACCENTS = {"fr": "fr-fr", "en": "en-gb"}  # espeak's names, where they are not the language's


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speak", required=True, type=Path, help="the synthesiser's script")
    parser.add_argument("--languages", help="default: all")
    parser.add_argument("out", type=Path)
    args, options = parser.parse_known_args()
    blends = json.loads((TEXTS / "voices.json").read_text(encoding="utf-8"))
    for language in args.languages.split(",") if args.languages else blends:
        speak(args.speak, language, blends[language], args.out / language, options)


def speak(synthesiser: Path, language: str, blends: list[str], out: Path, options: list[str]) -> None:
    """One text as an episode in ``out``."""
    source = TEXTS / f"{language}.txt"
    first, *others = dict.fromkeys(re.findall(r"^([^#:]+?) ?: ", source.read_text(encoding="utf-8"), re.MULTILINE))
    with tempfile.TemporaryDirectory() as folder:
        voices = Path(folder, "voices.json")
        voices.write_text(json.dumps({first: blends[0]} | dict.fromkeys([*others, "*"], blends[1])), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.make_episode", "--speak", synthesiser, source, out]
        accent = ACCENTS.get(language, language.split("-")[0])
        spoken = ["--lang", accent, "--voices", voices, "--disfluency", "0.6", *options]
        subprocess.run([*map(str, command), *map(str, spoken)], check=True)


if __name__ == "__main__":
    main()
