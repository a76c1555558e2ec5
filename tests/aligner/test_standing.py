"""Who stands for an episode is said in every output, else what of it a machine made."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.model import Alignment
from aligner.settled import Signature, standing
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.outputs import write_outputs
from aligner.timed_text.cues import read_cues
from tests.aligner.command import quotecast_here

ZOE = Signature("Zoé --> Martin", "2026-11-27T01:00:00Z", 1.0)
SAID = {
    "timed": (None, False, "machine-timed, not reviewed"),
    "made": (None, True, "machine-made text, not reviewed"),
    "signed": (ZOE, False, "reviewed by Zoé --> Martin, 2026-11-27"),
    "made and signed": (ZOE, True, "reviewed by Zoé --> Martin, 2026-11-27"),
}


@pytest.fixture(params=SAID)
def stood_for(request: pytest.FixtureRequest, aligned: Path) -> tuple[Alignment, str]:
    signature, machine_text, said = SAID[request.param]
    return replace(read_alignment(aligned), signature=signature, machine_text=machine_text), said


def test_it_says_who_signed_and_when_or_else_what_a_machine_made(stood_for: tuple[Alignment, str]) -> None:
    alignment, said = stood_for
    assert str(standing(alignment.signature, alignment.machine_text)) == said


def test_a_signature_says_how_much_was_looked_at_where_that_is_not_all() -> None:
    told = str(standing(replace(ZOE, who="Zoé", share=0.4), machine_text=True))
    assert told == "reviewed by Zoé, 2026-11-27, with a look at 40% of the words"


@pytest.mark.parametrize(("share", "seen"), [(0.9999, "99%"), (0.29, "29%"), (0.0, "0%")])
def test_what_is_not_all_is_never_told_as_all(share: float, seen: str) -> None:
    assert f"with a look at {seen} of the words" in str(standing(replace(ZOE, share=share), machine_text=False))


def test_the_vtt_says_it_in_a_comment_that_no_name_can_break(stood_for: tuple[Alignment, str], tmp_path: Path) -> None:
    alignment, said = stood_for
    write_outputs(alignment, tmp_path, "roue")
    text = (tmp_path / "roue.vtt").read_text(encoding="utf-8")
    note = text.split("\n\n")[1]
    assert note.startswith("NOTE")
    assert note.replace("\u2060", "").endswith(f"{said[:1].upper()}{said[1:]}.")
    assert len(read_cues(text).cues) > 10
    assert said not in (tmp_path / "roue.srt").read_text(encoding="utf-8")


def test_export_and_report_say_it(stood_for: tuple[Alignment, str], tmp_path: Path) -> None:
    alignment, said = stood_for
    path = tmp_path / "roue.alignment.json"
    path.write_text(to_text(alignment), encoding="utf-8")
    assert f"Review    {said}" in quotecast_here("export", path, "--to", "srt").stdout
    assert f"Review    {said}" in quotecast_here("report", path).stdout
    page, facts = tmp_path / "report.html", tmp_path / "report.json"
    assert quotecast_here("report", path, "--html", page, "--json", facts).returncode == 0
    assert f"{said[:1].upper()}{said[1:]}".replace(">", "&gt;") in page.read_text(encoding="utf-8")
    assert said in facts.read_text(encoding="utf-8")
