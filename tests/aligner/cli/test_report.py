"""``quotecast report``: what it prints, writes and returns."""

import json
import re
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

from aligner.cli.report import report_lines
from aligner.cli.terminal import printable
from aligner.model import EpisodeDetails, Kind, Untranscribed
from aligner.report.facts import report_of
from aligner.typography.tokens import width
from tests.aligner.captions.spoken import spoken
from tests.aligner.command import assert_refused, quotecast_here
from tests.aligner.report.doubted import numbered, with_doubt
from tests.paths import SAMPLE
from tests.perfect_recogniser import write_asr_output
from tests.tables import over_rows


def with_coverage(alignment: Path, coverage: float) -> Path:
    facts = json.loads(alignment.read_text(encoding="utf-8"))
    alignment.write_text(json.dumps(facts | {"coverage": coverage}), encoding="utf-8")
    return alignment


def test_the_report_has_the_figures_of_the_run(tmp_path: Path) -> None:
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, tmp_path)
    heard = write_asr_output(tmp_path / "heard.json")
    run = quotecast_here("align", tmp_path / "episode.mp3", tmp_path / "transcript.txt", "--asr-output", heard)
    report = quotecast_here("report", tmp_path / "episode.alignment.json")
    assert (run.returncode, report.returncode) == (0, 0), report.stderr
    for label in ("Verdict", "Coverage", "Captions"):
        [said] = re.findall(rf"^{label} +(.+)$", run.stdout, re.MULTILINE)
        [told] = re.findall(rf"^{label} +(.+(?:\n {{10}}.+)*)$", report.stdout, re.MULTILINE)
        assert " ".join(told.split()) == said


def test_a_coverage_below_the_minimum_is_exit_status_4(alignment: Path) -> None:
    with_coverage(alignment, 0.9496)
    assert quotecast_here("report", alignment, "--json", "-", "--fail-under", 94.96).returncode == 0
    failed = quotecast_here("report", alignment, "--json", "-", "--fail-under", 95)
    assert failed.returncode == 4
    assert "94.96% of the words were matched, less than 95%" in failed.stderr
    assert json.loads(failed.stdout)["coverage"] == 0.9496


def test_each_written_file_is_listed(alignment: Path) -> None:
    paths = [alignment.with_name(f"report.{ending}") for ending in ("html", "json")]
    options = [part for path in paths for part in (f"--{path.suffix[1:]}", path)]
    result = quotecast_here("report", alignment, *options)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [f"Written   {path}" for path in paths]
    html, facts = (path.read_bytes() for path in paths)
    assert json.loads(facts)["counts"]["words"] > 200
    assert b'src="roue.mp3"' in html
    assert quotecast_here("report", alignment, *options).stdout == result.stdout


def test_the_page_links_to_the_audio_relative_to_its_folder(alignment: Path) -> None:
    folder = alignment.parent / "pages"
    folder.mkdir()
    assert quotecast_here("report", alignment, "--html", folder / "r.html").returncode == 0
    assert 'src="../roue.mp3"' in (folder / "r.html").read_text(encoding="utf-8")


def test_an_alignment_from_elsewhere_names_no_file_outside_its_folder(alignment: Path) -> None:
    facts = json.loads(alignment.read_text(encoding="utf-8"))
    facts["audio"]["file"] = "../../secret/roue?.mp3"
    alignment.write_text(json.dumps(facts), encoding="utf-8")
    page = alignment.with_name("r.html")
    assert quotecast_here("report", alignment, "--html", page).returncode == 0
    assert 'src="roue%3F.mp3"' in page.read_text(encoding="utf-8")


def test_a_report_replaces_none_of_its_inputs(alignment: Path) -> None:
    before = alignment.read_bytes()
    assert_refused(quotecast_here("report", alignment, "--json", alignment), "would replace the file that is read")
    assert alignment.read_bytes() == before


HOSTILE = {
    "long": "x" * 3000 + " " + numbered(50),
    "wide": "東京は日本の首都です " * 40,
    "leftwards": "كان البحر هادئا " * 30,
    "steering": "a\u202eb\x1b[31m " * 30,
}


@over_rows("text", HOSTILE.values())
def test_no_line_is_wider_than_the_terminal_or_has_control_characters(text: str) -> None:
    alignment = with_doubt(spoken((text.split()[0][:900], text), (Kind.HEADING, text[:400])), (range(20), 0.2))
    lacking = (Untranscribed(1.0, 9.0, text),)
    report = report_of(replace(alignment, untranscribed=lacking, episode=EpisodeDetails(title=text[:2000])))
    lines = list(report_lines(report))
    assert [line for line in lines if width(line) > 80 or printable(line) != line] == []
    assert not any(unicodedata.category(character) == "Cc" for line in lines for character in line)
