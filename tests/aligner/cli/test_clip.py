"""``quotecast clip``: clips with their captions, text and record, or one clear line of error and no partial file."""

import json
import os
import re
from pathlib import Path

import av
import pytest
from PIL import Image

from media.decode import read_waveform
from tests.aligner.command import assert_refused, clip, clip_apart, posix_only, quotecast_here, sentence
from tests.tables import over_rows

ENDINGS = {".mp3", ".vtt", ".srt", ".txt", ".json"}


def test_a_quote_becomes_a_clip_with_captions_text_and_record(alignment: Path) -> None:
    quote = sentence(alignment)
    out = alignment.parent / "out" / "quote.mp3"
    result = clip(alignment, "--quote", quote, "-o", out)
    assert result.returncode == 0, result.stderr
    assert {path.suffix for path in out.parent.iterdir()} == ENDINGS
    record = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert record["quote"].split() == quote.split()
    assert record["speaker"]
    assert record["loudness"]["true_peak_db"] <= -1.0
    assert record["link"] == f"https://roue.example/3#t={int(record['source']['start'])}"
    assert record["duration"] == pytest.approx(read_waveform(out).duration, abs=0.03)
    post = out.with_suffix(".txt").read_text(encoding="utf-8")
    for part in (record["speaker"], "Roue libre", "Les vélos", record["link"], record["alt"]):
        assert part in post
    assert post.startswith("«\u00a0")
    with av.open(str(out)) as container:
        tags = container.metadata
        assert [stream.type for stream in container.streams] == ["audio", "video"]
    assert tags["artist"] == record["speaker"]
    assert tags["album"] == "Roue libre – Les vélos"
    assert tags["title"].split()[0] == quote.split()[0]
    assert record["link"] in tags["comment"]


def test_captions_begin_with_the_clip_and_end_with_it(alignment: Path) -> None:
    quote = sentence(alignment, 1)
    out = alignment.parent / "quote.wav"
    assert clip(alignment, "--quote", quote, "-o", out).returncode == 0
    for ending in (".vtt", ".srt"):
        checked = quotecast_here("check", out.with_suffix(ending))
        assert checked.returncode == 0, checked.stdout
    times = re.findall(r"(\d\d):(\d\d)\.(\d{3})", out.with_suffix(".vtt").read_text(encoding="utf-8"))
    seconds = [int(m) * 60 + int(s) + int(ms) / 1000 for m, s, ms in times]
    assert 0.0 <= seconds[0] <= 0.3
    assert read_waveform(out).duration - 0.5 <= seconds[-1] <= read_waveform(out).duration + 0.01
    shown = re.sub("<[^>]*>", "", "".join(out.with_suffix(".vtt").read_text(encoding="utf-8").splitlines()[5:]))
    assert shown.split()[0] == quote.split()[0]


def test_no_edge_of_a_clip_is_inside_a_word(alignment: Path) -> None:
    words = [w for w in json.loads(alignment.read_text("utf-8"))["words"] if w["start"] is not None]
    for number in range(3):
        out = alignment.parent / f"{number}.flac"
        assert clip(alignment, "--quote", sentence(alignment, number), "-o", out).returncode == 0
        source = json.loads(out.with_suffix(".json").read_text("utf-8"))["source"]
        for edge in (source["start"], source["end"]):
            assert not [w for w in words if w["start"] + 0.001 < edge < w["end"] - 0.001]


@pytest.mark.nightly
def test_a_clip_without_a_name_is_named_after_its_quote(alignment: Path) -> None:
    before = set(alignment.parent.iterdir())
    assert clip(alignment, "--quote", sentence(alignment)).returncode == 0
    names = {path.name for path in set(alignment.parent.iterdir()) - before}
    assert {Path(name).suffix for name in names} == ENDINGS
    assert all(re.fullmatch(r"Les vélos - \d\dm\d\ds \w[^.]+\.\w+", name) for name in names)


@pytest.mark.nightly
def test_a_missing_output_folder_ends_in_a_slash(alignment: Path) -> None:
    clips = alignment.parent / "new" / "clips"
    assert clip(alignment, "--quote", sentence(alignment), "-o", f"{clips}/").returncode == 0
    assert {path.suffix for path in clips.iterdir()} == ENDINGS
    assert_refused(clip(alignment, "--words", "20-99999", "-o", f"{alignment.parent / 'other'}/"), "there is no word")
    assert not (alignment.parent / "other").exists()


@pytest.mark.nightly
def test_times_and_segments_are_cut_too(alignment: Path) -> None:
    out = alignment.parent / "times.mp3"
    assert clip(alignment, "--from", "0:05", "--to", "12.5", "-o", out).returncode == 0
    source = json.loads(out.with_suffix(".json").read_text("utf-8"))["source"]
    assert source["start"] == pytest.approx(5.0, abs=0.8)
    assert source["end"] == pytest.approx(12.5, abs=0.8)
    assert clip(alignment, "--segment", "s0", "-o", alignment.parent / "segment.mp3").returncode == 0


def test_dragged_edges_are_exact_to_the_millisecond(alignment: Path) -> None:
    words = json.loads(alignment.read_text("utf-8"))["words"]
    start, end = round(words[20]["start"] - 0.333, 3), round(words[28]["end"] + 0.217, 3)
    out = alignment.parent / "dragged.wav"
    result = clip(alignment, "--words", "20-29", "--from", start, "--to", end, "--exact", "-o", out)
    assert result.returncode == 0, result.stderr
    record = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert (record["source"]["start"], record["source"]["end"]) == (start, end)
    assert record["source"]["words"] == [20, 29]
    assert read_waveform(out).duration == pytest.approx(end - start, abs=0.0005)
    shown = re.sub("<[^>]*>", "", out.with_suffix(".vtt").read_text("utf-8"))
    assert words[20]["text"] in shown
    assert words[29]["text"] not in shown.split()
    assert abs(read_waveform(out).samples[:4]).max() < 0.01


def test_an_exact_cut_through_a_word_is_made_with_a_warning(alignment: Path) -> None:
    word = max(json.loads(alignment.read_text("utf-8"))["words"][20:29], key=lambda word: word["end"] - word["start"])
    middle = round((word["start"] + word["end"]) / 2, 3)
    out = alignment.parent / "through.mp3"
    result = clip(alignment, "--from", middle, "--to", middle + 3, "--exact", "-o", out)
    assert f"the cut starts inside the word {word['text']}" in result.stdout
    record = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert record["source"]["start"] == middle
    assert "cuts-word" in {warning["kind"] for warning in record["warnings"]}


@pytest.mark.nightly
def test_more_room_can_be_asked_for(alignment: Path) -> None:
    lengths = []
    for number, pad in enumerate(("0", "1")):
        out = alignment.parent / f"{number}.wav"
        assert clip(alignment, "--quote", sentence(alignment, 2), "--pad", pad, "-o", out).returncode == 0
        lengths.append(read_waveform(out).duration)
    assert lengths[1] > lengths[0] + 1.0


@pytest.mark.nightly
def test_a_file_of_quotes_gives_a_clip_each_and_one_failure_stops_nothing(alignment: Path) -> None:
    quotes = alignment.parent / "quotes.txt"
    lines = ["# mine", sentence(alignment), "", "nothing at all like what anyone says in it", sentence(alignment, 2)]
    quotes.write_text("\n".join(lines), encoding="utf-8")
    out = alignment.parent / "clips"
    result = clip(alignment, "--quotes", quotes, "-o", out)
    assert result.returncode == 3
    assert "2 of 3 quotes" in result.stdout
    assert [line.endswith("failed") for line in result.stdout.splitlines()[:3]] == [False, True, False]
    assert len(list(out.glob("*.mp3"))) == 2
    assert "quote 2: the quote" in result.stderr


@pytest.mark.nightly
def test_the_record_has_the_speech_recognised_in_the_clip(alignment: Path) -> None:
    out = alignment.parent / "a.mp3"
    quote = sentence(alignment)
    result = quotecast_here("clip", alignment, "--quote", quote, "-o", out)
    assert result.returncode == 0, result.stderr
    heard = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["heard"]
    assert heard
    assert len(set(heard.casefold().split()) & set(quote.casefold().split())) >= 2


@over_rows("match, taken", [("2", "2"), ("12", r"12  \d+:\d\d .*: de")])
def test_a_frequent_word_lists_its_first_ten_locations_and_counts_all(alignment: Path, match: str, taken: str) -> None:
    out = alignment.parent / "word.wav"
    result = clip(alignment, "--quote", "de", "--match", match, "--no-listen", "-o", out)
    said = re.search(
        r"Matches   (\d+), of which these are the first 10:\n((?: {10}.*\n)+)Taken     (.*)\n", result.stdout
    )
    assert said, result.stdout
    words = json.loads(alignment.read_text("utf-8"))["words"]
    assert int(said[1]) == sum(word["text"].lower() == "de" and word["start"] is not None for word in words) > 12
    numbered = [line.split() for line in said[2].splitlines()]
    assert [line[0] for line in numbered] == [str(number) for number in range(1, 11)]
    assert all(re.fullmatch(r"\d+:\d\d", line[1]) for line in numbered)
    assert re.fullmatch(taken + "; --match N takes another", said[3])


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
