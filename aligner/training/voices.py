"""Who speaks: blends of Kokoro's voices, none of them a voice that the measurements are made with."""

from __future__ import annotations

import random

# Kept for measuring; a head must never have heard them.
HELD_OUT = frozenset(
    [
        "af_nova",
        "af_bella",
        "am_adam",
        "am_onyx",
        "am_michael",
        "am_puck",
        "bf_lily",
        "bm_daniel",
        "bm_lewis",
        "em_alex",
        "em_santa",
        "im_nicola",
        "pm_alex",
        "hm_psi",
        "jm_kumo",
        "zf_xiaoyi",
        "zm_yunyang",
    ]
)

_ENGLISH = [
    "af_alloy",
    "af_aoede",
    "af_heart",
    "af_jessica",
    "af_kore",
    "af_nicole",
    "af_river",
    "af_sarah",
    "af_sky",
    "am_echo",
    "am_eric",
    "am_fenrir",
    "am_liam",
    "am_santa",
    "bf_alice",
    "bf_emma",
    "bf_isabella",
    "bm_fable",
    "bm_george",
]
_OTHER = [
    "hf_alpha",
    "hf_beta",
    "hm_omega",
    "jf_alpha",
    "jf_gongitsune",
    "jf_nezumi",
    "jf_tebukuro",
    "zf_xiaobei",
    "zf_xiaoni",
    "zf_xiaoxiao",
    "zm_yunjian",
    "zm_yunxi",
    "zm_yunxia",
]
_LATIN = ["ef_dora", "ff_siwis", "if_sara", "pf_dora", "pm_santa"]
# Kokoro has no German voice; these have the closest sounds.
_NATIVE = {
    "fr": ["ff_siwis"],
    "en": _ENGLISH,
    "es": ["ef_dora"],
    "it": ["if_sara"],
    "pt": ["pf_dora", "pm_santa"],
    "de": ["bf_emma", "bm_george", "ff_siwis", "bf_alice", "bm_fable"],
}
# A voice of the other sex or from far away keeps the few native ones from being learnt by heart.
_PARTNERS = _ENGLISH + _LATIN + _OTHER
TRAINED = tuple(sorted(set(_PARTNERS)))


def draw_voice(language: str, rng: random.Random) -> tuple[tuple[str, float], ...]:
    """A blend of two or three voices, a native one of weight 0.25 to 0.6 among them."""
    native = rng.choice(_NATIVE[language])
    partners = rng.sample([name for name in _PARTNERS if name != native], 2)
    weight = rng.uniform(0.25, 0.6)
    share = rng.random() if rng.random() < 0.5 else 0.0
    rest = 1 - weight
    blend = ((native, weight), (partners[0], rest * (1 - share)), (partners[1], rest * share))
    return tuple((name, round(w, 3)) for name, w in blend if w > 0)
