"""From an alignment to cues: passages are read, each is cut, then all cues get their times."""

from __future__ import annotations

from aligner.captions.cue import Cue
from aligner.captions.cutting import Cutter
from aligner.captions.layout import Typesetter
from aligner.captions.passages import read_passages
from aligner.captions.rules import CaptionRules
from aligner.captions.speakers import SpeakerNames, speaker_labels
from aligner.captions.timing import settle
from aligner.content_cache import ContentCache
from aligner.languages import language_of
from aligner.model import Alignment


def build_cues(alignment: Alignment, rules: CaptionRules | None = None, words: range | None = None) -> list[Cue]:
    """The cues of an episode, or of the part of it that ``words`` covers (a range of indices of its words).

    Cues of a part keep the episode's times; ``shifted`` moves them.
    """
    rules = rules or CaptionRules()
    return CueBuilder(alignment, rules, words).cues(rules.speaker_names)


class CueBuilder:
    """Builds the cues of an episode, or of a part of it, once for each way to name speakers.

    What names do not touch is done once: passages are read, breaks weighed, and passages that show no name cut. The
    rules' own ``speaker_names`` count for nothing. Passages that ``known`` has from an earlier text are not cut again.
    """

    def __init__(
        self,
        alignment: Alignment,
        rules: CaptionRules,
        words: range | None = None,
        known: ContentCache | None = None,
    ) -> None:
        self._rules = rules
        self._passages = read_passages(alignment, rules, words)
        self._sound_end = max([alignment.audio.duration] + [passage.ends[-1] for passage in self._passages[-1:]])
        speakers = dict.fromkeys(token.speaker for each in self._passages for token in each.tokens if token.speaker)
        labels = speaker_labels(speakers, alignment.language, rules.max_line, rules.name_mark)
        self._labels = labels if rules.introduces else {name: (short, short) for name, (_, short) in labels.items()}
        language = language_of(alignment.language).captioning
        followings = [passage.starts[0] for passage in self._passages[1:]] + [self._sound_end + rules.min_gap]
        self._typesetters = [Typesetter(passage, language, rules) for passage in self._passages]
        self._cutters = [
            Cutter(passage, typesetter, following, rules, known)
            for passage, typesetter, following in zip(self._passages, self._typesetters, followings, strict=False)
        ]

    def cues(self, names: SpeakerNames) -> list[Cue]:
        """The cues, speakers named as ``names`` says."""
        cut = [
            (passage.kind, cue)
            for passage, typesetter, cutter in zip(self._passages, self._typesetters, self._cutters, strict=True)
            for cue in cutter.cut(typesetter.leads(names, self._labels))
        ]
        times = settle([cue.draft for _, cue in cut], self._sound_end, self._rules)
        return [Cue(start, end, cue.lines, kind) for (start, end), (kind, cue) in zip(times, cut, strict=True)]
