"""Reading the sources of an archive and adding what is new: the one way of ``add`` and ``update``, read from the top.

sources --read--> what is new --paired--> sure pairs, which become episodes; the rest waits as findings for a person
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath

from media.errors import Message, UserError, to_facts
from web.archive.adding import Adder, Downloads, link_state
from web.archive.errors import ArchiveError, FetchError, reason_of
from web.archive.folders import Watch, look_at_audio
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
    Text,
    Tracked,
)
from web.archive.sources import declared_text, read_sources
from web.archive.state import Archive
from web.archive.updating import Updater, drop_copies
from web.errors import WebError
from web.library import Library, read_folder, recover_uploads

DECLARED = 0.98
"""Confidence in a transcript that the feed declares: whoever publishes the audio put it there."""

_MOST_FETCHED = 30  # recordings of feeds, to listen to for one command
_MOST_KNOWN = 2_000  # episodes, the newest, whose names make those of new ones rarer or more common


@dataclass(slots=True)
class Import:
    """One reading of an archive's sources; ``problems`` are what keeps something from being added, each a sentence."""

    archive: Archive
    offer: Offer
    adder: Adder
    updater: Updater
    gone: list[Finding] = field(default_factory=list)
    pairing: Pairing = field(default_factory=Pairing)
    problems: list[str] = field(default_factory=list)
    failed: dict[str, Finding] = field(default_factory=dict)  # by key, audio that could not be added
    recognised: int = 0
    _before: list[Finding] = field(default_factory=list)  # what was found then, and still stands
    _known: frozenset[tuple[str, str]] = frozenset()  # kinds and keys of all that was found then

    @classmethod
    def read(cls, archive: Archive, new: Sequence[Source], watch: Watch) -> Import:
        """Read the sources of an archive and ``new`` ones, which are remembered once they were read.

        Raises ArchiveError: a new one cannot be read.
        """
        recover_uploads(archive.root)  # what a command that was killed left
        sources = [*new, *(old for old in archive.sources() if old.place not in {each.place for each in new})]
        tracked = archive.episodes()
        known = {origin.place for each in tracked.values() for origin in (each.audio, each.text) if origin}
        offer = read_sources(archive, sources, known, watch)
        for source in new:
            if source.place in offer.unread:
                raise ArchiveError("{reason}", reason=offer.unread[source.place])
        for source in offer.read:
            archive.put_source(source)
        downloads = Downloads(archive.downloads, frozenset(each.place for each in sources if each.is_private))
        adder = Adder(archive, Library(archive.root), downloads, offer, tracked)
        found = cls(archive, offer, adder, Updater(archive, adder, offer), _before=archive.findings())
        found._known = frozenset((each.kind, each.key) for each in found._before)
        found.updater.untranscribed = frozenset(found._without_transcript())
        found.gone = list(found.updater.find())
        found._keep_new_audio()
        return found

    def pair(self, tell: Callable[[str], object] = lambda _: None) -> Pairing:
        """Find out which audio and transcripts belong together; ``tell`` is called where that takes long."""
        declared = [pair for audio in self.offer.audio if (pair := _declared(audio))]
        answered = list(self._answered())
        done = {each.audio.key for each in (*declared, *answered)}
        used = {each.best.text.key for each in answered}
        left = [each for each in self.offer.audio if each.key not in done | self._without_answer()]
        texts = [each for each in self.offer.texts if each.key not in used]
        # Where nothing is new among what was left over before, all of it stands as it did.
        seen = {key for each in self._before for key in (each.key, *_candidate_keys(each))}
        found = Pairing((), tuple(left), tuple(texts))
        if not {*(each.key for each in left), *(each.key for each in texts)} <= seen:
            listener = Listener(self._heard_at(tell), lambda text: text.file.path if text.file else None)
            found = find_pairs(left, texts, self._known_clues(), listener)
            self._before = [each for each in self._before if each.answer == "" or each.kind == "fault"]
        self.pairing = replace(found, pairs=(*answered, *declared, *found.pairs))
        return self.pairing

    @property
    def sure(self) -> list[Pair]:
        return [each for each in self.pairing.pairs if each.confidence >= SURE]

    def add(
        self, pairs: Sequence[tuple[Audio, Text | None]], added: Callable[[Tracked], object], retry: bool = True
    ) -> None:
        """Make the episodes of these; what fails is among the ``problems`` and stops no other. What failed before and
        is the same since is left out unless ``retry``."""
        before = {each.key: each for each in self._before if each.kind == "fault"}
        for audio, text in pairs:
            state = audio.file.state if audio.file else link_state(audio.item.audio) if audio.item else ""
            if not retry and audio.key in before and before[audio.key].details.get("state") == state:
                self.failed[audio.key] = before[audio.key]
                continue
            try:
                added(self.adder.add(audio, text))
            except (UserError, WebError, OSError) as error:
                problem = f"{audio.name}: {reason_of(error).removeprefix(f'{audio.name}: ')}"
                # What may pass, as a server that does not answer, is tried again.
                lasting = {} if isinstance(error, FetchError | OSError) else {"state": state}
                self.failed[audio.key] = Finding("fault", audio.key, problem, lasting)
                self.problems.append(problem)

    def take(self, all_unedited: bool, taken: Callable[[Change, str], object]) -> None:
        """Take the changes that a person decided to take, or all but those of transcripts that were edited here;
        ``taken`` hears of each that was."""
        for change in self.archive.changes():
            title = self.adder.tracked[change.folder].title
            is_open = all_unedited and change.decision is None
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
        findings = [*self.findings(), *self.gone]
        self.archive.replace_findings(findings)
        self.adder.downloads.drop_whole()
        unread = {*self.offer.unread.values()}
        return [each for each in findings if (each.kind, each.key) not in self._known and each.key not in unread]

    def _without_transcript(self) -> Iterator[str]:
        """List the followed episodes that have no transcript yet."""
        for tracked in self.adder.tracked.values():
            if tracked.text is None:
                episode = read_folder(self.archive.root / tracked.folder, tracked.folder)
                if episode and episode.audio and not episode.transcript:
                    yield tracked.folder

    def _keep_new_audio(self) -> None:
        """Leave in the offer what is no episode yet, and the episodes that have no transcript."""
        before, keys = {*self.adder.tracked}, {each.key for each in self.adder.tracked.values()}
        waiting = {self.adder.tracked[folder].key: folder for folder in self.updater.untranscribed}
        new = list[Audio]()
        for audio in self.offer.audio:
            if audio.key in waiting:
                new.append(replace(audio, episode=waiting.pop(audio.key)))
            elif audio.key in keys:
                continue
            elif self.adder.recognise(audio, self.offer.texts):
                self.recognised += 1
            else:
                new.append(audio)
        for key, folder in waiting.items():
            episode = read_folder(self.archive.root / folder, folder)
            assert episode
            assert episode.audio
            looked = look_at_audio(episode.audio)
            titles = (*looked.clues.titles, *filter(None, [episode.details.title]))
            clues = replace(clues_of(looked.clues.names, titles), length=looked.clues.length, date=episode.details.date)
            new.append(Audio(key, clues, episode=folder))
        self.offer.audio = new
        drop_copies(self.offer, (self.adder.tracked[folder] for folder in self.adder.tracked if folder not in before))

    def _answered(self) -> Iterator[Pair]:
        """Return what a person chose, as pairs that are certain; a transcript that was chosen twice is asked again."""
        audio, texts = {each.key: each for each in self.offer.audio}, {each.key: each for each in self.offer.texts}
        chosen = Counter(each.answer for each in self._before if each.answer)
        for each in self._before:
            if each.answer and each.key in audio and each.answer in texts:
                if chosen[each.answer] > 1:
                    self.problems.append(
                        f"{texts[each.answer].name}: was chosen for several recordings, and is used for none"
                    )
                    self.archive.answer(each.key, None)
                    continue
                reason = Reason(100.0, Message("chosen by you"))
                yield Pair(audio[each.key], Candidate(texts[each.answer], 1.0, (reason,)))

    def _without_answer(self) -> set[str]:
        """Return the keys of the audio for which a person chose none of the transcripts."""
        return {each.key for each in self._before if each.answer == ""}

    def _known_clues(self) -> list[Clues]:
        newest = sorted(self.adder.tracked.values(), key=lambda each: each.date or "", reverse=True)[:_MOST_KNOWN]
        named = ((clues_of((PurePath(each.audio.place).stem,), (each.title,)), each.date) for each in newest)
        return [replace(clues, date=date) for clues, date in named]

    def _heard_at(self, tell: Callable[[str], object]) -> Callable[[Audio], Path | None]:
        """Return what gives the file of some audio to listen to; some of a feed are fetched for that."""
        fetched = set[str]()

        @cache  # it is compared with some transcripts first, and may be with the others then
        def path_of(audio: Audio) -> Path | None:
            tell(audio.name)
            if audio.file:
                return audio.file.path
            if audio.item is None:
                episode = read_folder(self.archive.root / (audio.episode or ""), audio.episode or "")
                return episode.audio if episode else None
            fetched.add(audio.key)
            with contextlib.suppress(UserError, OSError):
                return self.adder.downloads.audio(audio.item.audio) if len(fetched) <= _MOST_FETCHED else None
            return None

        return path_of

    def findings(self) -> Iterator[Finding]:
        """List what is left over, in doubt, or not usable, as things stand."""
        made = {each.key for each in self.adder.tracked.values()} - {
            self.adder.tracked[folder].key for folder in self.updater.untranscribed if folder in self.adder.tracked
        }
        used = {each.text.place for each in self.adder.tracked.values() if each.text}
        asked = {each.key: each for each in self._before if each.kind == "question"}
        questions = [_question(each) for each in self.pairing.pairs if each.audio.key not in {*made, *self.failed}]
        questions += [asked[audio.key] for audio in self.offer.audio if audio.key in asked and audio.key not in made]
        proposed = {key for each in questions for key in _candidate_keys(each)}
        yield from questions
        yield from (
            Finding("audio", audio.key, audio.name, {"reason": to_facts(self._why_without(audio))})
            for audio in self.pairing.audio
            if audio.key not in made and audio.key not in asked
        )
        yield from (
            Finding("text", text.key, text.name)
            for text in self.pairing.texts
            if text.key not in proposed and not (text.file and text.file.place in used)
        )
        yield from (Finding("duplicate", other, other, {"of": one}) for one, other in self.offer.duplicates)
        yield from (Finding("fault", fault, fault) for fault in (*self.offer.faults, *self.offer.unread.values()))
        yield from self.failed.values()

    def _why_without(self, audio: Audio) -> Message:
        """Return why an audio file has no transcript, and what to do about it."""
        stem = folded(PurePath(audio.name).stem)
        for one, other in self.offer.duplicates:
            if folded(PurePath(other).stem) == stem and PurePath(other).suffix != PurePath(audio.name).suffix:
                return Message("its transcript {other} is the same as {one}", other=other, one=one)
        if audio.file:
            return Message("no transcript found; quotecast transcribe {path} makes a first one", path=audio.file.place)
        return Message("no transcript found; quotecast archive add can add it without one")


def _declared(audio: Audio) -> Pair | None:
    """Return an item of a feed with the transcript that the feed declares for it."""
    text = declared_text(audio.item) if audio.item else None
    reason = Reason(9.0, Message("declared by the feed"))
    return Pair(audio, Candidate(text, DECLARED, (reason,))) if text else None


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


def _candidate_keys(finding: Finding) -> list[str]:
    return [each["key"] for each in finding.details.get("candidates", ())]
