"""What of an archive's doubts a person is asked, and what was answered since the last ``add`` or ``update``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from web.archive.doubts.choices import choices_in
from web.archive.doubts.record import Candidate, Doubts, Question, doubts_in
from web.archive.errors import ArchiveError

_ASKED, _ANSWERED = 10, 200  # questions at a time


@dataclass(frozen=True, slots=True)
class Answer:
    """The candidate that was chosen for a sound, None where none of them was; ``is_contested`` where it was chosen for
    another one, too, ``is_gone`` where it, or the sound, can be had no more."""

    question: Question
    text: Candidate | None
    is_contested: bool
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The first of the ``questions`` that are open, and how many ``more`` there are; the ``answers`` that the next
    ``add`` or ``update`` takes, and ``none`` for those that an earlier one left without any of what was proposed; of
    both, how many more than are told; what is ``left`` over; ``is_damaged`` where that cannot be told."""

    questions: tuple[Question, ...] = ()
    more: int = 0
    answers: tuple[Answer, ...] = ()
    more_answers: int = 0
    none: tuple[Question, ...] = ()
    more_none: int = 0
    left: Doubts = field(default_factory=Doubts)
    is_damaged: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is asked, or was answered and is yet to be taken."""
        return self.is_damaged or any((self.questions, self.more, self.answers))

    @property
    def any(self) -> bool:
        left = self.left
        return self.is_open or any((self.none, left.sounds, left.texts, left.twice, left.beside))


def asked(folder: Path) -> Asked:
    """What a person is asked, as the archive's ``folder`` tells it."""
    try:
        told = doubts_in(folder)
    except ArchiveError:
        return Asked(is_damaged=True)
    chosen = {each.sound: each for each in choices_in(folder)}  # also of sounds that are not told: they claim theirs
    claims = Counter(each.text for each in chosen.values())
    seen = {each.key for each in told.kept}
    questions, answers, none = list[Question](), list[Answer](), list[Question]()
    for each in (*told.questions, *told.kept):
        choice = chosen.get(each.key)
        if choice is None or not choice.answers(each):
            questions.extend([each] if each.proposed else [])
        elif choice.text is None and each.key in seen:
            none.append(each)
        else:
            text = next((candidate for candidate in each.candidates if candidate.key == choice.text), None)
            is_gone = text is not None and text.is_gone
            answers.append(Answer(each, text, text is not None and claims[text.key] > 1, is_gone))
    more = told.counts.questions - len(told.questions) + max(0, len(questions) - _ASKED)
    more_answers, more_none = (max(0, len(of) - _ANSWERED) for of in (answers, none))
    return Asked(
        tuple(questions[:_ASKED]), max(0, more), tuple(answers[:_ANSWERED]), more_answers,
        tuple(none[:_ANSWERED]), more_none, told,
    )  # fmt: skip


def question_of(folder: Path, sound: str | None) -> Question | None:
    """The question of the sound with that key; None where there is none, or no longer."""
    try:
        told = doubts_in(folder)
        return next((each for each in (*told.questions, *told.kept) if each.key == sound), None)
    except ArchiveError:
        return None
