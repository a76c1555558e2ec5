"""Reading the sources of an archive and adding what is new: the one way of ``add`` and ``update``, read from the top.

sources --read--> what is new --paired--> sure pairs, which become episodes; the rest waits as findings for a person
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath

from media.errors import Message, UserError, to_facts
from web.archive.adding import Adder, Downloads, link_state
from web.archive.errors import ArchiveError, FetchError, RefusedError, reason_of
from web.archive.folders import Watch
from web.archive.listening import Listener
from web.archive.names import clues_of, folded
from web.archive.pairing import SURE
from web.archive.pairing import pair as find_pairs
from web.archive.records import (
    Audio,
    Candidate,
    Change,
    Clues,
    Finding,
    Offer,
    Pair,
    Pairing,
    Reason,
    Source,
    Tracked,
)
from web.archive.sources import declared_text, read_sources
from web.archive.state import Archive
from web.archive.updating import Updater, drop_copies
from web.errors import WebError
from web.library import Library
from web.library.incoming import recover_uploads

DECLARED = 0.98
"""Confidence in a transcript that the feed declares: whoever publishes the audio put it there."""

_MOST_IN_A_ROW = 5  # failures to fetch something, after which a host is left alone
_MOST_FETCHED = 30  # recordings of feeds, to listen to for one command
_MOST_KNOWN = 2_000  # episodes, the newest, whose names make those of new ones rarer or more common


@dataclass(slots=True)
class Import:
    """One reading of an archive's sources: ``read``, ``pair``, ``add``, ``take``, ``finish``, in this order.

    ``problems`` are what kept something from being added or taken, each a sentence; ``failed`` the audio that could not
    be added, by key. ``earlier`` is what the last reading found, by kind and key, ``kept`` the questions that stand.
    """

    archive: Archive
    offer: Offer
    adder: Adder
    updater: Updater
    earlier: dict[tuple[str, str], Finding]
    gone: list[Finding] = field(default_factory=list)
    pairing: Pairing = field(default_factory=Pairing)
    problems: list[str] = field(default_factory=list)
    failed: dict[str, Finding] = field(default_factory=dict)
    kept: dict[str, Finding] = field(default_factory=dict)
    recognised: int = 0

    @classmethod
    def read(cls, archive: Archive, new: Sequence[Source], watch: Watch) -> Import:
        """Read the sources of an archive and ``new`` ones, and compare them with its episodes.

        Raises ArchiveError: a new one cannot be read.
        """
        recover_uploads(archive.root)  # what a command that was killed left
        sources = [*(old for old in archive.sources() if old.place not in {each.place for each in new}), *new]
        tracked = archive.episodes()
        known = {origin.place for each in tracked.values() for origin in (each.audio, each.text) if origin}
        offer = read_sources(archive, sources, known, watch)
        for source in new:
            if source.place in offer.unread:
                raise ArchiveError("{reason}", reason=offer.unread[source.place])
        downloads = Downloads(archive.downloads, frozenset(each.place for each in sources if each.is_private))
        adder = Adder(archive, Library(archive.root), downloads, offer, tracked)
        updater = Updater(archive, adder, offer)
        found = cls(archive, offer, adder, updater, {(each.kind, each.key): each for each in archive.findings()})
        found.gone = list(updater.find())
        found._leave_new_audio()
        return found

    def remember_sources(self) -> None:
        for source in self.offer.read:
            self.archive.put_source(source)

    def pair(self, is_again: bool, tell: Callable[[str], object] = lambda _: None) -> Pairing:
        """Find out which audio and transcripts belong together; ``tell`` is called where that takes long.

        Where nothing is new among what was left over, the questions stand as they did, unless it is paired ``again``.
        """
        questions = {key: each for (kind, key), each in self.earlier.items() if kind == "question"}
        answered = list(self._answered(questions))
        declared = [pair for audio in self.offer.audio if (pair := self._declared(audio))]
        done = {each.audio.key for each in (*declared, *answered)}
        used = {each.best.text.key for each in answered}
        left = [each for each in self.offer.audio if each.key not in done]
        texts = [each for each in self.offer.texts if each.key not in used]
        seen = {*(key for _, key in self.earlier), *(key for each in questions.values() for key in _candidates(each))}
        self.kept, found = questions, Pairing((), tuple(left), tuple(texts))
        if is_again or not {*(each.key for each in left), *(each.key for each in texts)} <= seen:
            listener = Listener(self._audio_at(tell), lambda text: text.file.path if text.file else None)
            found = find_pairs(left, texts, self._known_clues(), listener)
            refused = {key: _candidates(each) for key, each in questions.items() if each.answer == ""}
            pairs = [each for each in found.pairs if each.best.text.key not in refused.get(each.audio.key, ())]
            paired = {each.audio.key for each in pairs}
            self.kept = {key: each for key, each in questions.items() if each.answer is not None and key not in paired}
            found = replace(found, pairs=tuple(pairs))
        self.pairing = replace(found, pairs=(*answered, *declared, *found.pairs))
        return self.pairing

    @property
    def sure(self) -> list[Pair]:
        return [each for each in self.pairing.pairs if each.confidence >= SURE]

    def add(self, added: Callable[[Tracked], object], is_again: bool) -> None:
        """Make the episodes of the sure pairs. What fails stops no other, but after some failures in a row nothing more
        is fetched; what failed before and is the same since is left out unless it is tried ``again``."""
        in_a_row = 0
        for pair in self.sure:
            audio, text = pair.audio, pair.best.text
            state = audio.file.state if audio.file else link_state(audio.item.audio) if audio.item else ""
            before = self.earlier.get(("fault", audio.key))
            if before and before.details.get("state") == state and not is_again:
                self.failed[audio.key] = before
            elif in_a_row < _MOST_IN_A_ROW or audio.file:
                try:
                    added(self.adder.add(audio, text))
                    in_a_row = 0
                except (UserError, WebError, OSError) as error:
                    may_pass = isinstance(error, FetchError | OSError) and not isinstance(error, RefusedError)
                    in_a_row = in_a_row + 1 if may_pass else 0
                    details = {"reason": to_facts(reason_of(error)), "text": text.link.url if text.link else None}
                    details |= {} if may_pass else {"state": state}
                    self.failed[audio.key] = Finding("fault", audio.key, audio.name, details)
                    self.problems.append(f"{audio.name}: {reason_of(error).removeprefix(f'{audio.name}: ')}")

    def take(self, all_unedited: bool, taken: Callable[[Change, str], object]) -> None:
        """Take the changes that a person decided to take, or all but those of transcripts that were edited here;
        ``taken`` hears of each that was."""
        for change in self.archive.changes():
            title = self.adder.tracked[change.folder].title
            is_open = all_unedited and not (change.decision or change.problem)
            if not (change.decision == "take" or (is_open and not self.updater.is_edited(change))):
                continue
            try:
                problem = self.updater.take(change)
            except (UserError, WebError, OSError) as error:
                self.problems.append(f"{title}: {reason_of(error)}")
                continue
            if problem:
                self.archive.decide(change.folder, change.kind, change.origin.state, None, to_facts(problem))
                self.problems.append(f"{title}: new {change.kind} not taken: {problem}")
            else:
                taken(change, title)

    def finish(self) -> list[Finding]:
        """Remember what is left over and in doubt; return what of it is new."""
        findings = {(each.kind, each.key): each for each in (*self.findings(), *self.gone)}
        if self.offer.unread:  # what such a source held is still there, as far as anybody knows
            findings = self.earlier | findings
        self.archive.replace_findings(findings.values())
        self.adder.downloads.drop_whole()
        return [each for key, each in findings.items() if key not in self.earlier and each.kind != "unread"]

    def _leave_new_audio(self) -> None:
        """Drop from the offer the audio of episodes, also of those in the library that are recognised by it."""
        before, keys = {*self.adder.tracked}, {each.key for each in self.adder.tracked.values()}
        new = [each for each in self.offer.audio if each.key not in keys]
        self.offer.audio = [each for each in new if not self.adder.recognise(each, self.offer.texts)]
        self.recognised = len(new) - len(self.offer.audio)
        drop_copies(self.offer, (self.adder.tracked[folder] for folder in self.adder.tracked if folder not in before))

    def _answered(self, questions: Mapping[str, Finding]) -> Iterator[Pair]:
        """Return what a person chose, as pairs that are certain. A transcript that was chosen twice, or is gone, is
        asked for again."""
        audio, texts = {each.key: each for each in self.offer.audio}, {each.key: each for each in self.offer.texts}
        chosen = Counter(each.answer for each in questions.values() if each.answer)
        for each in list(questions.values()):
            if not each.answer or each.key not in audio or (self.offer.unread and each.answer not in texts):
                continue
            if chosen[each.answer] > 1 or each.answer not in texts:
                why = "was chosen twice" if each.answer in texts else "is gone"
                self.problems.append(f"{each.name}: the transcript that you chose {why}; choose again")
                self.archive.answer(each.key, None)
                continue
            yield Pair(audio[each.key], Candidate(texts[each.answer], 1.0, (Reason(100.0, Message("chosen by you")),)))

    def _declared(self, audio: Audio) -> Pair | None:
        """Return an item of a feed with the transcript that the feed declares for it, unless that could not be used."""
        text = declared_text(audio.item) if audio.item else None
        before = self.earlier.get(("fault", audio.key))
        if text is None or text.link is None or (before and before.details.get("text") == text.link.url):
            return None
        return Pair(audio, Candidate(text, DECLARED, (Reason(9.0, Message("declared by the feed")),)))

    def _known_clues(self) -> list[Clues]:
        newest = sorted(self.adder.tracked.values(), key=lambda each: each.date or "", reverse=True)[:_MOST_KNOWN]
        named = ((clues_of((PurePath(each.audio.place).stem,), (each.title,)), each.date) for each in newest)
        return [replace(clues, date=date) for clues, date in named]

    def _audio_at(self, tell: Callable[[str], object]) -> Callable[[Audio], Path | None]:
        """Return what gives the file of some audio to listen to; some of a feed are fetched for that."""
        fetched = set[str]()

        @cache  # it is compared with some transcripts first, and may be with the others then
        def path_of(audio: Audio) -> Path | None:
            tell(audio.name)
            if audio.file:
                return audio.file.path
            fetched.add(audio.key)
            with contextlib.suppress(UserError, OSError):
                if audio.item and len(fetched) <= _MOST_FETCHED:
                    return self.adder.downloads.audio(audio.item.audio)
            return None

        return path_of

    def findings(self) -> Iterator[Finding]:
        """List what is left over, in doubt, or not usable, as it stands now."""
        made = {each.key for each in self.adder.tracked.values()}
        used = {each.text.place for each in self.adder.tracked.values() if each.text}
        doubtful = [each for each in self.pairing.pairs if each.audio.key not in {*made, *self.failed, *self.kept}]
        offered = {each.key for each in self.offer.audio} - made
        questions = [*map(_question, doubtful), *(each for key, each in self.kept.items() if key in offered)]
        proposed = {key for each in questions for key in _candidates(each)}
        yield from questions
        for audio in self.pairing.audio:
            if audio.key not in {*made, *self.kept}:
                yield Finding("audio", audio.key, audio.name, {"reason": to_facts(self._why_without(audio))})
        for text in self.pairing.texts:
            if text.key not in proposed and not (text.file and text.file.place in used):
                yield Finding("text", text.key, text.name)
        yield from (Finding("duplicate", other, other, {"of": one}) for one, other in self.offer.duplicates)
        yield from (Finding("fault", fault, fault) for fault in self.offer.faults)
        yield from (Finding("unread", place, reason) for place, reason in self.offer.unread.items())
        yield from self.failed.values()

    def _why_without(self, audio: Audio) -> Message:
        """Return why an audio file has no transcript, and what to do about it."""
        stem = folded(PurePath(audio.name).stem)
        for one, other in self.offer.duplicates:
            if folded(PurePath(other).stem) == stem and PurePath(other).suffix != PurePath(audio.name).suffix:
                return Message("its transcript {other} is the same as {one}", other=other, one=one)
        if audio.file:
            return Message("no transcript found; quotecast transcribe {path} makes a first one", path=audio.file.place)
        return Message("no transcript found; quotecast transcribe makes a first one of the recording")


def _question(pair: Pair) -> Finding:
    candidates = [
        {
            "key": each.text.key,
            "name": each.text.name,
            "confidence": each.confidence,
            "opening": list(each.text.opening),
            "language": each.text.clues.language,
            "reasons": [{"odds": reason.odds, **to_facts(reason.words)} for reason in each.reasons],
        }
        for each in (pair.best, *pair.others)
    ]
    file = pair.audio.file
    path = {"path": file.place, "state": file.state} if file else {}
    return Finding("question", pair.audio.key, pair.audio.name, {"candidates": candidates, **path})


def _candidates(finding: Finding) -> list[str]:
    return [each["key"] for each in finding.details.get("candidates", ())]
