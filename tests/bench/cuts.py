#!/usr/bin/env python3
"""Count the cues of each kind of captions that are hard to read.

Usage: python -m tests.bench.cuts ALIGNMENT... LANGUAGE:FILE... [--names NAME...] [--list]

A text is spoken at an even pace with a pause at most of its punctuation, a line that names nobody by each of three
in turn. ``--names`` takes the place of all names, with long ones where none follow. Counted of all cues:

- under 1 s, and over 20 characters a second;
- lines and cues that end, in mid-sentence, with an article, preposition or conjunction, by short lists that are none of
  those that captions are cut by;
- lines and cues of one word amid a clause;
- cues more than half of which is a name.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from aligner.captions import CaptionRules, Cue, CueBuilder, CueKind, SpeakerNames
from aligner.captions.cutting import Cutter, Typesetter
from aligner.captions.passages import Passage, read_passages
from aligner.captions.rules import CueLine, speaker_labels
from aligner.formats import Material, subtitles
from aligner.languages import Language, language_of
from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment
from aligner.typography.tokens import width
from tests.aligner.captions.spoken import Paragraph, spoken

KINDS = {
    "podcast-vtt": subtitles.PODCAST_VTT,
    "podcast-srt": subtitles.PODCAST_SRT,
    "vtt": CaptionRules(speaker_names=SpeakerNames.DASH),
    "srt, broadcast-srt": CaptionRules(speaker_names=SpeakerNames.CHANGE),
}
LONG_NAMES = (
    "Marie-Antoinette de La Rochefoucauld",
    "Dr. Zoë O’Brien-Smith",
    "Jean",
    "Prof. Dr. Karl-Heinz Müller-Lüdenscheidt",
    "La voix du répondeur",
)
_NAMES = ("Ada", "Luc", "Eva")
# Articles, prepositions and conjunctions that open what follows them.
_OPENING = {
    "fr": "le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre "
    "vos leur leurs à en dans par pour sur sous avec sans chez vers entre depuis et ou ni mais car que qu qui "
    "si comme quand lorsque puisque chaque quelques plusieurs",
    "en": "the a an my your his its our their of to in for with from by at on into and or but nor if because when "
    "while than as every each",
    "de": "der die das den dem des ein eine einen einem einer eines mein meine sein seine ihr ihre unser unsere kein "
    "keine in im am an auf aus bei mit nach von vom zu zum zur für durch gegen ohne um und oder aber dass weil "
    "wenn als ob denn",
    "es": "el la los las un una unos unas lo al del mi mis tu tus su sus de a en por para con sin sobre entre desde y "
    "e o u ni pero que si como cuando porque cada",
    "it": "il lo la i gli le l un uno una al allo alla ai agli alle del dello della dei degli delle nel nella nei dal "
    "dalla sul sulla di a da in con su per tra fra e ed o ma che se come quando perché ogni mio mia suo sua",
    "pt": "o a os as um uma uns umas ao à aos às do da dos das no na nos nas pelo pela num numa de em por para com "
    "sem sobre entre e ou mas que se como quando porque cada meu minha seu sua",
    "nl": "de het een der den mijn zijn haar ons onze hun in op aan van voor met bij naar uit over door tot om en of "
    "maar want dat als omdat toen elke",
}
_SHORT, _FAST = 1.0, 20.0  # seconds, characters a second
_PACE = 17.0  # characters a second
_END = re.compile(r"([^\W\d_]+)['’]?$")
_NAMED = re.compile(r"([^\W\d_][^:.?!]{1,30}): +")
_MARKS = re.compile(r"\{([^|}]*)\|[^}]*\}|[~|]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("episodes", nargs="+", metavar="EPISODE", help="an alignment, or LANGUAGE:FILE of a text")
    parser.add_argument("--names", nargs="*", metavar="NAME", help="of speakers; long ones where none is given")
    parser.add_argument("--list", action="store_true", help="print every end, cue and name that is counted")
    options = parser.parse_args()
    names = options.names if options.names or options.names is None else LONG_NAMES
    totals = {kind: Counter[str]() for kind in KINDS}
    for episode in options.episodes:
        alignment = read_episode(episode, names)
        for kind, rules in KINDS.items():
            named = Material(alignment, "").named.alignment if rules is subtitles.PODCAST_SRT else alignment
            for what, shown in judged(named, rules):
                totals[kind][what] += 1
                if options.list and shown:
                    print(f"{Path(episode).name}, {kind}: {what}: {shown}")
    print(f"{'':32}" + "".join(f"{kind:>20}" for kind in totals))
    for what in sorted({what for counts in totals.values() for what in counts}):
        print(f"{what:32}" + "".join(f"{counts[what]:20}" for counts in totals.values()))


def read_episode(episode: str, names: Sequence[str] | None) -> Alignment:
    """The alignment of a file, or a text as it may be said."""
    language, colon, file = episode.partition(":")
    is_text = colon and len(language) == 2
    alignment = said(Path(file), language) if is_text else read_alignment(Path(episode))
    return renamed(alignment, names) if names else alignment


def said(file: Path, language: str) -> Alignment:
    """A text, each line a paragraph, at an even pace."""
    drawn = random.Random(file.name)
    paragraphs: list[Paragraph] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        text = _MARKS.sub(r"\1", line).strip().lstrip("#").strip()
        named = _NAMED.match(text)
        name = named[1] if named else _NAMES[len(paragraphs) % len(_NAMES)]
        text = text[named.end() if named else 0 :]
        text = re.sub(r"(?<=[,;:]) ", lambda _: f" |{drawn.choice((0, 0.15, 0.3, 0.5))} ", text)
        text = re.sub(r"(?<=[.?!…]) ", lambda _: f" |{drawn.choice((0.3, 0.5, 0.8))} ", text)
        if text:
            paragraphs.append((name, text))
    return spoken(*paragraphs, language=language, speed=_PACE)


def renamed(alignment: Alignment, names: Sequence[str]) -> Alignment:
    """The same, its speakers called by these names in turn."""
    known = dict.fromkeys(each.segment.speaker for each in alignment.segments if each.segment.speaker)
    others = {
        speaker: names[at % len(names)] + (f" {at // len(names) + 1}" if at >= len(names) else "")
        for at, speaker in enumerate(known)
    }
    segments = tuple(
        replace(each, segment=replace(each.segment, speaker=others.get(each.segment.speaker or "")))
        for each in alignment.segments
    )
    transcript = replace(alignment.transcript, segments=tuple(each.segment for each in segments))
    return replace(alignment, transcript=transcript, segments=segments)


def judged(alignment: Alignment, rules: CaptionRules) -> Iterator[tuple[str, str]]:
    """What there is to count: what it is, and what is shown of it where it is a fault."""
    for cue in CueBuilder(alignment, rules).cues(rules.speaker_names):
        yield "cues", ""
        if cue.kind is CueKind.SPEECH:
            yield from _of_cue(cue)
    passages = read_passages(alignment, rules)
    followings = [passage.starts[0] for passage in passages[1:]] + [alignment.audio.duration]
    speakers = dict.fromkeys(token.speaker for each in passages for token in each.tokens if token.speaker)
    labels = speaker_labels(speakers, alignment.language, rules.max_line, rules.name_mark)
    if not rules.introduces:
        labels = {name: (short, short) for name, (_, short) in labels.items()}
    for passage, following in zip(passages, followings, strict=True):
        yield from _of_ends(passage, following, rules, labels, language_of(alignment.language))


def _of_cue(cue: Cue) -> Iterator[tuple[str, str]]:
    shown = cue.text.replace("\n", " / ")
    if cue.duration < _SHORT:
        yield "under 1 s", f"{cue.duration:.2f} s {shown}"
    if width(cue.text) > _FAST * cue.duration:
        yield "over 20 characters a second", ""
    if sum(width(line.spoken) for line in cue.lines) + len(cue.lines) - 1 > _FAST * cue.duration:
        yield "over 20, names not counted", ""
    if len(cue.words) == 1 and not _is_whole(cue.lines[-1]):
        yield "cues of one word", shown
    if 2 * sum(width(line.lead) for line in cue.lines) > width(cue.text):
        yield "more name than words", shown


def _is_whole(line: CueLine) -> bool:
    """Whether a line ends a sentence or clause."""
    return not line.spoken[-1].isalnum()


def _of_ends(
    passage: Passage, following: float, rules: CaptionRules, labels: Mapping[str, tuple[str, str]], language: Language
) -> Iterator[tuple[str, str]]:
    """Yield each line and cue that ends badly or has one word: what is counted, and the text around the end."""
    typesetter = Typesetter(passage, language.captioning, rules)
    leads = typesetter.leads(rules.speaker_names, labels)
    cues = Cutter(passage, typesetter, following, rules).cut(leads)
    opening = frozenset(_OPENING.get(language.code, "").split())
    lines = [(number, line) for number, cue in enumerate(cues) for line in cue.lines if line.words]
    at = 0
    for (number, line), (other, after) in pairwise(lines):
        at += len(line.words)
        last = _END.search(line.spoken)
        shown = f"{line.text} | {after.text}"
        if last and last[1].lower() in opening and at not in passage.changes:
            yield f"{'lines' if number == other else 'cues'} that end badly", shown
        elif number == other and not _is_whole(line) and not (line.text.count(" ") and len(after.words) > 1):
            yield "lines of one word", shown


if __name__ == "__main__":
    main()
