"""Questions that people answered and that stay on the page, since the answer made no episode: a transcript was chosen
for two sounds, or is gone; or none of those that were proposed was one."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from web.archive.doubts.choices import Choice
from web.archive.doubts.record import MOST, Doubts, Question


def kept_of(
    before: Doubts,
    choices: Collection[Choice],
    there: Collection[str] | None,
    settled: Collection[str],
    asked: Collection[str],
) -> tuple[Question, ...]:
    """The questions of ``before`` whose choice still holds, those with a chosen transcript first; of a sound that is
    ``asked`` of new transcripts, only if one was chosen. What is not ``there``, or is ``settled``, can be had no more;
    None where not all sources were looked at. All by their keys."""
    known = {each.key: each for each in (*before.kept, *before.questions)}
    held = [each for each in choices if each.sound in known and each.sound not in settled]
    held = [each for each in held if each.answers(known[each.sound]) and (each.text or each.sound not in asked)]
    kept = [known[each.sound] for each in sorted(held, key=lambda each: each.text is None)]
    if there is not None:
        kept = [_with_gone(each, there, settled) for each in kept]
    return tuple(kept[:MOST])


def _with_gone(question: Question, there: Collection[str], settled: Collection[str]) -> Question:
    is_lost = question.key not in there
    candidates = tuple(
        msgspec.structs.replace(each, is_gone=is_lost or each.key not in there or each.key in settled)
        for each in question.candidates
    )
    return msgspec.structs.replace(question, candidates=candidates)
