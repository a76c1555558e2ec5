"""The episodes from which tests write every format: ordinary ones, and some that break files, players and readers.

``over_materials`` runs a test over all of them, each under its name::

    @over_materials
    def test_no_word_is_lost(material: Material) -> None: ...

Materials and their cues are built once and shared, so tests must not change them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from aligner.formats import Material, Quote
from aligner.locating.quality import timed_segments
from aligner.model import Alignment, Annotation, AnnotationKind, EpisodeDetails, Kind, Review, Verdict
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.captions.spoken import Paragraph, spoken
from tests.paths import SAMPLE, SHARED
from tests.readers.hostile_texts import NAMES, TEXTS
from tests.tables import over_rows
from tests.true_times import at_true_times

DEV = SHARED / "bench" / "dev"
_DETAILS = EpisodeDetails("Le bac", "Roue libre", "2026-03-14", "https://example.org/bac", None)
_TALK: tuple[Paragraph, ...] = (
    (Kind.HEADING, "L’embarcadère"),
    ("Ada Morel", "Bonjour\u00a0! Le premier bac part à six heures\u00a0: il met vingt minutes, « montre en main »."),
    ("Luc Petit", "Et l’hiver\u202f? (rires) On attend[1] que la brume se lève ; parfois midi, 10\u00a0% du temps."),
    (Kind.NOTE, "1. Les horaires sont ceux de mars."),
    ("Ada Morel", "|1.5 Parfois jusqu’au soir. ~Personne ~ne ~dit ~cela. On a tout son temps, ici."),
    (Kind.STAGE, "(Musique)"),
    (Kind.HEADING, "Le retour"),
    ("Luc Petit", "|12 Le dernier bac n’attend personne. Il y a trente ans, il attendait encore le boulanger,"),
    ("Luc Petit", "l’institutrice et les deux chiens du phare. Voilà."),
)
_SMALL_TALK = ("So you came back.", "I did, and it rained.", "It always does here.", "Not in May.")


def planted(*paragraphs: Paragraph, language: str = "fr", details: EpisodeDetails = _DETAILS) -> Alignment:
    """Return an episode of these paragraphs (see ``spoken``), ordinary otherwise."""
    alignment = spoken(*paragraphs, language=language, tail=3.0)
    return replace(alignment, episode=details, segments=timed_segments(alignment.transcript, alignment.words))


def ordinary() -> Alignment:
    """Return an episode with two speakers and chapters, a note, stage directions, an unspoken sentence and an ad."""
    return replace(planted(*_TALK), annotations=(Annotation(AnnotationKind.AD, 18.5, 28.0),))


def _in_turns(said: tuple[str, ...], names: tuple[str | None, ...], language: str) -> Alignment:
    """Return an episode in which these speakers take turns, with two headings."""
    paragraphs = [(names[number % len(names)], text) for number, text in enumerate(said)]
    return planted((Kind.HEADING, said[0]), *paragraphs, (Kind.HEADING, "The end"), paragraphs[0], language=language)


def _titled(details: EpisodeDetails) -> Alignment:
    return planted(("Ada", "Hello: it is me."), language="en", details=details)


def _odd_headings() -> Alignment:
    return planted(
        (Kind.HEADING, 'A --> B: <b>"&amp;"</b>\r\nnext ]]>'), ("Ada", "Yes."),
        (Kind.HEADING, "🎉"), ("Ada", "No."),
        (Kind.HEADING, "x" * 300), ("Luc", "Maybe."),
        (Kind.HEADING, "Same time"), (Kind.HEADING, "Same time"), ("Ada", "Then."),
        (Kind.HEADING, "After the end"),
        language="en",
    )  # fmt: skip


def _alignments() -> Iterator[tuple[str, Alignment]]:
    yield "ordinary", ordinary()
    yield "sample", at_true_times(SAMPLE)
    if DEV.is_dir():
        yield "dev", at_true_times(DEV)
    for name, names in NAMES.items():
        yield f"names {name}", _in_turns(_SMALL_TALK, names, "en")
    for name, (language, names, said) in TEXTS.items():
        yield name, _in_turns(said, names, language)
    yield "no headings", planted(*(each for each in _TALK if each[0] is not Kind.HEADING))
    yield "one heading", planted(*_TALK[:6])
    yield "odd headings", _odd_headings()
    yield "nothing known", _titled(EpisodeDetails())
    yield "empty details", _titled(EpisodeDetails("", "", "", "", ""))
    address = "https://example.org/?a=1&b='<>\""
    yield "odd details", _titled(EpisodeDetails('<b>A & "B"</b>: -->\n\x01🎉', "דנה", "soon", address, "../cover.png"))
    yield "poor", replace(ordinary(), verdict=Verdict.POOR, coverage=0.2)
    yield "signed", replace(ordinary(), review=Review("Zoé <b> & --> Cie", "2026-03-14T10:00:00Z", 1.0))
    yield "machine text", replace(ordinary(), machine_text=True)
    yield "nothing said", planted((Kind.HEADING, "Before"), ("Ada", "~Nobody ~says ~this."))
    yield "one word", planted("Yes.")
    yield "hours in", planted("|7205 Late: as ever.", ("Ada", "|36000 Later."))


@cache
def materials() -> Mapping[str, Material]:
    """Return each material by its name, including the development episode if it is there."""
    read = {name: Material(from_content(to_text(alignment).encode()), "episode") for name, alignment in _alignments()}
    quotes = [
        Quote('Un "mot" & <b>\n: fin -->', None, 1.0, 3.0),
        Quote("Parfois jusqu’au soir.", "Ada Morel", 9.0, 25.5),
    ]
    return {**read, "quotes": Material(ordinary(), "bac", quotes)}


over_materials = over_rows("material", materials)
"""Run a test over all materials."""
