"""Read, write and check caption files: SubRip (SRT) and WebVTT."""

from aligner.timed_text.check import check_captions
from aligner.timed_text.cues import CueBlock, read_cues
from aligner.timed_text.write import write_srt, write_vtt
