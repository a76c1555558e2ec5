"""Episodes that hypothesis makes of words, and queries that look among them."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import strategies as st

from aligner.model import Alignment, EpisodeDetails
from tests.web.page.planted import planted

_FRENCH = """de la a l’été Été, vélo vélos. vélociste cœur peut-être a-a-a 12 Élise Morel C'est (rires) “de la” <b>"""
_OTHERS = """日本語 日本 日 本 本語です。 これは日本、東京 radio日本 radio 東京radio ab日 𠮷野家 𠮷
مرحبا بكم ภาษาไทย Straße ᾠδή ｶﾞ ㍿ 1 000 🎉x – ?"""
_WORDS = re.split(r"[ \n]", f"{_FRENCH} {_OTHERS}")
_NAMES = [None, "Élise Morel", "Bob", "日本 太郎", "Anna de la Tour", "L’été", "a", "A. 本. K.", "Élise", "Bob: la 12"]
_ALONE = ["Élise", "de la", '"', "“", "”", "Tou", ",", "tour", "vél", "a", "K.", "bob", ":", "12:30"]
_LABELS = [
    *("Élise:", "élise morel :", "Bob:", "Bob: la 12:", "“Bob: la 12”:", "la:"),
    *("A:", "12：", "本:", "Tou:", "::", "a:bob:"),
]
_QUERIES = st.lists(
    st.sampled_from(_WORDS) | st.sampled_from(_WORDS).map(lambda word: word[:3]) | st.sampled_from(_ALONE),
    min_size=1,
    max_size=4,
).map(" ".join)
QUERIES = (
    _QUERIES
    | st.builds("{} {}".format, st.sampled_from(_LABELS), _QUERIES)
    | st.sampled_from(_LABELS)
    | st.text('aéŒ’-“”"«»:. の字0\u0301\u00ad\n(*^{}+', max_size=30)
)


@st.composite
def talks(draw: st.DrawFn) -> Alignment:
    """An episode of words among which queries look."""
    words = st.sampled_from(_WORDS)
    texts = st.lists(words, min_size=1, max_size=40).map(" ".join)
    paragraphs = draw(st.lists(st.tuples(st.sampled_from(_NAMES), texts), min_size=1, max_size=8))
    titles = st.none() | st.lists(words, max_size=3).map(" ".join)
    return replace(planted(*paragraphs), episode=EpisodeDetails(draw(titles), draw(titles)))
