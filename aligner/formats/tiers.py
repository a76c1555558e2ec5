"""Annotation tiers for linguists: TextGrid for Praat, and EAF for ELAN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pympi.Elan import Eaf, to_string
from pympi.Praat import TextGrid

from aligner.formats.intervals import MILLISECONDS, disjoint, steps
from aligner.formats.material import Material, Paragraph
from aligner.formats.text_lines import on_one_line
from aligner.languages import language_name
from aligner.model import Span, TimedWord
from aligner.storage.atomic import scratch

_PARAGRAPHS, _WORDS, _STATUS = "paragraphs", "words", "status"
_MEDIA_TYPES = {".mp3": "audio/mpeg", ".wav": "audio/x-wav", ".m4a": "audio/mp4", ".mp4": "video/mp4"}


def elan(material: Material) -> str:
    """Return annotations for ELAN: for each speaker a tier of paragraphs, a tier of their words, and a tier of the
    words' statuses.

    pympi writes EAF 2.8 (https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf describes later
    versions). The words are "included in" their paragraph, so there may be silence between words.
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
    for name, paragraphs in _paragraphs_by_speaker(material).items():
        _add_speaker(eaf, material, name, paragraphs)
    _put_in_order(eaf)
    remarks = " ".join(material.remarks)
    eaf.properties = [
        ("title", on_one_line(material.title)), ("remarks", on_one_line(remarks)), ("lastUsedAnnotationId", eaf.maxaid)
    ]  # fmt: skip
    written: str = to_string(eaf)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _link(eaf: Eaf, material: Material) -> None:
    """Add a link to the audio file. Like ELAN, do not percent-encode the path of the file."""
    path = on_one_line(material.audio_path)
    kind = _MEDIA_TYPES.get(PurePosixPath(path).suffix.lower(), "audio/*")
    eaf.add_linked_file(path, relpath=path if path.startswith(("/", "../")) else f"./{path}", mimetype=kind)


def _add_speaker(eaf: Eaf, material: Material, name: str | None, paragraphs: Sequence[tuple[Paragraph, Span]]) -> None:
    tier, words_tier, status_tier = (_named(each, name) for each in (_PARAGRAPHS, _WORDS, _STATUS))
    language = material.language
    eaf.add_tier(tier, _PARAGRAPHS, part=name, language=language)
    eaf.add_tier(words_tier, _WORDS, parent=tier, part=name, language=language)
    eaf.add_tier(status_tier, _STATUS, parent=words_tier, part=name)
    words = [[(word, word.span) for word in material.words(each) if word.span] for each, _ in paragraphs]
    intervals = iter(disjoint([span for each in words for _, span in each]))
    for (paragraph, _), said in zip(paragraphs, words, strict=True):
        found = [next(intervals) for _ in said]
        eaf.add_annotation(tier, found[0][0], found[-1][1], on_one_line(paragraph.text))
        for (word, _), (start, end) in zip(said, found, strict=True):
            eaf.add_annotation(words_tier, start, end, on_one_line(word.word.text))
            annotation = f"a{eaf.maxaid}"
            # add_ref_annotation does the same after a linear search for the annotation.
            eaf.tiers[status_tier][1][eaf.generate_annotation_id()] = (annotation, _status_of(word), None, None)


def _put_in_order(eaf: Eaf) -> None:
    """Rename the time slots ``ts1``, ``ts2``, … in order of time."""
    slots = sorted(eaf.timeslots, key=lambda slot: eaf.timeslots[slot])
    names = {slot: f"ts{number}" for number, slot in enumerate(slots, 1)}
    eaf.timeslots = {names[slot]: eaf.timeslots[slot] for slot in slots}
    for aligned, *_ in eaf.tiers.values():
        for key, (start, end, value, picture) in aligned.items():
            aligned[key] = names[start], names[end], value, picture


def textgrid(material: Material) -> bytes:
    """Return a TextGrid for Praat: tiers of words, their statuses, each speaker's paragraphs, chapters, and remarks on
    quality and review, since the format has no comments. All tiers are as long as the audio.

    pympi writes the long form (https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html), in which empty
    intervals fill the gaps of a tier.
    """
    tiers = list(_grid(material))
    length = steps(material.alignment.audio.duration, MILLISECONDS)
    end = max([length, *(intervals[-1][1] for _, intervals, _ in tiers if intervals)])
    grid = TextGrid(xmin=0.0, xmax=end / MILLISECONDS)
    for name, intervals, labels in tiers:
        tier = grid.add_tier(on_one_line(name).replace('"', '""'))  # pympi doubles the quotation marks of labels alone
        for (start, stop), label in zip(intervals, labels, strict=True):
            tier.add_interval(start / MILLISECONDS, stop / MILLISECONDS, on_one_line(label), check=False)
    with scratch() as folder:
        grid.to_file(folder / "grid")
        return (folder / "grid").read_bytes()


def _grid(material: Material) -> Iterator[tuple[str, list[tuple[int, int]], list[str]]]:
    """Yield the name of each tier, its intervals in milliseconds, and their labels."""
    said = [(word, word.span) for word in material.alignment.words if word.span]
    intervals = disjoint([span for _, span in said])
    yield "words", intervals, [word.word.text for word, _ in said]
    yield "status", intervals, [_status_of(word) for word, _ in said]
    for name, paragraphs in _paragraphs_by_speaker(material).items():
        spans = disjoint([span for _, span in paragraphs])
        yield _named("paragraphs", name), spans, [each.text for each, _ in paragraphs]
    chapters = disjoint([Span(each.start, each.end) for each in material.chapters])
    if chapters:
        yield "chapters", chapters, [each.title for each in material.chapters]
    whole = Span(0.0, material.alignment.audio.duration)
    yield "remarks", disjoint([whole]), [" ".join(material.remarks)]


def _paragraphs_by_speaker(material: Material) -> dict[str | None, list[tuple[Paragraph, Span]]]:
    """Return the spoken paragraphs by speaker, None if unnamed; speakers are in order of appearance."""
    found: dict[str | None, list[tuple[Paragraph, Span]]] = {}
    for paragraph in material.paragraphs:
        if paragraph.span:
            name = on_one_line(paragraph.speaker or "") or None
            found.setdefault(name, []).append((paragraph, paragraph.span))
    return found


def _named(what: str, speaker: str | None) -> str:
    return f"{what} of {speaker}" if speaker else what


def _status_of(word: TimedWord) -> str:
    return f"{word.status}, pinned" if word.pinned else str(word.status)
