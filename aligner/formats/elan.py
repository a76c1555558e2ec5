"""ELAN: for each speaker a tier of paragraphs, below it the words, and below these how each is known.

Written by pympi in the form of EAF 2.8 (https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf describes
the later ones). Words are "included in" their paragraph: silence between them is no word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pympi.Elan import Eaf, to_string

from aligner.formats.intervals import disjoint
from aligner.formats.material import Material, Paragraph
from aligner.formats.text_lines import on_one_line
from aligner.formats.tiers import named, paragraphs_by_speaker, status_of
from aligner.languages import language_name
from aligner.model import Span, TimedWord

_PARAGRAPHS, _WORDS, _STATUS = "paragraphs", "words", "status"
_SOUNDS: Mapping[str, str] = {".mp3": "audio/mpeg", ".wav": "audio/x-wav", ".m4a": "audio/mp4", ".mp4": "video/mp4"}
_OTHER_SOUND = "audio/*"  # ELAN's own word for it


def write(material: Material) -> str:
    """The annotations."""
    eaf = Eaf(author="quotecast")
    eaf.remove_tier("default")
    eaf.remove_linguistic_type("default-lt")
    eaf.header = {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}
    eaf.add_linguistic_type(_PARAGRAPHS)
    eaf.add_linguistic_type(_WORDS, "Included_In")
    eaf.add_linguistic_type(_STATUS, "Symbolic_Association", timealignable=False)
    eaf.add_language(material.language, lang_label=language_name(material.language))
    _link(eaf, material)
    for name, paragraphs in paragraphs_by_speaker(material).items():
        _add_speaker(eaf, material, name, paragraphs)
    _put_in_order(eaf)
    remarks = " ".join(material.remarks)
    eaf.properties = [
        ("title", on_one_line(material.title)), ("remarks", on_one_line(remarks)), ("lastUsedAnnotationId", eaf.maxaid)
    ]  # fmt: skip
    written: str = to_string(eaf)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _link(eaf: Eaf, material: Material) -> None:
    """Name the sound as ELAN does, which writes paths as they are."""
    path = on_one_line(material.sound_file)
    kind = _SOUNDS.get(PurePosixPath(path).suffix.lower(), _OTHER_SOUND)
    eaf.add_linked_file(path, relpath=path if path.startswith(("/", "../")) else f"./{path}", mimetype=kind)


def _add_speaker(eaf: Eaf, material: Material, name: str | None, paragraphs: Sequence[tuple[Paragraph, Span]]) -> None:
    tier, words_tier, status_tier = (named(each, name) for each in (_PARAGRAPHS, _WORDS, _STATUS))
    language = material.language
    eaf.add_tier(tier, _PARAGRAPHS, part=name, language=language)
    eaf.add_tier(words_tier, _WORDS, parent=tier, part=name, language=language)
    eaf.add_tier(status_tier, _STATUS, parent=words_tier, part=name)
    words = [[(word, word.span) for word in material.words(each) if word.span] for each, _ in paragraphs]
    places = iter(disjoint([span for each in words for _, span in each]))
    for (paragraph, _), said in zip(paragraphs, words, strict=True):
        found = [next(places) for _ in said]
        eaf.add_annotation(tier, found[0][0], found[-1][1], on_one_line(paragraph.text))
        for (word, _), (start, end) in zip(said, found, strict=True):
            _add_word(eaf, words_tier, status_tier, word, (start, end))


def _add_word(eaf: Eaf, words_tier: str, status_tier: str, word: TimedWord, place: tuple[int, int]) -> None:
    eaf.add_annotation(words_tier, *place, on_one_line(word.word.text))
    annotation = f"a{eaf.maxaid}"
    # As add_ref_annotation does, which seeks the annotation among all of the tier by its time.
    eaf.tiers[status_tier][1][eaf.generate_annotation_id()] = (annotation, status_of(word), None, None)


def _put_in_order(eaf: Eaf) -> None:
    """Number the time slots by their times: all of a file are one order."""
    slots = sorted(eaf.timeslots, key=lambda slot: eaf.timeslots[slot])
    names = {slot: f"ts{number}" for number, slot in enumerate(slots, 1)}
    eaf.timeslots = {names[slot]: eaf.timeslots[slot] for slot in slots}
    for aligned, *_ in eaf.tiers.values():
        for key, (start, end, value, picture) in aligned.items():
            aligned[key] = names[start], names[end], value, picture
