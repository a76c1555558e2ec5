"""Plan utterances: choose the words (from ``texts/`` or at random by frequency), the disfluencies and the voice.

Conventions: utterance ``k`` of a language and kind depends only on the seed, ``k`` and the sentences. So an interrupted
run resumes with the same utterances.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from aligner.languages.record import word_list, word_set
from aligner.training.phonemes import DIALECTS
from aligner.training.records import Plan, PlannedWord

SHARES = {"fr": 0.36, "en": 0.32, "es": 0.08, "it": 0.08, "pt": 0.08, "de": 0.08}  # of the utterances
WORDS_SHARE = 0.3  # of the utterances of a language: words drawn at random

_FILLERS = {
    "fr": ["euh", "euh", "heu", "ben", "donc", "en fait", "du coup", "voilà", "enfin", "hum", "quoi", "hein", "bah"],
    "en": ["uh", "um", "you know", "I mean", "so", "well", "like"],
    "es": ["eh", "pues", "bueno", "o sea", "este"],
    "it": ["ehm", "cioè", "allora", "insomma"],
    "pt": ["hum", "então", "né", "é"],
    "de": ["äh", "ähm", "also", "halt", "na ja"],
}
_DRAWN_OUT = {"euh", "heu", "hum", "uh", "um", "eh", "ehm", "äh", "ähm", "é"}  # hesitations that may be lengthened
HESITATIONS = {  # sounds only
    "fr": ["euh", "euh", "euh", "heu", "hum", "ah", "oh", "eh"],
    "en": ["uh", "uh", "um", "um", "er", "erm", "ah", "oh", "hmm"],
    "es": ["eh", "eh", "em", "ah"],
    "it": ["ehm", "eh", "ah", "uhm"],
    "pt": ["hum", "ah", "hã", "eh"],
    "de": ["äh", "ähm", "öh", "hm", "ah"],
}
_LONGEST = 150  # letters in an utterance
_VOCABULARY = 15_000  # the most frequent words of a language
_MARK = re.compile(r"[,.;:!?…]+$")
_NUMBER_LANGUAGE = {"pt": "pt_BR"}

# Voices for evaluation only; no model may be trained on them.
HELD_OUT = word_set(
    "af_nova af_bella am_adam am_onyx am_michael am_puck bf_lily bm_daniel bm_lewis em_alex em_santa im_nicola "
    "pm_alex hm_psi jm_kumo zf_xiaoyi zm_yunyang"
)

_ENGLISH = word_list(
    "af_alloy af_aoede af_heart af_jessica af_kore af_nicole af_river af_sarah af_sky am_echo am_eric am_fenrir "
    "am_liam am_santa bf_alice bf_emma bf_isabella bm_fable bm_george"
)
_OTHER = word_list(
    "hf_alpha hf_beta hm_omega jf_alpha jf_gongitsune jf_nezumi jf_tebukuro zf_xiaobei zf_xiaoni zf_xiaoxiao "
    "zm_yunjian zm_yunxi zm_yunxia"
)
_LATIN = word_list("ef_dora ff_siwis if_sara pf_dora pm_santa")
# Kokoro has no German voice; these are the closest.
_NATIVE = {
    "fr": ("ff_siwis",),
    "en": _ENGLISH,
    "es": ("ef_dora",),
    "it": ("if_sara",),
    "pt": ("pf_dora", "pm_santa"),
    "de": word_list("bf_emma bm_george ff_siwis bf_alice bm_fable"),
}
# Mixed into the few native voices, so that the model does not memorise those.
_PARTNERS = _ENGLISH + _LATIN + _OTHER


@cache
def sentences(language: str) -> tuple[tuple[PlannedWord, ...], ...]:
    """Return the utterances in ``texts/{language}.txt``: its lines, divided at sentence ends and where they are
    long."""
    path = Path(__file__).with_name("texts") / f"{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(piece for line in lines if not line.startswith("#") for piece in _pieces(_parse_line(line, language)))


def _parse_line(line: str, language: str) -> list[PlannedWord]:
    from num2words import num2words

    def in_words(match: re.Match[str]) -> str:
        return num2words(match.group().replace(",", "."), lang=_NUMBER_LANGUAGE.get(language, language))

    planned: list[PlannedWord] = []
    for token in re.sub(r"\d+(?:[.,]\d+)?", in_words, line).split():
        word = re.sub(r"[«»\"“”()\[\]¿¡]", "", token)
        mark = _MARK.search(word)
        word = _MARK.sub("", word)
        if re.search(r"\w", word):
            planned.append(PlannedWord(word, mark.group()[0] if mark else ""))
        elif mark and planned:  # punctuation after a space, as in French
            planned[-1] = PlannedWord(planned[-1].text, mark.group()[0])
    return planned


def _pieces(planned: list[PlannedWord]) -> list[tuple[PlannedWord, ...]]:
    pieces, piece, length = [], [], 0
    for word in planned:
        piece.append(word)
        length += len(word.text) + 1
        full = word.mark in tuple(".!?;:…") and length > 30
        if full or (word.mark == "," and length > _LONGEST * 0.6) or length > _LONGEST:
            pieces.append(tuple(piece))
            piece, length = [], 0
    return pieces + ([tuple(piece)] if piece else [])


@cache
def _frequent(language: str) -> tuple[list[str], list[float]]:
    from wordfreq import top_n_list, word_frequency

    words = [word for word in top_n_list(language, _VOCABULARY) if re.fullmatch(r"[^\W\d_]+(?:'[^\W\d_]+)?", word)]
    return words, [word_frequency(word, language) ** 0.35 for word in words]  # flattened, for more rare words


def _random_words(language: str, rng: random.Random) -> tuple[PlannedWord, ...]:
    words, weights = _frequent(language)
    chosen = rng.choices(words, weights, k=rng.randint(2, 12))
    marks = [rng.choice(",,,.?!;") if rng.random() < 0.2 else "" for _ in chosen[1:]] + ["."]
    return tuple(PlannedWord(word, mark) for word, mark in zip(chosen, marks, strict=True))


def hesitation(language: str, number: int, seed: int) -> Plan:
    """Plan an utterance of one or two sounds such as "uh", alone or beside words; another one for each ``number``."""
    rng = random.Random(f"{seed} {language} hesitations {number}")
    words, weights = _frequent(language)
    planned = [
        PlannedWord(sound, rng.choice(["", ",", "…"]), drawl=rng.randint(0, 3))
        for sound in rng.choices(HESITATIONS[language], k=rng.choice((1, 1, 2)))
    ]
    for at in [at for at in (0, len(planned)) if rng.random() < 0.4]:
        planned[at:at] = [PlannedWord(word) for word in rng.choices(words, weights, k=rng.randint(1, 2))]
    return _with_voice(language, rng.choice(DIALECTS[language]), planned, rng)


def plan(language: str, kind: str, number: int, seed: int) -> Plan:
    """Plan utterance ``number`` in a language: a written sentence if ``kind`` is "sentences", else random words."""
    rng = random.Random(f"{seed} {language} {kind} {number}")
    pool = sentences(language)
    words = pool[number % len(pool)] if kind == "sentences" else _random_words(language, rng)
    dialect = rng.choice(DIALECTS[language])
    return _with_voice(language, dialect, _with_disfluencies(words, language, rng), rng)


def _with_voice(language: str, dialect: str, words: Sequence[PlannedWord], rng: random.Random) -> Plan:
    return Plan(
        language=language,
        dialect=dialect,
        words=tuple(words),
        voice=draw_voice(language, rng),
        speed=round(rng.uniform(0.85, 1.35), 3),
        seed=rng.randrange(2**31),
    )


def _with_disfluencies(words: tuple[PlannedWord, ...], language: str, rng: random.Random) -> list[PlannedWord]:
    """Return the words with random hesitations, repetitions and broken-off words added, and commas changed."""
    planned: list[PlannedWord] = []
    for word in words:
        chance = rng.random()
        if chance < 0.05:
            for filler in rng.choice(_FILLERS[language]).split():
                drawl = rng.randint(0, 4) if filler in _DRAWN_OUT else 0
                planned.append(PlannedWord(filler, rng.choice(["", "", ",", "…"]), drawl=drawl))
        elif chance < 0.07:
            planned.append(PlannedWord(word.text, rng.choice(["", ",", "…"])))
        elif chance < 0.085 and len(word.text) > 4:
            planned.append(PlannedWord(word.text, rng.choice(["…", ",", "—"]), cut=rng.uniform(0.25, 0.7)))
        drawl = rng.randint(1, 3) if rng.random() < (0.04 if len(word.text) <= 4 else 0.01) else 0
        mark = word.mark
        if rng.random() < 0.05 or drawl > 1:
            mark = rng.choice([",", "…", "—", ""])
        elif mark == "," and rng.random() < 0.4:
            mark = ""
        planned.append(PlannedWord(word.text, mark, drawl=drawl))
    return planned


def draw_voice(language: str, rng: random.Random) -> tuple[tuple[str, float], ...]:
    """Return two or three Kokoro voices to blend, as (name, weight). The first is native and has a weight of 0.25 to
    0.6."""
    native = rng.choice(_NATIVE[language])
    partners = rng.sample([name for name in _PARTNERS if name != native], 2)
    weight = rng.uniform(0.25, 0.6)
    share = rng.random() if rng.random() < 0.5 else 0.0
    rest = 1 - weight
    blend = ((native, weight), (partners[0], rest * (1 - share)), (partners[1], rest * share))
    return tuple((name, round(w, 3)) for name, w in blend if w > 0)
