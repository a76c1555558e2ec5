"""Errors of jobs."""

from web.errors import Conflict


class JobError(Conflict):
    """A job cannot be had or done."""


class JobNotFound(JobError):
    """No job has this id, or no longer."""

    status = 404


class RecordError(JobError):
    """The record of a job is damaged."""


class LibraryInUse(JobError):
    """Another server works on this library."""
