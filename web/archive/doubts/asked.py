"""What of an archive's doubts a person is asked, and what was answered since the last ``add`` or ``update``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from web.archive.doubts.choices import choices_of
from web.archive.doubts.record import Candidate, Doubts, Question, doubts_in
from web.archive.errors import ArchiveError

_ASKED, _ANSWERED = 10, 200  # questions at a time


@dataclass(frozen=True, slots=True)
class Answer:
    """The candidate that was chosen for a sound, None where none of them was; ``is_contested`` where it was chosen for
    another one, too."""

    question: Question
    text: Candidate | None
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The first of the ``questions`` that are open, and how many ``more`` there are; the ``answers`` that the next
    ``add`` or ``update`` takes; what is ``left`` over; ``is_damaged`` where that cannot be told."""

    questions: tuple[Question, ...] = ()
    more: int = 0
    answers: tuple[Answer, ...] = ()
    left: Doubts = field(default_factory=Doubts)
    is_damaged: bool = False

    @property
    def any(self) -> bool:
        left = self.left
        return bool(self.is_damaged or self.questions or self.answers or left.sounds or left.texts or left.twice)


def asked(folder: Path) -> Asked:
    """What a person is asked, as the archive's ``folder`` tells it."""
    try:
        told = doubts_in(folder)
    except ArchiveError:
        return Asked(is_damaged=True)
    chosen = choices_of(folder, {each.key for each in told.questions})
    claims = Counter(each.text for each in chosen.values())
    questions, answers = list[Question](), list[Answer]()
    for each in told.questions:
        choice = chosen.get(each.key)
        if choice is None or not choice.answers(each):
            questions.append(each)
        else:
            text = next((candidate for candidate in each.candidates if candidate.key == choice.text), None)
            answers.append(Answer(each, text, text is not None and claims[text.key] > 1))
    more = told.counts.questions - len(told.questions) + max(0, len(questions) - _ASKED)
    return Asked(tuple(questions[:_ASKED]), max(0, more), tuple(answers[:_ANSWERED]), told)


def question_of(folder: Path, sound: str | None) -> Question | None:
    """The question of the sound with that key; None where there is none, or no longer."""
    try:
        return next((each for each in doubts_in(folder).questions if each.key == sound), None)
    except ArchiveError:
        return None
