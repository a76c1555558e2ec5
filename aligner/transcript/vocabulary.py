"""Words that help to tell what a line of a transcript is, of all known languages together.

All are casefolded. They are evidence beside a line's shape and place, never proof alone. Each language's own are in its
record, with what each list is for: ``aligner.languages.record.Labelling``.
"""

from __future__ import annotations

from collections.abc import Callable

from aligner.languages import KNOWN, Labelling


def _of_all(words: Callable[[Labelling], frozenset[str]], others: str = "") -> frozenset[str]:
    """The words of all languages, and ``others`` that belong to none of them."""
    return frozenset(others.split()).union(*(words(language.labelling) for language in KNOWN.values()))


STAGE = _of_all(lambda words: words.stage)
STAGE_COMPANIONS = _of_all(lambda words: words.stage_companions)
ARTICLES = _of_all(lambda words: words.articles)
PARTICLES = _of_all(lambda words: words.particles, others="& bin ben ibn i av af")
CLAUSE = _of_all(lambda words: words.clause)
PREPOSITIONS = _of_all(lambda words: words.prepositions)
FIRST_PERSON = _of_all(lambda words: words.first_person)
ROLES = _of_all(lambda words: words.roles)
SEVERAL_VOICES = _of_all(lambda words: words.several_voices)
QUALIFIERS = _of_all(lambda words: words.qualifiers)
OPENERS = _of_all(lambda words: words.openers)
CHAPTERS = _of_all(lambda words: words.chapters)
METADATA = _of_all(lambda words: words.metadata)
CREDITS = _of_all(lambda words: words.credits)
TRANSCRIPT_TITLES = _of_all(lambda words: words.transcript_titles)
END_MATTER = _of_all(lambda words: words.end_matter)
# After these, a raised figure is a power.
UNITS = frozenset(["m", "km", "cm", "mm", "dm", "co", "x", "y", "e"])
