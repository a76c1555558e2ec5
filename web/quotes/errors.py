"""Errors of quotes and clips, each with one line that a user can act on."""


class QuotesError(Exception):
    """Something about quotes or clips that was asked for cannot be done."""


class KeptError(QuotesError):
    """The file of kept quotes is damaged; it is left as it is."""


class NotThereError(QuotesError):
    """There is no such quote or clip."""


class ExportError(QuotesError):
    """What was asked of an export is none of what there is."""
