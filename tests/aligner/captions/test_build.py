"""The text, the times and the speakers of cues, from alignments with known words."""

import itertools
from dataclasses import replace

import pytest

from aligner.captions import CaptionRules, Cue, CueKind, SpeakerNames, build_cues, judge_cues
from aligner.model import Alignment, Annotation, AnnotationKind, Kind
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows

LONG = (
    "Quand la marée descend, on voit apparaître au large une vieille épave que les pêcheurs du port appellent "
    "«\u00a0la Grande Dame\u00a0», et dont personne ici ne sait plus vraiment d’où elle venait ni pourquoi elle a "
    "coulé."
)
NAMED = CaptionRules(speaker_names=SpeakerNames.CHANGE)
DASHED = CaptionRules(speaker_names=SpeakerNames.DASH)


def texts(alignment: Alignment, rules: CaptionRules | None = None) -> list[str]:
    return [cue.text for cue in build_cues(alignment, rules)]


def joined(cues: list[Cue]) -> str:
    return " ".join(" ".join(line.spoken for line in cue.lines) for cue in cues)


def test_lines_and_cues_meet_the_norms() -> None:
    cues = build_cues(spoken(LONG, LONG, LONG))
    report = judge_cues(cues)
    assert len(cues) > 8
    assert report.within == 1
    assert report.readable == 1


def test_no_line_ends_on_an_article_or_a_preposition() -> None:
    lines = [line for text in texts(spoken(LONG, LONG, speed=18.0)) for line in text.split("\n")]
    ends = {line.split()[-1] for line in lines}
    assert not ends & {"la", "une", "les", "du", "que", "et", "dont", "ne", "elle", "ni", "«", "a"}


def test_no_line_has_a_single_word_of_a_clause_that_can_be_split_elsewhere() -> None:
    said = "La dueña del hostal, una gallega bajita y risueña, guardaba en el desván una colección de relojes parados."
    assert "guardaba en el desván\nuna colección" in texts(spoken(said, language="es"), CaptionRules(max_line=32))


def test_a_sentence_that_fits_is_a_cue_of_its_own() -> None:
    assert texts(spoken("Le phare est éteint depuis hier.", "Les bateaux restent tous au port.")) == [
        "Le phare est éteint depuis hier.",
        "Les bateaux restent tous au port.",
    ]


def test_a_transcript_without_spoken_words_has_no_cues() -> None:
    assert build_cues(spoken()) == []
    assert build_cues(spoken("~Rien ~de ~tout ~cela.")) == []


def test_headings_and_footnote_marks_are_not_shown() -> None:
    assert texts(spoken((Kind.HEADING, "Première partie : le port"), "Il pleut[12].")) == ["Il pleut."]


@over_rows(
    "language, text, shown",
    [
        ("fr", "Tu viens ? Il y a 12 500 km et 30 %", "Tu viens_? Il y a 12_500~km et 30~%"),
        ("es", "Son 30 km, ¿ verdad ?", "Son 30~km, ¿~verdad~?"),
    ],
)
def test_marks_and_units_have_no_break_spaces(language: str, text: str, shown: str) -> None:
    (cue,) = build_cues(spoken(text, language=language))
    assert cue.text.replace("\n", " ") == shown.replace("_", "\u202f").replace("~", "\u00a0")


def test_an_unspoken_sentence_is_left_out_and_an_unspoken_word_is_not() -> None:
    alignment = spoken("Le phare est ~presque éteint. ~Personne ~ne ~le ~sait. Les bateaux ~restent au port.")
    assert joined(build_cues(alignment)) == "Le phare est presque éteint. Les bateaux restent au port."


UNSAID = "et ~puis ~nous ~l’avons ~donné ~à ~une ~école ~du ~village ~voisin, ~où ~il ~sert ~encore"


@over_rows(
    "text, shown",
    [
        (
            f"Il a traversé les Alpes deux fois, ~{UNSAID} ! |3 Et voilà.",
            "Il a traversé les Alpes deux fois, Et voilà.",
        ),
        (f"Oui. ~Or ~{UNSAID}, il pleut ici depuis ce matin.", "Oui. il pleut ici depuis ce matin."),
        ("Oui. ~Et ~alors il a traversé les Alpes ~deux ~fois.", "Oui. Et alors il a traversé les Alpes deux fois."),
        (f"Il a traversé les Alpes, ~{UNSAID}, avec son père.", "Il a traversé les Alpes, avec son père."),
        (f"Il a ~{UNSAID}, |3 traversé les ~Alpes ~{UNSAID} avec lui.", "Il a traversé les avec lui."),
        ("Il a traversé ~les ~Alpes ~avec son père.", "Il a traversé les Alpes avec son père."),
    ],
)
def test_a_long_run_of_unspoken_words_in_a_sentence_is_left_out(text: str, shown: str) -> None:
    cues = build_cues(spoken(text))
    assert joined(cues) == shown
    for cue in cues:
        assert all(cue.start - 0.125 <= word.span.start for word in cue.words if word.span)
        assert all(word.span.end <= cue.end for word in cue.words if word.span)


def test_a_long_silence_inside_a_sentence_separates_two_cues_and_a_short_one_does_not() -> None:
    before, after = build_cues(spoken("Je me demande |4 si elle viendra."))
    assert (before.text, after.text) == ("Je me demande", "si elle viendra.")
    assert after.start - before.end > 3
    assert len(build_cues(spoken("Je me demande |0.4 si elle viendra."))) == 1


def test_a_cue_does_not_end_at_a_hesitation_after_a_clinging_word() -> None:
    for pause in (0.8, 1.3, 2.5):
        shown = texts(spoken(f"Je me demande souvent s’il |{pause} est jamais revenu au port."))
        assert not [text for text in shown if text.endswith("s’il")]


@over_rows("head", ["Puis", "Et puis", "C’est vrai,", "Finalement,", "En fait,"])
def test_no_line_ends_after_the_first_words_of_a_sentence(head: str) -> None:
    before = "Quand la marée descend, on voit apparaître au large une vieille épave. "
    for text in texts(spoken(before + f"{head} les pêcheurs du port ne savent plus vraiment d’où elle venait.")):
        assert not [line for line in text.split("\n") if line.endswith(f" {head}")]


def test_a_sentence_after_a_silence_is_not_shown_before_it() -> None:
    cues = build_cues(spoken("C’est clair. |0.6 On rentre tous au port. |0.7 Les bateaux aussi, je crois."))
    assert [cue.text for cue in cues] == ["C’est clair.", "On rentre tous au port.", "Les bateaux aussi, je crois."]


def test_cues_lend_each_other_up_to_a_tenth_of_a_second() -> None:
    cues = build_cues(spoken(LONG, LONG, speed=20.5))
    assert max(abs(cue.start - (cue.voice_start or 0.0)) for cue in cues) == pytest.approx(0.1, abs=0.002)


def test_two_speakers_never_share_a_line_and_share_a_cue_only_with_dashes() -> None:
    alignment = spoken(("Ada Morel", "Tu viens ?"), ("Luc Petit", "Oui !"), ("Ada Morel", LONG), ("Luc Petit", LONG))
    for cue in build_cues(alignment):
        speakers = {line.speaker for line in cue.lines}
        if len(speakers) > 1:
            assert [line.text[:2] for line in cue.lines] == ["– ", "– "]
    assert texts(alignment)[0] == texts(alignment, DASHED)[0] == "– Tu viens\u202f?\n– Oui\u202f!"


@over_rows("speed", [14.0, 18.0, 20.0, 22.0])
def test_paragraphs_without_a_speaker_do_not_share_a_cue(speed: float) -> None:
    question = "Ada, vous souvenez-vous de votre première traversée de nuit\u202f?"
    answer = "Comme si c’était hier\u202f! J’avais 9\u00a0ans, ma tante tenait la barre, et il pleuvait."
    cues = build_cues(spoken(question, answer, question, answer, speed=speed))
    parts = [f" {part} " for part in (question, answer)]
    for cue in cues:
        words = " ".join(line.spoken for line in cue.lines)
        assert any(f" {words} " in part for part in parts)


@over_rows("speed", [9.0, 14.0, 17.5])
def test_a_speaker_has_the_full_name_once_and_then_the_short_name(speed: float) -> None:
    reply = ("Luc Petit", "Je l’ai vue hier, cette épave, avec ma sœur.")
    alignment = spoken(("Ada Morel", LONG), reply, ("Ada Morel", LONG), reply, ("Ada Morel", "Ah !"), speed=speed)
    named = [line.split("\u00a0:")[0].lstrip("– ") for text in texts(alignment, NAMED) for line in text.split("\n")]
    people = ("Ada Morel", "Luc Petit", "Ada", "Luc")
    assert [name for name in named if name in people] == ["Ada Morel", "Luc Petit", "Ada", "Luc", "Ada"]


def test_names_are_in_every_cue_or_in_none() -> None:
    alignment = spoken(("Ada Morel", LONG), language="en", speed=9.0)
    always = texts(alignment, CaptionRules(speaker_names=SpeakerNames.ALWAYS))
    assert all(text.startswith(("Ada Morel:", "Ada:")) for text in always)
    assert not [text for text in texts(alignment) if "Ada" in text]


def test_names_in_every_cue_are_left_out_if_there_is_no_time_to_read_them() -> None:
    alignment = spoken(*[("Anne-Sophie Morel", LONG), ("Luc Petit", LONG)] * 2, speed=17.5)
    always = CaptionRules(speaker_names=SpeakerNames.ALWAYS)
    cues = build_cues(alignment, always)
    assert judge_cues(cues, always).readable > 0.8
    named = [any(line.lead for line in cue.lines) for cue in cues]
    assert 4 <= sum(named) < len(named)
    turns = [cue for before, cue in itertools.pairwise(cues) if before.lines[-1].speaker != cue.lines[0].speaker]
    assert all(cue.lines[0].lead for cue in turns)


def test_a_dash_marks_a_change_of_speaker_if_asked() -> None:
    alignment = spoken(
        ("Ada Morel", LONG), ("Luc Petit", "Je l’ai vue, cette épave. Elle est au fond du port, là-bas.")
    )
    assert [text[:7] for text in texts(alignment, DASHED) if "–" in text] == ["– Je l’"]
    assert not [text for text in texts(alignment) if "–" in text]


def test_no_dash_is_added_to_one_in_the_transcript_or_without_speakers() -> None:
    assert texts(spoken("Il pleut sur le port.", "|1.2 Il vente sur le port."), DASHED) == [
        "Il pleut sur le port.",
        "Il vente sur le port.",
    ]
    own = spoken(("Ada", "— Il pleut sur le port."), ("Luc", "— Je le vois bien."))
    assert not [text for text in texts(own, DASHED) if "–" in text]


def test_a_stage_direction_in_a_silence_has_its_own_cue() -> None:
    alignment = spoken("Voilà tout. (Applaudissements)", "|4 Merci à vous.")
    shown = build_cues(alignment)
    assert [(cue.kind, cue.text) for cue in shown][1] == (CueKind.STAGE, "[Applaudissements]")
    assert shown[1].end <= shown[2].start
    assert not [cue for cue in build_cues(alignment, CaptionRules(sound_cues=False)) if "[" in cue.text]


def test_a_stage_direction_inside_speech_is_part_of_its_cue() -> None:
    (cue,) = build_cues(spoken("Voilà (il rit) pourquoi."))
    assert (cue.text, cue.kind) == ("Voilà [il rit] pourquoi.", CueKind.SPEECH)


def test_a_stage_direction_at_the_start_of_a_turn_follows_the_name() -> None:
    alignment = spoken(("Ada Morel", "Je la mets sur mon frigo."), ("Luc Petit", "(rires) |1.4 Mettez-la au port."))
    assert texts(alignment, NAMED)[1] == "Luc Petit\u00a0: [rires] Mettez-la au port."
    hurried = spoken(("Ada Morel", "Je la mets sur mon frigo."), ("Luc Petit", "(rires) Mettez-la au port."))
    assert texts(hurried)[1] == "[rires] Mettez-la au port."
    assert build_cues(hurried)[1].lines[0].speaker == "Luc Petit"


def test_untranscribed_speech_is_announced_in_the_language_of_the_transcript() -> None:
    alignment = spoken("Il pleut.", "|10 Il vente.", untranscribed=((4.0, 10.0),))
    _, mark, _ = build_cues(alignment)
    assert (mark.kind, mark.text, mark.start) == (CueKind.UNTRANSCRIBED, "[passage non transcrit]", 4.0)
    assert 10.0 <= mark.end <= 10.5
    english = spoken("It rains.", "|20 It blows.", language="en", untranscribed=((4.0, 19.0),))
    assert texts(english)[1] == "[untranscribed passage]"


def test_the_mark_of_a_long_passage_without_text_stays_until_its_end() -> None:
    for length in (7.05, 7.1, 24.0, 95.3):
        alignment = spoken("Il pleut.", f"|{length + 10} Il vente.", untranscribed=((4.0, 4.0 + length),))
        marks = build_cues(alignment)[1:-1]
        assert {mark.text for mark in marks} == {"[passage non transcrit]"}
        assert marks[0].start == 4.0
        assert 4.0 + length - 0.002 <= marks[-1].end <= 4.5 + length
        assert all(after.start - before.end < 0.1 for before, after in itertools.pairwise(marks))
        assert judge_cues(marks).within == 1


def test_a_stage_direction_inside_fast_speech_is_not_split() -> None:
    for speed in (14.0, 18.0, 21.0):
        cues = texts(spoken(LONG.replace("au large", "au large (il montre la mer)"), speed=speed))
        assert [line for text in cues for line in text.split("\n") if "[il montre la mer]" in line]


@over_rows(
    "kind, language, shown", [(AnnotationKind.AD, "fr", "[publicité]"), (AnnotationKind.JINGLE, "es", "[sintonía]")]
)
def test_an_annotated_ad_or_jingle_is_announced_once(kind: AnnotationKind, language: str, shown: str) -> None:
    alignment = spoken("Il pleut.", "|10 Il vente.", language=language, untranscribed=((4.0, 9.0),))
    assert texts(replace(alignment, annotations=(Annotation(kind, 4.0, 9.0),)))[1:-1] == [shown]
    transcribed = replace(alignment, untranscribed=(), annotations=(Annotation(kind, 4.0, 9.0),))
    assert texts(transcribed)[1:-1] == [shown]


def test_dismissed_or_short_speech_without_text_is_not_announced() -> None:
    alignment = spoken("Il pleut.", "|10 Il vente.", untranscribed=((4.0, 9.0),))
    assert len(texts(replace(alignment, annotations=(Annotation(AnnotationKind.DISMISSED, 4.0, 9.0),)))) == 2

    assert len(build_cues(spoken("Il pleut.", "|6 Il vente.", untranscribed=((3.0, 5.9),)))) == 2


def test_a_mark_splits_a_sentence_and_never_overlaps_a_word() -> None:
    speech, mark = build_cues(spoken("Je me demande |0.9 si elle viendra.", untranscribed=((0.0, 9.0),)))
    assert speech.end < mark.start
    alignment = spoken("Je me demande |5 si elle viendra.", untranscribed=((0.5, 7.0),))
    before, mark, after = build_cues(alignment)
    assert before.end < mark.start < mark.end < after.start


def test_lines_of_japanese_have_half_as_many_characters() -> None:
    text = "私たちがこの仕事を始めたのは事務所の誰も録音を見つけられなかったからです。" * 3
    cues = build_cues(spoken(text, language="ja", speed=8.0))
    assert "".join(line.spoken for cue in cues for line in cue.lines) == text
    assert max(len(line.text) for cue in cues for line in cue.lines) <= 21


def test_a_range_of_words_has_only_their_cues() -> None:
    alignment = spoken("Il pleut.", "Les bateaux restent au port.", "Il vente.")
    (cue,) = build_cues(alignment, words=range(2, 7))
    assert cue.text == "Les bateaux restent au port."
    assert build_cues(alignment, words=range(0, 0)) == []


def test_cues_have_one_line_of_the_given_length_if_asked() -> None:
    rules = CaptionRules(max_lines=1, max_line=30)
    cues = build_cues(spoken(LONG), rules)
    assert joined(cues) == LONG
    assert {len(cue.lines) for cue in cues} == {1}
    assert judge_cues(cues, rules).counts["line length"] == 0
