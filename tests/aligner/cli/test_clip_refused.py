"""``quotecast clip`` fails with one clear line and leaves no partial file."""

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.aligner.command import assert_refused, clip, clip_apart, posix_only, quotecast_here, sentence
from tests.tables import over_rows


def test_bad_input_is_one_clear_line_and_nothing_is_written(alignment: Path) -> None:
    folder, said = alignment.parent, sentence(alignment)
    (folder / "other.mp3").write_bytes((folder / "roue.mp3").read_bytes() + b"\0")
    (folder / "blank.txt").write_text("\n# nothing\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for options, complaint in (
        (("--quote", "des mots que personne ne prononce jamais ici même"), "not in the transcript"),
        (("--from", "10", "--to", "5"), "after its start"),
        (("--from", "9999", "--to", "10005"), "outside the episode"),
        (("--segment", "s999"), "no segment"),
        (("--words", "20-99999"), "there is no word"),
        (("--words", "20-29@00000000"), "the transcript is another one"),
        (("--words", "20-29", "--from", "1", "--to", "2", "--exact"), "the words are not spoken from"),
        (("--quote", said, "--match", "7"), r"found \d times"),
        (("--quote", said, "-o", folder / "a.docx"), "not a format"),
        (("--quote", said, "-o", folder / "roue.mp3"), "episode|replace"),
        (("--quote", said, "-o", folder / "heard.json" / "a.mp3"), "heard.json.*cannot be written"),
        (("--quote", said, "--audio", folder / "other.mp3"), "not the audio that was aligned"),
        (("--quote", said, "--audio", folder / "nowhere.mp3"), "nowhere.mp3"),
        (("--quotes", folder / "blank.txt"), "has no quotes"),
        (("--quotes", folder / "nowhere.txt"), "nowhere.txt"),
    ):
        assert_refused(clip(alignment, *options), complaint)
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_wrong_usage_is_status_2(alignment: Path) -> None:
    for options in (
        (),
        ("--quote", "a", "--segment", "s1"),
        ("--segment", "s1", "--match", "2"),
        ("--words", "9-3"),
        ("--words", "3-9@"),
        ("--words", "3-9@seventeen"),
        ("--words", "3-9", "--from", "1", "--to", "4"),
        ("--from", "3", "--exact"),
        ("--from", "ten"),
        ("--segment", "s1", "--lufs", "-inf"),
        ("--segment", "s1", "--pad", "1e300"),
        ("--from", "3", "--to", "4", "--exact", "--pad", "1"),
        ("--quotes", "quotes.txt", "--words", "3-9"),
    ):
        assert clip(alignment, *options).returncode == 2


@over_rows("name", ["taken.txt", "many.mp3"])
def test_clips_of_many_quotes_go_to_no_file(alignment: Path, name: str) -> None:
    quotes, out = alignment.parent / "quotes.txt", alignment.parent / name
    quotes.write_text(sentence(alignment) + "\n", encoding="utf-8")
    (alignment.parent / "taken.txt").write_text("mine", encoding="utf-8")
    result = clip(alignment, "--quotes", quotes, "-o", out)
    assert result.returncode == 2
    assert f"{name}: is a file, expected a folder" in " ".join(result.stderr.split())
    assert not out.is_dir()


@pytest.mark.nightly
def test_an_existing_clip_is_not_replaced_if_asked(alignment: Path) -> None:
    out = alignment.parent / "a.mp3"
    clip(alignment, "--quote", sentence(alignment), "-o", out)
    earlier = {path.name: path.read_bytes() for path in alignment.parent.glob("a.*")}
    clip(alignment, "--quote", sentence(alignment), "--lufs", "-24", "--keep", "-o", out)
    later = {path.name: path.read_bytes() for path in alignment.parent.glob("a.*")}
    assert later["a.mp3"] != earlier["a.mp3"]
    assert all(content in (later[name], later.get(f"{name}.bak")) for name, content in earlier.items())


@pytest.mark.nightly
@posix_only
def test_a_full_disk_leaves_nothing_half_written(alignment: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import resource

    scratch = tmp_path_factory.mktemp("scratch")
    before = set(alignment.parent.iterdir())
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))  # noqa: E731
    environment = {**os.environ, "TMPDIR": str(scratch)}
    result = clip_apart(alignment, "--quote", sentence(alignment), preexec_fn=limit, env=environment)
    assert result.returncode == 3, result.stderr
    assert set(alignment.parent.iterdir()) == before
    assert list(scratch.iterdir()) == []


@pytest.fixture
def cutting(episode: tuple[Path, Path, Path]) -> Path:
    """An alignment made of the transcript ``said.txt`` that lies beside it, with a cover."""
    audio, transcript, hypothesis = episode
    said = transcript.rename(transcript.with_name("said.txt"))
    cover = audio.with_name("cover.png")
    Image.new("RGB", (64, 64)).save(cover)
    result = quotecast_here("align", audio, said, "--asr-output", hypothesis, "--cover", cover)
    assert result.returncode == 0, result.stderr
    return audio.with_suffix(".alignment.json")


@pytest.mark.nightly
@over_rows(
    "command, output",
    [
        (("clip", "--no-listen", "--segment", "s1"), "said.mp3"),
        (("audiogram", "--no-listen", "--segment", "s1"), "said.mp4"),
        (("audiogram", "--segment", "s1", "--still", "0", "--cover", "none"), "cover.png"),
        (("audiogram", "--no-listen", "--segment", "s1", "--text", "wording.txt"), "wording.mp4"),
        (("export", "--to", "srt"), "said.txt"),
        (("export", "--to", "srt"), "roue.mp3"),
    ],
)
@pytest.mark.usefixtures("own_configuration")
def test_a_clip_never_replaces_a_file_of_the_episode(
    cutting: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], output: str
) -> None:
    monkeypatch.chdir(cutting.parent)
    Path("wording.txt").write_text("Autre chose", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    assert_refused(quotecast_here(command[0], cutting, *command[1:], "-o", output), "would replace")
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before
