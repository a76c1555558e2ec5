"""The shapes of Podcasting 2.0's JSON, for which no schema is published: written from its documents, "Transcript File
Format Details" (version 1.0.0) and "JSON Chapters Format" (version 1.2)."""

from itertools import pairwise
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

Seconds = Annotated[float, Meta(ge=0, le=1e6)]
Text = Annotated[str, Meta(min_length=1, pattern=r"\S")]
Title = Annotated[str, Meta(min_length=1, pattern=r"\A[^\n\r]*\S[^\n\r]*\Z")]


class Segment(Struct, forbid_unknown_fields=True, rename="camel"):
    start_time: Seconds
    end_time: Seconds
    body: Text
    speaker: Title | UnsetType = UNSET

    def __post_init__(self) -> None:
        if not self.start_time < self.end_time:
            raise ValueError("a segment ends after its start")


class Transcript(Struct, forbid_unknown_fields=True, rename="camel"):
    version: Literal["1.0.0"]
    segments: list[Segment]

    def __post_init__(self) -> None:
        if any(after.start_time < before.end_time for before, after in pairwise(self.segments)):
            raise ValueError("segments are in order and disjoint")


class Chapter(Struct, forbid_unknown_fields=True, rename="camel"):
    start_time: Seconds
    title: Title | UnsetType = UNSET
    end_time: Seconds | UnsetType = UNSET
    toc: bool | UnsetType = UNSET
    url: Title | UnsetType = UNSET
    img: Title | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.end_time is not UNSET and not self.start_time < self.end_time:
            raise ValueError("a chapter ends after its start")


class Chapters(Struct, forbid_unknown_fields=True, rename="camel"):
    version: Literal["1.2.0"]
    chapters: Annotated[list[Chapter], Meta(min_length=1)]
    author: Title | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    podcast_name: Title | UnsetType = UNSET
    description: str | UnsetType = UNSET
    file_name: Title | UnsetType = UNSET

    def __post_init__(self) -> None:
        if any(after.start_time < before.start_time for before, after in pairwise(self.chapters)):
            raise ValueError("chapters are in order")
