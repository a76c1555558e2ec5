"""``quotecast clip`` as a user meets it: clips with all that belongs to them, one clear line for what cannot be."""

import json
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import pytest
from command import assert_refused, posix_only, quotecast

from media.waveform import read_waveform

ENDINGS = {".mp3", ".vtt", ".srt", ".txt", ".json"}


@pytest.fixture(scope="module")
def aligned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample aligned by what a perfect recogniser heard, with all that can be known of an episode."""
    folder = tmp_path_factory.mktemp("aligned")
    sample = Path(__file__).parents[3] / "aligner" / "demo" / "sample"
    audio = folder / "roue.mp3"
    shutil.copy(sample / "episode.mp3", audio)
    truth = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    heard = {"language": "fr", "segments": [segment]}
    (folder / "heard.json").write_text(json.dumps(heard), encoding="utf-8")
    with av.open(str(folder / "cover.jpg"), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuvj420p")))
        container.mux(stream.encode(None))
    known = {"--title": "Les vélos", "--show": "Roue libre", "--url": "https://roue.example/3"}
    details = [part for option in known.items() for part in option] + ["--cover", folder / "cover.jpg"]
    result = quotecast("align", audio, sample / "transcript.txt", "--hypothesis", folder / "heard.json", *details)
    assert result.returncode == 0, result.stderr
    return folder / "roue.alignment.json"


@pytest.fixture
def alignment(aligned: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own."""
    for path in aligned.parent.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / aligned.name


def sentence(alignment: Path, number: int = 0) -> str:
    """A sentence that is said, of five words or more."""
    text = " ".join(w["text"] for w in json.loads(alignment.read_text("utf-8"))["words"] if w["start"] is not None)
    return [s for s in re.split(r"(?<=[.?!]) ", text) if len(s.split()) >= 5][number]


def clip(alignment: Path, *options: object, **settings: object) -> subprocess.CompletedProcess[str]:
    return quotecast("clip", alignment, "--no-listen", *options, **settings)


def test_a_quote_becomes_a_clip_with_all_that_belongs_to_it(alignment: Path) -> None:
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


def test_a_second_is_told_as_one_and_a_quote_does_not_end_with_a_comma(alignment: Path) -> None:
    words = json.loads(alignment.read_text("utf-8"))["words"]
    comma = next(k for k, word in enumerate(words) if word["text"].endswith(",") and word["start"] is not None)
    out = alignment.parent / "short.mp3"
    assert clip(alignment, "--words", f"{comma}-{comma + 1}", "-o", out).returncode == 0
    post = out.with_suffix(".txt").read_text("utf-8")
    assert post.startswith(f"«\u00a0{words[comma]['text'].removesuffix(',')}\u00a0»")
    assert "1 seconde." in post


def test_captions_begin_with_the_clip_and_end_with_it(alignment: Path) -> None:
    quote = sentence(alignment, 1)
    out = alignment.parent / "quote.wav"
    assert clip(alignment, "--quote", quote, "-o", out).returncode == 0
    for ending in (".vtt", ".srt"):
        checked = quotecast("check", out.with_suffix(ending))
        assert checked.returncode == 0, checked.stdout
    times = re.findall(r"(\d\d):(\d\d)\.(\d{3})", out.with_suffix(".vtt").read_text(encoding="utf-8"))
    seconds = [int(m) * 60 + int(s) + int(ms) / 1000 for m, s, ms in times]
    assert 0.0 <= seconds[0] <= 0.3
    assert read_waveform(out).duration - 0.5 <= seconds[-1] <= read_waveform(out).duration + 0.01
    shown = re.sub("<[^>]*>", "", "".join(out.with_suffix(".vtt").read_text(encoding="utf-8").splitlines()[3:]))
    assert shown.split()[0] == quote.split()[0]


def test_no_edge_of_a_clip_is_inside_a_word(alignment: Path) -> None:
    words = [w for w in json.loads(alignment.read_text("utf-8"))["words"] if w["start"] is not None]
    for number in range(3):
        out = alignment.parent / f"{number}.flac"
        assert clip(alignment, "--quote", sentence(alignment, number), "-o", out).returncode == 0
        source = json.loads(out.with_suffix(".json").read_text("utf-8"))["source"]
        for edge in (source["start"], source["end"]):
            assert not [w for w in words if w["start"] + 0.001 < edge < w["end"] - 0.001]


def test_without_a_name_the_clip_gets_one_that_says_what_it_is(alignment: Path) -> None:
    before = set(alignment.parent.iterdir())
    assert clip(alignment, "--quote", sentence(alignment)).returncode == 0
    names = {path.name for path in set(alignment.parent.iterdir()) - before}
    assert {Path(name).suffix for name in names} == ENDINGS
    assert all(re.fullmatch(r"roue-\d+s-[a-z0-9-]+\.\w+", name) for name in names)


def test_times_and_segments_are_cut_too(alignment: Path) -> None:
    out = alignment.parent / "times.mp3"
    assert clip(alignment, "--from", "0:05", "--to", "12.5", "-o", out).returncode == 0
    source = json.loads(out.with_suffix(".json").read_text("utf-8"))["source"]
    assert source["start"] == pytest.approx(5.0, abs=0.8)
    assert source["end"] == pytest.approx(12.5, abs=0.8)
    assert clip(alignment, "--segment", "s0", "-o", alignment.parent / "segment.mp3").returncode == 0


def test_words_are_cut_by_their_indices(alignment: Path) -> None:
    words = json.loads(alignment.read_text("utf-8"))["words"]
    out = alignment.parent / "words.mp3"
    assert clip(alignment, "--words", "20-29", "-o", out).returncode == 0
    record = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert record["source"]["words"] == [20, 29]
    assert record["quote"].split()[:2] == [word["text"] for word in words[20:22]]
    assert record["source"]["start"] <= words[20]["start"]
    assert record["source"]["end"] >= words[28]["end"]


def test_edges_that_someone_dragged_are_kept_to_the_millisecond(alignment: Path) -> None:
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


def test_an_exact_cut_through_a_word_is_made_and_told(alignment: Path) -> None:
    word = max(json.loads(alignment.read_text("utf-8"))["words"][20:29], key=lambda word: word["end"] - word["start"])
    middle = round((word["start"] + word["end"]) / 2, 3)
    out = alignment.parent / "through.mp3"
    result = clip(alignment, "--from", middle, "--to", middle + 3, "--exact", "-o", out)
    assert f"the cut starts inside the word {word['text']}" in result.stdout
    record = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert record["source"]["start"] == middle
    assert "cuts-word" in {warning["kind"] for warning in record["warnings"]}


def test_a_program_is_told_each_step_and_at_the_end_what_was_made(alignment: Path) -> None:
    out = alignment.parent / "quote.mp3"
    result = clip(alignment, "--words", "20-29", "--progress", "json", "-o", out)
    *steps, last = [json.loads(line) for line in result.stderr.splitlines()]
    assert list(dict.fromkeys(step["stage"] for step in steps)) == ["cutting", "encoding"]
    assert steps[-1]["done"] == steps[-1]["total"]
    record = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert last["done"] is True
    assert {Path(path) for path in last["files"]} == {out.with_suffix(ending) for ending in ENDINGS}
    assert last["warnings"] == record["warnings"]
    assert (last["clips"][0]["start"], last["clips"][0]["end"]) == (record["source"]["start"], record["source"]["end"])


def test_a_preview_is_the_clip_byte_for_byte(alignment: Path) -> None:
    from aligner.clipping import cut_sound
    from aligner.clips.files import clip_bytes
    from aligner.quotes import Wanted, choose
    from aligner.store import read_alignment
    from media.clips import Finish

    stored = read_alignment(alignment)
    excerpt = cut_sound(stored, alignment.parent / "roue.mp3", choose(stored, Wanted(indices=range(20, 29))).quote)
    content, level = clip_bytes(stored, excerpt, ".mp3", Finish(), alignment.parent / "cover.jpg")
    out = alignment.parent / "quote.mp3"
    assert clip(alignment, "--words", "20-29", "-o", out).returncode == 0
    assert content == out.read_bytes()
    assert level.true_peak_db <= -1.0


def test_more_room_can_be_asked_for(alignment: Path) -> None:
    lengths = []
    for number, pad in enumerate(("0", "1")):
        out = alignment.parent / f"{number}.wav"
        assert clip(alignment, "--quote", sentence(alignment, 2), "--pad", pad, "-o", out).returncode == 0
        lengths.append(read_waveform(out).duration)
    assert lengths[1] > lengths[0] + 1.0


def test_a_file_of_quotes_gives_a_clip_each_and_one_failure_stops_nothing(alignment: Path) -> None:
    quotes = alignment.parent / "quotes.txt"
    lines = ["# mine", sentence(alignment), "", "nothing at all like what anyone says in it", sentence(alignment, 2)]
    quotes.write_text("\n".join(lines), encoding="utf-8")
    out = alignment.parent / "clips"
    result = clip(alignment, "--quotes", quotes, "-o", out)
    assert result.returncode == 3
    assert "2 of 3 quotes" in result.stdout
    assert [line.split()[1] for line in result.stdout.splitlines()[:3]].count("failed") == 1
    assert len(list(out.glob("*.mp3"))) == 2
    assert "quote 2: the quote" in result.stderr


def test_a_sound_that_was_moved_is_found_by_its_content(alignment: Path) -> None:
    (alignment.parent / "roue.mp3").rename(alignment.parent / "renamed.mp3")
    assert clip(alignment, "--quote", sentence(alignment), "-o", alignment.parent / "a.mp3").returncode == 0


def test_a_sound_elsewhere_is_named(alignment: Path) -> None:
    elsewhere = alignment.parent / "elsewhere"
    elsewhere.mkdir()
    (alignment.parent / "roue.mp3").rename(elsewhere / "roue.mp3")
    out = alignment.parent / "a.mp3"
    assert_refused(clip(alignment, "--quote", sentence(alignment), "-o", out), r"roue\.mp3.*not there.*--audio")
    assert clip(alignment, "--quote", sentence(alignment), "-o", out, "--audio", elsewhere / "roue.mp3").returncode == 0


def test_bad_input_is_one_clear_line_and_nothing_is_written(alignment: Path) -> None:
    folder, said = alignment.parent, sentence(alignment)
    (folder / "other.mp3").write_bytes((folder / "roue.mp3").read_bytes() + b"\0")
    (folder / "blank.txt").write_text("\n# nothing\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for options, complaint in (
        (("--quote", "des mots que personne ne prononce jamais ici même"), "not in the transcript"),
        (("--from", "10", "--to", "5"), "after its start"),
        (("--from", "9999", "--to", "10005"), "outside the episode"),
        (("--from", "ten"), "no time"),
        (("--segment", "s999"), "no segment"),
        (("--words", "20-99999"), "not all there"),
        (("--words", "20-29", "--from", "1", "--to", "2", "--exact"), "none of the words is said between"),
        (("--quote", said, "--match", "7"), r"found \d times"),
        (("--quote", said, "-o", folder / "a.docx"), "no format"),
        (("--quote", said, "-o", folder / "roue.mp3"), "episode|replace"),
        (("--quote", said, "-o", folder / "heard.json" / "a.mp3"), "heard.json.*cannot be written"),
        (("--quote", said, "--audio", folder / "other.mp3"), "not the sound that was aligned"),
        (("--quote", said, "--audio", folder / "nowhere.mp3"), "nowhere.mp3"),
        (("--quotes", folder / "blank.txt"), "holds no quote"),
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
        ("--words", "3-9", "--from", "1", "--to", "4"),
        ("--from", "3", "--exact"),
        ("--from", "3", "--to", "4", "--exact", "--pad", "1"),
        ("--quotes", "quotes.txt", "--words", "3-9"),
    ):
        assert clip(alignment, *options).returncode == 2


def test_a_sidecar_that_someone_edited_is_kept(alignment: Path) -> None:
    out = alignment.parent / "a.mp3"
    clip(alignment, "--quote", sentence(alignment), "-o", out)
    out.with_suffix(".txt").write_text("my own words", encoding="utf-8")
    result = clip(alignment, "--quote", sentence(alignment), "-o", out)
    assert "a.txt.bak" in result.stdout
    assert (alignment.parent / "a.txt.bak").read_text(encoding="utf-8") == "my own words"


@posix_only
def test_a_full_disk_leaves_nothing_half_written(alignment: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import os
    import resource

    scratch = tmp_path_factory.mktemp("scratch")
    before = set(alignment.parent.iterdir())
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))  # noqa: E731
    environment = {**os.environ, "TMPDIR": str(scratch)}
    result = clip(alignment, "--quote", sentence(alignment), preexec_fn=limit, env=environment)
    assert result.returncode == 3, result.stderr
    assert set(alignment.parent.iterdir()) == before
    assert list(scratch.iterdir()) == []


@posix_only
def test_ffmpeg_failing_half_way_is_told_by_its_last_line(alignment: Path, tmp_path: Path) -> None:
    import os

    tools = tmp_path / "tools"
    tools.mkdir()
    broken = tools / "ffmpeg"
    broken.write_text(
        "#!/bin/sh\nhead -c 1000 >/dev/null\necho 'the codec caught fire' >&2\nexit 7\n", encoding="utf-8"
    )
    broken.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    before = set(alignment.parent.iterdir())
    assert_refused(
        clip(alignment, "--quote", sentence(alignment), env=environment), "ffmpeg failed: the codec caught fire"
    )
    assert set(alignment.parent.iterdir()) == before


@posix_only
def test_interrupted_it_leaves_nothing_behind(alignment: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import os
    import time

    tools, scratch = tmp_path_factory.mktemp("tools"), tmp_path_factory.mktemp("scratch")
    slow = tools / "ffmpeg"
    slow.write_text(f"#!/bin/sh\ntouch {tools}/started\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(scratch)}
    before = set(alignment.parent.iterdir())
    command = [sys.executable, "-m", "aligner", "clip", str(alignment), "--no-listen", "--quote", sentence(alignment)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environment)
    deadline = time.monotonic() + 60
    while not (tools / "started").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1].strip() == "quotecast: interrupted"
    assert process.returncode == 130
    assert set(alignment.parent.iterdir()) == before
    assert list(scratch.iterdir()) == []


def test_two_clips_made_at_the_same_time_do_not_disturb_each_other(alignment: Path) -> None:
    quotes = [sentence(alignment), sentence(alignment, 2)]
    with ThreadPoolExecutor(2) as pool:
        at_once = list(
            pool.map(
                lambda k: clip(alignment, "--quote", quotes[k], "-o", alignment.parent / f"at-once-{k}.mp3"), range(2)
            )
        )
    assert [result.returncode for result in at_once] == [0, 0]
    for number, quote in enumerate(quotes):
        alone = alignment.parent / f"alone-{number}.mp3"
        assert clip(alignment, "--quote", quote, "-o", alone).returncode == 0
        assert alone.read_bytes() == (alignment.parent / f"at-once-{number}.mp3").read_bytes()


@pytest.mark.slow
def test_what_is_heard_in_the_clip_is_told(alignment: Path) -> None:
    out = alignment.parent / "a.mp3"
    quote = sentence(alignment)
    result = quotecast("clip", alignment, "--quote", quote, "-o", out)
    assert result.returncode == 0, result.stderr
    heard = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["heard"]
    assert heard
    assert len(set(heard.casefold().split()) & set(quote.casefold().split())) >= 2
