"""Errors of the aligner, each with one line a user can act on: what, where, what was expected."""

from __future__ import annotations

from enum import IntEnum

from media.errors import Message, UserError

NO_MEMORY = Message("there is not enough memory for this; is the audio or the text far too long?")


class ExitStatus(IntEnum):
    """How a command ended, also one that the web app runs; 128 + n is the end by signal n (130: Ctrl-C)."""

    DONE = 0
    USAGE = 2
    UNUSABLE = 3  # an input could not be used
    POOR = 4  # done, but the verdict is "poor"


class AlignerError(UserError):
    """Something the user gave could not be used."""


class TranscriptError(AlignerError):
    """The transcript is missing, empty, binary, or of a format that is not read."""


class AsrOutputError(AlignerError):
    """The output of another recogniser cannot be used."""


class SpeechError(AlignerError):
    """The audio holds too little speech to align."""


class ModelError(AlignerError):
    """The recognition model is not there, is damaged, or does not load."""


class CaptionError(AlignerError):
    """A caption file cannot be read or written as its format demands."""


class AlignmentError(AlignerError):
    """An alignment.json is missing, damaged, or of another version."""


class NewerError(AlignmentError):
    """An alignment.json is of a version that a later quotecast has made."""


class HistoryError(AlignerError):
    """The history of an episode's corrections cannot be read, or goes no further."""


class ConflictError(AlignerError):
    """What somebody changed was changed by somebody else meanwhile."""


class StaleError(ConflictError):
    """The history is longer than the one that was read: read it again, and change that."""


class OutdatedError(ConflictError):
    """The transcript's file was edited since it was aligned: aligning it again takes that up."""


class SavedQuotesError(AlignerError):
    """The file of an episode's saved quotes cannot be read."""


class CorrectionError(AlignerError):
    """A correction cannot be made: there is nothing that it could be of, or it contradicts another."""


class OutputError(AlignerError):
    """An output cannot be written."""

    def where_it_is(self) -> OutputError:
        """Return the error without the advice to choose another folder, if there is no choice."""
        path, reason = (self.message.values.get(name) for name in ("path", "reason"))
        match self.message.template:
            case "{path}: cannot be written ({reason}); choose another folder with -o":
                return OutputError("{path}: cannot be written ({reason})", path=path, reason=reason)
            case "{path}: cannot be written; choose another folder with -o":
                return OutputError("{path}: cannot be written", path=path)
            case _:
                return self


class FormatError(AlignerError):
    """An alignment cannot be written in a format, for it has not what that is made of or holds what that cannot say."""


class FeedError(AlignerError):
    """A feed cannot be read, or has no such item."""


class QuoteError(AlignerError):
    """A quote is not in the transcript, is not said, or names a time or a segment that is not there."""


class SourceError(AlignerError):
    """The audio of an alignment is missing or has changed."""


class AnotherEpisodeError(SourceError):
    """The new audio of an episode is that of another episode."""


class NoSoundError(SourceError):
    """The audio of an alignment is not found."""
