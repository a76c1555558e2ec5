"""Tiers of annotations, for programs of linguists: Praat's TextGrid, and ELAN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pympi.Elan import Eaf, to_string

from aligner.formats.intervals import MILLISECONDS, disjoint, steps
from aligner.formats.material import Material, Paragraph
from aligner.formats.text_lines import on_one_line
from aligner.languages import language_name
from aligner.model import Span, TimedWord

_PARAGRAPHS, _WORDS, _STATUS = "paragraphs", "words", "status"
_SOUNDS: Mapping[str, str] = {".mp3": "audio/mpeg", ".wav": "audio/x-wav", ".m4a": "audio/mp4", ".mp4": "video/mp4"}
_OTHER_SOUND = "audio/*"  # ELAN's own word for it


def elan(material: Material) -> str:
    """Return annotations for ELAN: for each speaker a tier of paragraphs, below it the words, and below these how each
    is known.

    Written by pympi in the form of EAF 2.8 (https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf
    describes the later ones). Words are "included in" their paragraph: silence between them is no word.
    """
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
    path = on_one_line(material.audio_path)
    kind = _SOUNDS.get(PurePosixPath(path).suffix.lower(), _OTHER_SOUND)
    eaf.add_linked_file(path, relpath=path if path.startswith(("/", "../")) else f"./{path}", mimetype=kind)


def _add_speaker(eaf: Eaf, material: Material, name: str | None, paragraphs: Sequence[tuple[Paragraph, Span]]) -> None:
    tier, words_tier, status_tier = (_named(each, name) for each in (_PARAGRAPHS, _WORDS, _STATUS))
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
    eaf.tiers[status_tier][1][eaf.generate_annotation_id()] = (annotation, _status_of(word), None, None)


def _put_in_order(eaf: Eaf) -> None:
    """Number the time slots by their times: all of a file are one order."""
    slots = sorted(eaf.timeslots, key=lambda slot: eaf.timeslots[slot])
    names = {slot: f"ts{number}" for number, slot in enumerate(slots, 1)}
    eaf.timeslots = {names[slot]: eaf.timeslots[slot] for slot in slots}
    for aligned, *_ in eaf.tiers.values():
        for key, (start, end, value, picture) in aligned.items():
            aligned[key] = names[start], names[end], value, picture


_Interval = tuple[int, int, str]


def textgrid(material: Material) -> str:
    """Return a TextGrid, for Praat: a tier of words and one of how each is known, and for each speaker one of
    paragraphs, all as long as the audio.

    As https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html has the long form: intervals of a tier follow
    each other without a gap, the empty ones too; a quotation mark is written twice. The first tier says who has
    reviewed it, for the format has no comments.
    """
    tiers = list(_grid(material))
    length = steps(material.alignment.audio.duration, MILLISECONDS)
    end = max([length, *(intervals[-1][1] for _, intervals in tiers if intervals)])
    return "".join(f"{line}\n" for line in _grid_lines(tiers, end))


def _grid(material: Material) -> Iterator[tuple[str, list[_Interval]]]:
    """The name and the labelled intervals of each tier."""
    said = [(word, word.span) for word in material.alignment.words if word.span]
    places = disjoint([span for _, span in said])
    yield "words", _labelled(places, [word.word.text for word, _ in said])
    yield "status", _labelled(places, [_status_of(word) for word, _ in said])
    for name, paragraphs in paragraphs_by_speaker(material).items():
        spans = disjoint([span for _, span in paragraphs])
        yield _named("paragraphs", name), _labelled(spans, [each.text for each, _ in paragraphs])
    chapters = disjoint([Span(each.start, each.end) for each in material.chapters])
    if chapters:
        yield "chapters", _labelled(chapters, [each.title for each in material.chapters])
    whole = Span(0.0, material.alignment.audio.duration)
    yield "remarks", _labelled(disjoint([whole]), [" ".join(material.remarks)])


def _labelled(places: Sequence[tuple[int, int]], labels: Sequence[str]) -> list[_Interval]:
    return [(start, end, label) for (start, end), label in zip(places, labels, strict=True)]


def _grid_lines(tiers: Sequence[tuple[str, Sequence[_Interval]]], end: int) -> Iterator[str]:
    yield 'File type = "ooTextFile"'
    yield 'Object class = "TextGrid"'
    yield ""
    yield "xmin = 0"
    yield f"xmax = {_seconds(end)}"
    yield "tiers? <exists>"
    yield f"size = {len(tiers)}"
    yield "item []:"
    for number, (name, labelled) in enumerate(tiers, 1):
        intervals = list(_filled(labelled, end))
        yield f"    item [{number}]:"
        yield '        class = "IntervalTier"'
        yield f"        name = {_quoted(name)}"
        yield "        xmin = 0"
        yield f"        xmax = {_seconds(end)}"
        yield f"        intervals: size = {len(intervals)}"
        for index, (start, stop, text) in enumerate(intervals, 1):
            yield f"        intervals [{index}]:"
            yield f"            xmin = {_seconds(start)}"
            yield f"            xmax = {_seconds(stop)}"
            yield f"            text = {_quoted(text)}"


def _filled(intervals: Sequence[_Interval], end: int) -> Iterator[_Interval]:
    """The intervals with empty ones between them, from the start to the end."""
    last = 0
    for start, stop, text in intervals:
        if last < start:
            yield last, start, ""
        yield start, stop, text
        last = stop
    if last < end:
        yield last, end, ""


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // MILLISECONDS}.{milliseconds % MILLISECONDS:03d}"


def _quoted(text: str) -> str:
    return '"' + on_one_line(text).replace('"', '""') + '"'


def paragraphs_by_speaker(material: Material) -> dict[str | None, list[tuple[Paragraph, Span]]]:
    """The paragraphs that are said, by the name of who says them on one line, None where nobody is named; speakers in
    order of appearance."""
    found: dict[str | None, list[tuple[Paragraph, Span]]] = {}
    for paragraph in material.paragraphs:
        if paragraph.span:
            name = on_one_line(paragraph.speaker or "") or None
            found.setdefault(name, []).append((paragraph, paragraph.span))
    return found


def _named(what: str, speaker: str | None) -> str:
    """The name of a tier of one speaker, which is no other tier's."""
    return f"{what} of {speaker}" if speaker else what


def _status_of(word: TimedWord) -> str:
    """How a word's time is known, and whether a person set it."""
    return f"{word.status}, pinned" if word.pinned else str(word.status)
