"""Facts for an accessibility statement: each failing that is planted is told, with its place."""

from dataclasses import replace
from pathlib import Path

from aligner.formats import Material
from aligner.model import Annotation, AnnotationKind, Untranscribed
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.web.page.planted import planted
from tests.web.site.publishing import copied_sample, publish
from web.site.facts import facts_of
from web.site.pages import Publication, contents_of
from web.site.style import SiteAudio, style_of


def test_a_transcript_of_all_that_is_said_in_order_has_no_failings() -> None:
    facts = facts_of(Material(planted(("Ana", "Names vary."), ("Ben", "They do.")), "e"))
    assert (facts.missing, facts.left_out, facts.out_of_order, facts.unnamed) == ((), (), (), ())


def test_speech_that_the_text_lacks_is_told_apart_from_what_somebody_settled() -> None:
    alignment = planted(("Ana", "Names vary."))
    said = (Untranscribed(10.0, 12.0, "hello there"), Untranscribed(20.0, 29.0, "buy it"))
    annotations = (Annotation(AnnotationKind.AD, 20.0, 29.0),)
    facts = facts_of(Material(replace(alignment, untranscribed=said, annotations=annotations), "e"))
    assert [(each.start, each.end, each.text) for each in facts.missing] == [(10.0, 12.0, "hello there")]
    assert [(each.start, each.kind) for each in facts.left_out] == [(20.0, "ad")]


def test_paragraphs_without_a_name_are_told() -> None:
    facts = facts_of(Material(planted(("Ana", "Names vary."), (None, "They do.")), "e"))
    assert [each.text for each in facts.unnamed] == ["They do."]


def test_the_page_and_a_file_of_its_own_tell_what_fails_and_promise_nothing(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = read_alignment(path)
    write_text(path, to_text(replace(alignment, untranscribed=(Untranscribed(10.0, 12.5, "bonjour à toutes"),))))
    folder = publish(path, tmp_path / "site")
    page, own = ((folder / name).read_text(encoding="utf-8") for name in ("index.html", "accessibility.html"))
    assert '<a href="#t=10.00,12.50">de 0:10 à 0:12</a>' in page
    assert '<a href="index.html#t=10.00,12.50">de 0:10 à 0:12</a>' in own
    for html in (page, own):
        assert "4.2.1, non satisfait" in html
        assert "bonjour à toutes" not in html
        assert "ne valent pas attestation" in html
        assert "Minutage automatique, non vérifié" in html


def test_what_a_recogniser_heard_is_printed_only_where_that_is_asked_for(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = replace(read_alignment(path), untranscribed=(Untranscribed(10.0, 12.5, "bonjour à toutes"),))
    sound = SiteAudio("https://example.org/e.mp3")
    for heard in (False, True):
        publication = Publication(alignment, path, "e", style_of(alignment, path), None, None, with_recognised=heard)
        page = contents_of(publication, sound, lambda *_: None).written["index.html"].decode()
        assert 'data-from="10.0' in page
        assert ("bonjour à toutes" in page) is heard
