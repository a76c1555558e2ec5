"""Read an archive's sources, pair new audio with transcripts, and add the pairs as episodes.

Only pairs with a high confidence (``Import.sure``) are added. For all other files, findings are stored, such as
questions to the user. ``archive add`` and ``archive update`` both run an ``Import``, step by step.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath

from media.errors import Message, UserError, to_facts
from web.archive.acoustic_matching import AcousticMatcher
from web.archive.adding import Adder, Downloads, link_state
from web.archive.errors import ArchiveError, FetchError, RefusedError, reason_of
from web.archive.folders import OnFile
from web.archive.names import clues_of, folded
from web.archive.pairing import SURE
from web.archive.pairing import pair as find_pairs
from web.archive.records import (
    Audio,
    Candidate,
    Change,
    Clues,
    Finding,
    ImportedEpisode,
    Pair,
    Pairing,
    Reason,
    Source,
    SourceContents,
)
from web.archive.sources import declared_text, read_sources
from web.archive.state import Archive
from web.archive.updating import Updater, drop_copies
from web.errors import WebError
from web.library import Library
from web.library.incoming import recover_uploads

DECLARED = 0.98
"""Confidence in a transcript that the feed declares for its audio."""

_MOST_IN_A_ROW = 5  # failed fetches, after which nothing more is fetched
_MOST_FETCHED = 30  # recordings of feeds that one command fetches for matching
_MOST_KNOWN = 2_000  # newest episodes whose names count for the rarity of new names


@dataclass(slots=True)
class Import:
    """One import from an archive's sources: call ``read``, ``pair``, ``add``, ``take`` and ``finish`` in this order.

    ``previous`` are the findings of the last import by kind and key, ``gone`` the findings about deleted files and
    folders. ``problems`` are messages about episodes and changes that failed. ``failed`` are findings about audio that
    could not be added, and ``questions`` are questions of the last import that are still valid; both are stored by the
    key of the audio. ``adopted`` counts episodes that were already in the library.
    """

    archive: Archive
    contents: SourceContents
    adder: Adder
    updater: Updater
    previous: dict[tuple[str, str], Finding]
    gone: list[Finding] = field(default_factory=list)
    pairing: Pairing = field(default_factory=Pairing)
    problems: list[str] = field(default_factory=list)
    failed: dict[str, Finding] = field(default_factory=dict)
    questions: dict[str, Finding] = field(default_factory=dict)
    adopted: int = 0

    @classmethod
    def read(cls, archive: Archive, new: Sequence[Source], on_file: OnFile) -> Import:
        """Start an import: read the sources of the archive and the ``new`` sources, and find what has changed.
        ``on_file(done, total)`` is called before each file. Raises ArchiveError if a new source cannot be read."""
        recover_uploads(archive.root)  # of a command that was killed
        added = {each.location for each in new}
        sources = [*(each for each in archive.sources() if each.location not in added), *new]
        imported = archive.episodes()
        known = {origin.location for each in imported.values() for origin in (each.audio, each.text) if origin}
        contents = read_sources(archive.root, sources, known, on_file)
        for source in new:
            if source.location in contents.unread:
                raise ArchiveError("{reason}", reason=contents.unread[source.location])
        downloads = Downloads(archive.downloads, frozenset(each.location for each in sources if each.is_private))
        adder = Adder(archive, Library(archive.root), downloads, contents, imported)
        updater = Updater(archive, adder, contents)
        previous = {(each.kind, each.key): each for each in archive.findings()}
        result = cls(archive, contents, adder, updater, previous)
        result.gone = list(updater.find())
        result._adopt_episodes()
        return result

    def store_sources(self) -> None:
        for source in self.contents.read:
            self.archive.put_source(source)

    def pair(self, force: bool, on_match: Callable[[str], object] = lambda _: None) -> Pairing:
        """Pair the audio and transcripts that no episode uses. ``on_match(name)`` is called before audio is analysed.
        If no file is new since the last import, keep the questions of that import, unless ``force`` is true."""
        questions = {key: each for (kind, key), each in self.previous.items() if kind == "question"}
        answered = list(self._answered(questions))
        declared = [pair for audio in self.contents.audio if (pair := self._declared(audio))]
        done = {each.audio.key for each in (*declared, *answered)}
        used = {each.best.text.key for each in answered}
        audio = [each for each in self.contents.audio if each.key not in done]
        texts = [each for each in self.contents.texts if each.key not in used]
        seen = {*(key for _, key in self.previous), *(key for each in questions.values() for key in _candidates(each))}
        self.questions, found = questions, Pairing((), tuple(audio), tuple(texts))
        if force or not {*(each.key for each in audio), *(each.key for each in texts)} <= seen:
            matcher = AcousticMatcher(self._audio_path(on_match), lambda text: text.file.path if text.file else None)
            found = find_pairs(audio, texts, self._known_clues(), matcher)
            refused = {key: _candidates(each) for key, each in questions.items() if each.answer == ""}
            pairs = [each for each in found.pairs if each.best.text.key not in refused.get(each.audio.key, ())]
            paired = {each.audio.key for each in pairs}
            self.questions = {k: each for k, each in questions.items() if each.answer is not None and k not in paired}
            found = replace(found, pairs=tuple(pairs))
        self.pairing = replace(found, pairs=(*answered, *declared, *found.pairs))
        return self.pairing

    @property
    def sure(self) -> list[Pair]:
        return [each for each in self.pairing.pairs if each.confidence >= SURE]

    def add(self, on_added: Callable[[ImportedEpisode], object], force: bool) -> None:
        """Make episodes of the pairs with a high confidence (``sure``). ``on_added`` is called with each episode. A
        pair that fails is stored in ``failed``. After several failed fetches in a row, no more files are fetched. Audio
        that failed in the last import and has not changed is skipped, unless ``force`` is true."""
        in_a_row = 0
        for pair in self.sure:
            audio, text = pair.audio, pair.best.text
            state = audio.file.state if audio.file else link_state(audio.item.audio) if audio.item else ""
            fault = self.previous.get(("fault", audio.key))
            if fault and fault.details.get("state") == state and not force:
                self.failed[audio.key] = fault
            elif in_a_row < _MOST_IN_A_ROW or audio.file:
                try:
                    on_added(self.adder.add(audio, text))
                    in_a_row = 0
                except (UserError, WebError, OSError) as error:
                    is_temporary = isinstance(error, FetchError | OSError) and not isinstance(error, RefusedError)
                    in_a_row = in_a_row + 1 if is_temporary else 0
                    details = {"reason": to_facts(reason_of(error)), "text": text.link.url if text.link else None}
                    details |= {} if is_temporary else {"state": state}
                    self.failed[audio.key] = Finding("fault", audio.key, audio.name, details)
                    self.problems.append(f"{audio.name}: {reason_of(error).removeprefix(f'{audio.name}: ')}")

    def take(self, all_unedited: bool, on_taken: Callable[[Change, str], object]) -> None:
        """Apply the accepted changes. After each, ``on_taken(change, title)`` is called with the episode's title. If
        ``all_unedited`` is true, also apply undecided changes, except to a transcript edited in the library."""
        for change in self.archive.changes():
            title = self.adder.imported[change.folder].title
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
                on_taken(change, title)

    def finish(self) -> list[Finding]:
        """Store the findings of this import. Return those that the last import did not have. Findings about unreadable
        sources are not returned."""
        findings = {(each.kind, each.key): each for each in (*self.findings(), *self.gone)}
        if self.contents.unread:  # findings from a source that could not be read are still valid
            findings = self.previous | findings
        self.archive.replace_findings(findings.values())
        self.adder.downloads.drop_whole()
        return [each for key, each in findings.items() if key not in self.previous and each.kind != "unread"]

    def _adopt_episodes(self) -> None:
        """If the library already has an episode with audio from a source, record the episode as imported, and remove
        the audio from ``contents``."""
        folders, keys = {*self.adder.imported}, {each.key for each in self.adder.imported.values()}
        new = [each for each in self.contents.audio if each.key not in keys]
        self.contents.audio = [each for each in new if not self.adder.adopt(each, self.contents.texts)]
        self.adopted = len(new) - len(self.contents.audio)
        drop_copies(self.contents, (each for each in self.adder.imported.values() if each.folder not in folders))

    def _answered(self, questions: Mapping[str, Finding]) -> Iterator[Pair]:
        """Yield the pairs that the user chose in answer to ``questions``. If a chosen transcript is gone or was chosen
        twice, delete the answer."""
        audio = {each.key: each for each in self.contents.audio}
        texts = {each.key: each for each in self.contents.texts}
        chosen = Counter(each.answer for each in questions.values() if each.answer)
        for each in list(questions.values()):
            if not each.answer or each.key not in audio or (self.contents.unread and each.answer not in texts):
                continue
            if chosen[each.answer] > 1 or each.answer not in texts:
                why = "was chosen twice" if each.answer in texts else "is gone"
                self.problems.append(f"{each.name}: the transcript that you chose {why}; choose again")
                self.archive.answer(each.key, None)
                continue
            yield Pair(audio[each.key], Candidate(texts[each.answer], 1.0, (Reason(100.0, Message("chosen by you")),)))

    def _declared(self, audio: Audio) -> Pair | None:
        """Return the pair of ``audio`` and the transcript that its feed declares. Return None if there is no such
        transcript, or if the transcript failed in the last import."""
        text = declared_text(audio.item) if audio.item else None
        fault = self.previous.get(("fault", audio.key))
        if text is None or text.link is None or (fault and fault.details.get("text") == text.link.url):
            return None
        return Pair(audio, Candidate(text, DECLARED, (Reason(9.0, Message("declared by the feed")),)))

    def _known_clues(self) -> list[Clues]:
        newest = self.adder.newest_first()[:_MOST_KNOWN]
        named = ((clues_of((PurePath(each.audio.location).stem,), (each.title,)), each.date) for each in newest)
        return [replace(clues, date=date) for clues, date in named]

    def _audio_path(self, on_match: Callable[[str], object]) -> Callable[[Audio], Path | None]:
        """Return a function that calls ``on_match`` with the name of an ``Audio`` and returns the path of its file. A
        feed item's file is fetched; if this fails, or after ``_MOST_FETCHED`` fetches, the function returns None."""
        fetched = set[str]()

        @cache  # the same audio may be compared with two sets of transcripts
        def path_of(audio: Audio) -> Path | None:
            on_match(audio.name)
            if audio.file:
                return audio.file.path
            fetched.add(audio.key)
            with contextlib.suppress(UserError, OSError):
                if audio.item and len(fetched) <= _MOST_FETCHED:
                    return self.adder.downloads.audio(audio.item.audio)
            return None

        return path_of

    def findings(self) -> Iterator[Finding]:
        """Yield the questions to the user, and findings about files and feed items without an episode, duplicates,
        unusable files and unreadable sources."""
        added = {each.key for each in self.adder.imported.values()}
        used = {each.text.location for each in self.adder.imported.values() if each.text}
        doubtful = [
            pair for pair in self.pairing.pairs if pair.audio.key not in {*added, *self.failed, *self.questions}
        ]
        unused = {each.key for each in self.contents.audio} - added
        questions = [*map(_question, doubtful), *(each for key, each in self.questions.items() if key in unused)]
        proposed = {key for each in questions for key in _candidates(each)}
        yield from questions
        for audio in self.pairing.audio:
            if audio.key not in {*added, *self.questions}:
                yield Finding("audio", audio.key, audio.name, {"reason": to_facts(self._why_without(audio))})
        for text in self.pairing.texts:
            if text.key not in proposed and not (text.file and text.file.location in used):
                yield Finding("text", text.key, text.name)
        yield from (Finding("duplicate", other, other, {"of": one}) for one, other in self.contents.duplicates)
        yield from (Finding("fault", fault, fault) for fault in self.contents.faults)
        yield from (Finding("unread", location, reason) for location, reason in self.contents.unread.items())
        yield from self.failed.values()

    def _why_without(self, audio: Audio) -> Message:
        stem = folded(PurePath(audio.name).stem)
        for one, other in self.contents.duplicates:
            if folded(PurePath(other).stem) == stem and PurePath(other).suffix != PurePath(audio.name).suffix:
                return Message("its transcript {other} is the same as {one}", other=other, one=one)
        if audio.file:
            path = audio.file.location
            return Message("no transcript found; quotecast transcribe {path} makes a first one", path=path)
        return Message("no transcript found; quotecast transcribe makes a first one of the recording")


def _question(pair: Pair) -> Finding:
    candidates = [
        {
            "key": each.text.key,
            "name": each.text.name,
            "confidence": each.confidence,
            "opening": list(each.text.first_lines),
            "language": each.text.clues.language,
            "reasons": [{"odds": reason.odds, **to_facts(reason.words)} for reason in each.reasons],
        }
        for each in (pair.best, *pair.others)
    ]
    file = pair.audio.file
    path = {"path": file.location, "state": file.state} if file else {}
    return Finding("question", pair.audio.key, pair.audio.name, {"candidates": candidates, **path})


def _candidates(finding: Finding) -> list[str]:
    return [each["key"] for each in finding.details.get("candidates", ())]
