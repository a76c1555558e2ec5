"""Join the word lists of all known languages; these lists help to classify the lines of a transcript.

Words are casefolded. A word in a list is only evidence; the form and the position of a line count too.
``aligner.languages.record.Labelling`` documents each list.
"""

from __future__ import annotations

from aligner.languages import of_all

STAGE = of_all(lambda language: language.labelling.stage)
STAGE_COMPANIONS = of_all(lambda language: language.labelling.stage_companions)
ARTICLES = of_all(lambda language: language.labelling.articles)
PARTICLES = of_all(lambda language: language.labelling.particles, others="& bin ben ibn i av af")
# In a language that capitalises nouns, a capital after these is not a name: "Das Ergebnis", "Zum Beispiel".
BEFORE_NOUNS = of_all(
    lambda language: (
        frozenset()
        if language.captioning.capitals_are_names
        else language.labelling.articles | language.labelling.particles
    )
)
CLAUSE = of_all(lambda language: language.labelling.sentence_words)
PREPOSITIONS = of_all(lambda language: language.labelling.prepositions)
FIRST_PERSON = of_all(lambda language: language.labelling.first_person)
BEFORE_TIMES = of_all(lambda language: language.labelling.before_times)
AFTER_TIMES = of_all(lambda language: language.labelling.after_times)
ROLES = of_all(lambda language: language.labelling.roles)
SEVERAL_VOICES = of_all(lambda language: language.labelling.several_voices)
QUALIFIERS = of_all(lambda language: language.labelling.qualifiers)
TITLES = of_all(lambda language: language.captioning.sentences.titles, others="st")
OPENERS = of_all(lambda language: language.labelling.before_colon)
CHAPTERS = of_all(lambda language: language.labelling.chapters)
CAST = of_all(lambda language: language.labelling.participants)
METADATA = CAST | of_all(lambda language: language.labelling.metadata)
CREDITS = of_all(lambda language: language.labelling.credits)
TRANSCRIPT_TITLES = of_all(lambda language: language.labelling.transcript_titles)
END_MATTER = of_all(lambda language: language.labelling.end_matter)
# A raised number after these is a power.
UNITS = frozenset(["m", "km", "cm", "mm", "dm", "co", "x", "y", "e"])
