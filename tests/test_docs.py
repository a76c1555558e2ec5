"""README and guide tell of everything that can be asked for, and what they show works."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import pytest

import aligner
from aligner.cli.main import COMMANDS, quotecast
from aligner.outputs import SUFFIXES
from media.ffmpeg import running
from tests.perfect_ear import write_heard
from tests.places import ROOT, SAMPLE
from tests.tables import over_rows
from web.archive.state import move_archive

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]
GUIDE = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

_CONTEXT = click.Context(quotecast)
OPTIONS = sorted(
    {
        option
        for name in COMMANDS
        for command in [quotecast.get_command(_CONTEXT, name)]
        if command
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
)
SHOWN = sorted(
    {
        re.sub(r"\s+# .*", "", line)
        for line in re.findall(r"^    (quotecast \S+ .*|quotecast \S+)$", GUIDE, re.MULTILINE)
        if line.split()[1] in COMMANDS
    }
)
BENCHES = sorted(set(re.findall(r"python -m (tests\.bench\.\w+)", GUIDE)))
LIBRARY = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", LIBRARY, re.DOTALL | re.MULTILINE)


@over_rows("option", OPTIONS)
def test_every_option_is_named(option: str) -> None:
    assert option in GUIDE or option == "--output"  # -o stands for it


def test_every_test_that_is_named_is_there() -> None:
    """The table of formats and their readers names one in each row."""
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "formats.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    assert set(named) <= set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))


@over_rows("command", sorted(COMMANDS))
def test_every_command_is_named(command: str) -> None:
    assert f"quotecast {command}" in GUIDE


@over_rows("suffix", SUFFIXES.values())
def test_every_output_is_named(suffix: str) -> None:
    assert f"NAME{suffix}" in GUIDE


@over_rows("page", PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text) + re.findall(r'src="([^"]+)"', text)
    local = [target for target in targets if not target.startswith("http")]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the guide's commands name."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(SAMPLE / "episode.mp3", folder)
    shutil.copy(SAMPLE / "transcript.txt", folder)
    write_heard(folder / "whisper.json")
    text = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    page = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    (folder / "script.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    _write_docx(folder / "transcript.docx", text)
    with running(["-ss", "5", "-i", str(folder / "episode.mp3"), str(folder / "recut.mp3")]):
        pass
    picture = ["-f", "lavfi", "-i", "color=c=teal:s=320x240:r=5"]
    with running([*picture, "-i", str(folder / "episode.mp3"), "-shortest", str(folder / "film.mp4")]):
        pass
    with running([*picture, "-frames:v", "1", str(folder / "cover.jpg")]):
        pass
    (folder / "quotes.txt").write_text("c'est une promenade qui attend\n", encoding="utf-8")
    item = '<item><enclosure url="https://example.org/episode.mp3" length="1" type="audio/mpeg"/></item>'
    (folder / "feed.xml").write_text(f"<rss><channel>{item}</channel></rss>", encoding="utf-8")
    align = [sys.executable, "-m", "aligner", "align", "episode.mp3", "transcript.txt", "--hypothesis", "whisper.json"]
    subprocess.run([*align, "--show", "Roue libre"], cwd=folder, check=True, capture_output=True)
    (folder / "transcripts").mkdir()
    shutil.copy(SAMPLE / "transcript.txt", folder / "transcripts" / "episode.txt")
    archive = [sys.executable, "-m", "aligner", "archive"]
    with_state = os.environ | {"QUOTECAST_DATA": str(folder / "data")}  # copied with the folder
    for command in (["add", "--yes", "episode.mp3", "transcripts", "~/show"], ["run", "~/show"]):
        subprocess.run([*archive, *command], cwd=folder, env=with_state, check=True, capture_output=True)
    shutil.copytree(folder, folder / "another")
    shutil.copytree(folder / "another", folder / "quotecast-demo" / "roue-libre")
    return folder


def _write_docx(path: Path, text: str) -> None:
    from docx import Document

    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(str(path))


def _as_a_shell_does(word: str, folder: Path) -> list[str]:
    """The files that a pattern names, or the word itself."""
    return sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word]


# For ever, or for what is not there.
_ASKING_OTHERS = (
    "quotecast serve",
    "quotecast archive add https:",
    "quotecast archive run /mnt/",
)


@pytest.mark.nightly
@pytest.mark.parametrize("line", [line for line in SHOWN if not line.startswith(_ASKING_OTHERS)])
def test_every_command_that_is_shown_works(
    line: str, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(desk, folder)
    monkeypatch.setenv("QUOTECAST_DATA", str(folder / "data"))
    monkeypatch.chdir(folder)
    move_archive(desk / "~" / "show", Path("~/show"))
    words = [word for given in shlex.split(line)[1:] for word in _as_a_shell_does(given, folder)]
    command = [sys.executable, "-m", "aligner", *words]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.nightly
@pytest.mark.parametrize("line", [line for line in SHOWN if line.startswith("quotecast serve")])
def test_every_way_to_serve_that_is_shown_answers(
    line: str, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # where the library is that no one names
    command = [sys.executable, "-m", "aligner", *shlex.split(line)[1:], "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=desk, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = iter(process.stdout.readline, "")
            address = next(found[0] for told in said if (found := re.search(r"http://\S+", told)))
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert answer.status == 200
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.mark.nightly
def test_the_examples_of_the_library_work(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(desk, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    known: dict[str, object] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for example in EXAMPLES:
            exec(compile(example, "docs/library.md", "exec"), known)
    assert len(EXAMPLES) >= 6
    assert re.search(r"^(good|review) \d+ % of|^(good|review) \d+% of", printed.getvalue(), re.MULTILINE)
    assert "LUFS" in printed.getvalue()
    assert "nearest" in printed.getvalue()


def test_every_promised_name_is_shown() -> None:
    shown = "\n".join(EXAMPLES)
    unnamed = [name for name in aligner.__all__ if f"aligner.{name}" not in shown]
    assert [name for name in unnamed if f"`{name}`" not in LIBRARY] == []


def test_every_promised_name_is_there_and_says_what_it_is() -> None:
    for name in aligner.__all__:
        assert getattr(aligner, name).__doc__ or name == "Progress"  # a type of function, told of in the guide
    with pytest.raises(AttributeError, match="no attribute 'align_all'"):
        aligner.align_all  # noqa: B018


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import sys, aligner; print({'numpy', 'av', 'click', 'msgspec', 'faster_whisper'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"


@over_rows("bench", BENCHES)
def test_every_bench_that_is_named_says_how_it_is_used(
    bench: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    is_folder = (ROOT / bench.replace(".", "/") / "__main__.py").exists()
    monkeypatch.setattr(sys, "argv", [bench, "--help"])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"{bench}.__main__" if is_folder else bench).main()
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out.lower()
