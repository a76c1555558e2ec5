"""Every output shows who reviewed an episode, or which share is automatic."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Annotation, AnnotationKind, Review
from aligner.outputs import write_outputs
from aligner.pins import is_annotated_as, review_status
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.timed_text.cues import read_cues
from tests.aligner.command import quotecast_here
from tests.tables import over_rows

ZOE = Review("Zoé --> Martin", "2026-11-27T01:00:00Z", 1.0)
SAID = {
    "timed": (None, False, "automatic timing, not reviewed"),
    "made": (None, True, "automatic transcript, not reviewed"),
    "signed": (ZOE, False, "reviewed by Zoé --> Martin, 2026-11-27"),
    "made and signed": (ZOE, True, "reviewed by Zoé --> Martin, 2026-11-27"),
}


@over_rows("share, seen", [(0.9999, "99%"), (0.29, "29%"), (0.0, "0%")])
def test_a_partial_review_never_counts_as_complete(share: float, seen: str) -> None:
    told = str(review_status(replace(ZOE, who="Zoé", share=share), machine_text=True))
    assert told == f"reviewed by Zoé, 2026-11-27 ({seen} of the words)"


@over_rows("review, machine_text, said", SAID)
def test_vtt_export_and_report_show_the_review_for_any_name(
    aligned: Path, tmp_path: Path, review: Review | None, machine_text: bool, said: str
) -> None:
    alignment = replace(read_alignment(aligned), review=review, machine_text=machine_text)
    write_outputs(alignment, tmp_path, "roue")
    text = (tmp_path / "roue.vtt").read_text(encoding="utf-8")
    note = text.split("\n\n")[1]
    assert note.startswith("NOTE")
    assert note.replace("\u2060", "").endswith(f"{said[:1].upper()}{said[1:]}.")
    assert len(read_cues(text).cues) > 10
    assert said not in (tmp_path / "roue.srt").read_text(encoding="utf-8")
    path = tmp_path / "roue.alignment.json"
    path.write_text(to_text(alignment), encoding="utf-8")
    assert f"Review    {said}" in quotecast_here("export", path, "--to", "srt").stdout
    assert f"Review    {said}" in quotecast_here("report", path).stdout
    page, facts = tmp_path / "report.html", tmp_path / "report.json"
    assert quotecast_here("report", path, "--html", page, "--json", facts).returncode == 0
    assert f"{said[:1].upper()}{said[1:]}".replace(">", "&gt;") in page.read_text(encoding="utf-8")
    assert said in facts.read_text(encoding="utf-8")


MILLISECONDS = st.tuples(st.integers(0, 500), st.integers(1, 200)).map(lambda each: (each[0], each[0] + each[1]))


def spans(*edges: tuple[int, int], kind: AnnotationKind = AnnotationKind.AD) -> list[Annotation]:
    return [Annotation(kind, start / 1000, end / 1000) for start, end in edges]


@given(st.lists(MILLISECONDS, max_size=12), MILLISECONDS)
def test_each_passage_counts_by_its_overlap(edges: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    met = sum(max(0, min(end, asked[1]) - max(start, asked[0])) for start, end in edges)
    annotations = [*spans(*edges), *spans((0, 1000), kind=AnnotationKind.NORM)]
    assert is_annotated_as(annotations, AnnotationKind.AD, asked[0] / 1000, asked[1] / 1000) == (
        2 * met >= asked[1] - asked[0]
    )
