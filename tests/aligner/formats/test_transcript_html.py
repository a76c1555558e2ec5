"""Podcasting 2.0's transcript in HTML: all of the text, well formed, with an element for each kind."""

from lxml import etree

from aligner.formats import FORMATS, Material
from aligner.model import Kind
from tests.readers.hostile import materials, over_materials


def body_of(material: Material) -> list[tuple[str, str]]:
    """The elements of the page's body and their texts."""
    page = etree.fromstring(FORMATS["transcript-html"].content(material))
    return [(each.tag, each.text or "") for each in page.find("body")]


@over_materials
def test_it_is_well_formed_and_has_the_text_in_order(material: Material) -> None:
    elements = body_of(material)
    tags = {Kind.SPEECH: "p", Kind.HEADING: "h2", Kind.NOTE: "aside", Kind.STAGE: "aside"}
    held = [(tag, _signs(text)) for tag, text in elements if tag not in ("cite", "time")]
    assert held == [(tags[each.kind], _signs(each.text)) for each in material.paragraphs]


@over_materials
def test_every_spoken_paragraph_has_its_time_and_speaker(material: Material) -> None:
    speaker = None
    said = []
    before = ""
    for tag, text in body_of(material):
        speaker = text.removesuffix(":") if tag == "cite" else speaker
        if tag == "p":
            said.append((speaker or "", before == "time"))
        before = tag
    speech = [each for each in material.named.paragraphs if each.kind is Kind.SPEECH]
    assert said == [(" ".join((each.speaker or "").split()), each.span is not None) for each in speech]


def test_the_review_status_is_in_the_head() -> None:
    for name, remark in (
        ("poor", "Verdict : mauvais"),
        ("ordinary", "Minutage automatique, non vérifié."),
        ("signed", "Relu par Zoé"),
        ("Hebrew", "Automatic timing, not reviewed."),
    ):
        page = etree.fromstring(FORMATS["transcript-html"].content(materials()[name]))
        description = page.find("head/meta[@name='description']")
        assert remark in description.get("content")
        assert description.get("lang") == ("en" if name == "Hebrew" else "fr")


def test_the_page_has_the_language_and_direction_of_the_text() -> None:
    pages = [etree.fromstring(FORMATS["transcript-html"].content(materials()[name])) for name in ("ordinary", "Hebrew")]
    assert [(page.get("lang"), page.get("dir")) for page in pages] == [("fr", "ltr"), ("he", "rtl")]


def _signs(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace() and sign != "\ufffd")
