"""An episode whose transcript lies as a file beside its alignment, and is changed paragraph by paragraph."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aligner.locating.quality import judge
from aligner.model import (
    Alignment,
    Audio,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    Located,
    Placement,
    Span,
    Status,
    Transcript,
)
from aligner.outputs import write_alignment
from aligner.storage.history import History, changed
from aligner.transcript import read_transcript
from aligner.transcript.plain import read_plain
from aligner.transcript.retexting import Paragraph, retexted
from aligner.transcript.structure import segments_of, words_of

TALK = "Ana Sol : Bonjour à tous.\n\nLeo : Avec plaisir.\n\nAna Sol : On commence ?\n\nLeo : Oui.\n"


def transcript_of(text: str, sha256: str = "0" * 64) -> Transcript:
    """The transcript in a plain text."""
    segments = segments_of(read_plain(text))
    return Transcript("talk.txt", sha256, text, segments, words_of(text, segments))


def rows_of(found: Transcript) -> list[tuple[Kind, str | None, str]]:
    return [(s.kind, s.speaker, found.text[s.char_start : s.char_end]) for s in found.segments]


def timed(transcript: Transcript) -> Alignment:
    """The transcript, a word every half second."""
    audio = Audio(Path("talk.mp3"), "1" * 64, 600.0, (Span(0.0, 600.0),))
    times = (Span(0.5 * k, 0.5 * k + 0.4) for k in range(len(transcript.words)))
    placements = tuple(Placement(span, Status.EXACT, 1.0) for span in times)
    judged = judge(transcript, Located(placements, ()), audio)
    return Alignment(
        "fr", EpisodeDetails("La roue"), AudioFile("talk.mp3", 600.0, audio.sha256), transcript,
        Engine("acoustic", "base"),
        judged.coverage, judged.verdict, judged.segments, judged.words,
    )  # fmt: skip


def laid_out(folder: Path, name: str = "talk.txt", content: bytes = TALK.encode()) -> Path:
    """The alignment of a transcript in ``folder``."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    path = folder / "talk.alignment.json"
    write_alignment(timed(read_transcript(folder / name)), path)
    return path


def reworded(history: History, index: int, *texts: str, who: str = "Ada") -> History:
    """The history after another text for a paragraph."""
    segment = history.alignment.transcript.segments[index]
    paragraphs: Sequence[Paragraph] = [Paragraph(segment.kind, segment.speaker, text) for text in texts]
    transcript = retexted(history.alignment.transcript, range(index, index + 1), paragraphs)
    now = timed(transcript)
    new = replace(history.alignment, transcript=transcript, segments=now.segments, words=now.words)
    return changed(history, new, {"kind": "text", "first": index}, who)
