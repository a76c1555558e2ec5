"""Read, write and check caption files: SubRip (SRT) and WebVTT."""

from aligner.timed_text.check import check_captions
from aligner.timed_text.cues import CueBlock, Problem, TimedText, read_cues
from aligner.timed_text.write import write_srt, write_vtt

__all__ = ["CueBlock", "Problem", "TimedText", "check_captions", "read_cues", "write_srt", "write_vtt"]
