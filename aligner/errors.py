"""Errors of the package ``aligner``. Each has a message of one line: the file, the problem, the remedy."""

from __future__ import annotations

from enum import IntEnum

from media.errors import Message, UserError

NO_MEMORY = Message("there is not enough memory for this; is the audio or the text far too long?")
CHANGED_MEANWHILE = Message("changed by someone else meanwhile; look at it again")


class ExitStatus(IntEnum):
    """An exit status of the command. If signal n ended the command, the status is 128 + n: 130 for Ctrl-C."""

    DONE = 0
    USAGE = 2
    UNUSABLE = 3  # an input could not be used
    POOR = 4  # done, but the verdict is "poor"


class AlignerError(UserError):
    """An input file or option cannot be used. This is the base class of all errors in this module."""


class TranscriptError(AlignerError):
    """The transcript is missing, empty, binary, or in a format that is not supported."""


class AsrOutputError(AlignerError):
    """An imported output file of another recogniser cannot be used."""


class SpeechError(AlignerError):
    """The audio has too little speech to align."""


class ModelError(AlignerError):
    """The recognition model is missing, damaged, or does not load."""


class CaptionError(AlignerError):
    """A caption file cannot be read, or captions cannot be written in a format."""


class AlignmentError(AlignerError):
    """An alignment.json is missing, damaged, or in another format version."""


class NewerError(AlignmentError):
    """An alignment.json was written by a later version of quotecast."""


class HistoryError(AlignerError):
    """The history of an episode's corrections cannot be read, or there is nothing more to undo or redo."""


class ConflictError(AlignerError):
    """Somebody else has changed the same item in the meantime."""


class StaleError(ConflictError):
    """The history or the alignment has changed since it was read. Read it again and repeat the change."""


class OutdatedError(ConflictError):
    """The transcript file was edited since it was aligned. Align it again."""


class SavedQuotesError(AlignerError):
    """The file of an episode's saved quotes cannot be read."""


class CorrectionError(AlignerError):
    """A correction names words or times that do not exist, or contradicts another correction."""


class OutputError(AlignerError):
    """An output cannot be written."""

    def where_it_is(self) -> OutputError:
        """Return the error without the advice to choose another folder with -o, for a file with a fixed location."""
        path, reason = (self.message.values.get(name) for name in ("path", "reason"))
        match self.message.template:
            case "{path}: cannot be written ({reason}); choose another folder with -o":
                return OutputError("{path}: cannot be written ({reason})", path=path, reason=reason)
            case "{path}: cannot be written; choose another folder with -o":
                return OutputError("{path}: cannot be written", path=path)
            case _:
                return self


class InUseError(OutputError):
    """Another process is using the folder."""


class FormatError(AlignerError):
    """An alignment lacks information that an output format requires, or cannot be expressed in that format."""


class FeedError(AlignerError):
    """A podcast feed cannot be read, or does not contain the item that was asked for."""


class QuoteError(AlignerError):
    """A quote is not in the transcript or is not spoken, or refers to a time or segment that does not exist."""


class SourceError(AlignerError):
    """The audio of an alignment is missing or has changed."""


class AnotherEpisodeError(SourceError):
    """The new audio for an episode is the audio of another episode."""


class MissingAudioError(SourceError):
    """The audio file of an alignment is missing."""
