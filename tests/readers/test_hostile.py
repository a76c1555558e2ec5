"""What the materials of all format tests have in them, so that those tests mean something."""

from __future__ import annotations

from aligner.formats import Material
from aligner.model import Kind
from tests.readers.hostile import MATERIALS, over_materials


def test_the_ordinary_one_has_all_that_a_format_may_show() -> None:
    material = MATERIALS["ordinary"]
    assert {each.kind for each in material.paragraphs} == set(Kind)
    assert len(material.chapters) == 2
    assert len(material.adverts) == 1
    assert {each.speaker for each in material.turns if each.kind is Kind.SPEECH} == {"Ada Morel", "Luc Petit"}
    assert any(word.span is None for word in material.alignment.words)
    assert MATERIALS["quotes"].quotes


@over_materials
def test_all_are_such_as_are_read_from_files(material: Material) -> None:
    speakers = [each.speaker for each in material.paragraphs if each.speaker is not None]
    assert all(name.strip() and len(name.splitlines()) == 1 for name in speakers)
