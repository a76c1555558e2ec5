"""A picture's format is detected by its content, other files are refused; small pictures keep their proportions."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from media.errors import DecodeError, MediaError, PictureError
from media.pictures import format_of, jpeg_of, open_picture
from media.stills import LONGEST_SIDE, drawn_waveform, first_frame
from tests.media.audio_files import write_sound
from tests.media.videos import write_video
from tests.tables import over_rows

SIZE = (90, 60)


def content_of(kind: str, size: tuple[int, int] = SIZE, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind, **options)
    return file.getvalue()


@over_rows("kind", ["JPEG", "PNG", "WEBP"])
@over_rows("name", ["cover.jpg", "cover.txt", "-cover%d\n.png"])
def test_a_picture_format_is_detected_by_content(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content_of(kind))
    assert format_of(path) == kind
    assert open_picture(path).size == SIZE
    red, green, blue = np.asarray(open_picture(path)).reshape(-1, 3).mean(axis=0)
    assert (red, green, blue) == (pytest.approx(200, abs=4), pytest.approx(30, abs=4), pytest.approx(30, abs=4))


def test_a_jpeg_of_several_pictures_is_a_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "cover.jpg"
    other = Image.new("RGB", SIZE, "blue")
    Image.new("RGB", SIZE, "red").save(path, "MPO", save_all=True, append_images=[other])
    assert format_of(path) == "JPEG"
    assert np.asarray(open_picture(path))[0, 0].tolist() == pytest.approx([254, 0, 0], abs=4)


def test_a_picture_is_rotated_upright_on_white(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    (tmp_path / "turned.jpg").write_bytes(content_of("JPEG", exif=turned))
    assert open_picture(tmp_path / "turned.jpg").size == (60, 90)
    Image.new("RGBA", SIZE, (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert np.asarray(open_picture(tmp_path / "clear.png")).min() == 255


@pytest.mark.nightly
def test_a_very_large_picture_is_reduced(tmp_path: Path) -> None:
    for name in ("large.png", "large.jpg"):
        Image.new("RGB", (9000, 3000)).save(tmp_path / name)
        width, height = open_picture(tmp_path / name).size
        assert 2160 <= width <= 4500
        assert height == width // 3


@over_rows(
    "mode, value, shown", [("P", 1, 90), ("1", 1, 255), ("L", 90, 90), ("I;16", 90 * 256, 90), ("LA", (90, 255), 90)]
)
@over_rows("size", [SIZE, (9000, 30)])
def test_any_pixel_format_can_be_used(tmp_path: Path, mode: str, value: int, shown: int, size: tuple[int, int]) -> None:
    picture = Image.new(mode, size, value)
    if mode == "P":
        picture.putpalette([0, 0, 0, 90, 90, 90])
    picture.save(tmp_path / "cover.png")
    assert format_of(tmp_path / "cover.png") == "PNG"
    used = np.asarray(open_picture(tmp_path / "cover.png"))
    assert (used.min(), used.max()) == (shown, shown)


def test_a_cover_in_a_clip_has_no_other_data(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    secret = Image.Exif()
    secret[0x010E] = "48.85 N, 2.35 E"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path.write_bytes(content_of("PNG", exif=secret, icc_profile=profile) + b"PK\x03\x04 and a file behind it")
    jpeg = jpeg_of(path, 45, 90)
    with Image.open(io.BytesIO(jpeg.content)) as read:
        assert (read.format, read.size, (jpeg.width, jpeg.height)) == ("JPEG", (45, 30), (45, 30))
        assert read.getexif() == {}
        assert "icc_profile" not in read.info
    assert b"behind it" not in jpeg.content


OTHERS = {
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n%%EndComments\n(/etc/passwd) run showpage\n",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
    "pdf": b"%PDF-1.4\n1 0 obj <<>> endobj\n",
    "text": b"PIN 1234\n" * 200,
    "gif": content_of("GIF"),
    "bmp": content_of("BMP"),
    "pdf, then a picture": b"%PDF-1.4\n" + content_of("JPEG"),
    "nothing": b"",
    "cut off": content_of("JPEG", (400, 400))[:800],
    "cut off png": content_of("PNG", (400, 400))[:-60],
    "playlist": b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
}


@over_rows("kind", list(OTHERS))
@over_rows("name", ["cover.jpg", "cover.png"])
def test_other_files_are_refused_under_any_name(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(OTHERS[kind])
    for read in (open_picture, format_of):
        with pytest.raises(PictureError, match="expected a JPEG, PNG or WebP picture") as caught:
            read(tmp_path / name)
        assert "\n" not in str(caught.value)


@over_rows("size, shown", [((1080, 1920), (180, 320)), ((640, 640), (320, 320)), ((64, 32), (64, 32))])
def test_a_video_is_shown_by_its_first_frame_in_its_proportions(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    path = write_video(tmp_path / "a.mp4", size, [(200, 30, 30), (20, 20, 200)])
    picture = Image.open(io.BytesIO(first_frame(path)))
    assert (picture.format, picture.size) == ("JPEG", shown)
    red, _, blue = np.asarray(picture.convert("RGB")).mean(axis=(0, 1))
    assert red > 150 > 80 > blue
    assert max(picture.size) <= LONGEST_SIDE


def test_audio_is_drawn_as_loud_as_it_is(tmp_path: Path) -> None:
    samples = np.sin(np.arange(16_000) / 8).astype(np.float32)
    samples[:8000] *= 0.2
    write_sound(tmp_path / "a.wav", samples)
    picture = Image.open(io.BytesIO(drawn_waveform(tmp_path / "a.wav")))
    assert picture.mode == "RGBA"
    drawn = np.asarray(picture)[:, :, 3] > 0
    soft, loud = drawn[:, : drawn.shape[1] // 2], drawn[:, drawn.shape[1] // 2 :]
    assert soft.any()
    assert loud.sum() == pytest.approx(5 * soft.sum(), rel=0.2)


@over_rows("content", [b"", b"no clip", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 200])
def test_a_file_that_is_no_clip_has_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    for made in (first_frame, drawn_waveform):
        with pytest.raises(MediaError):
            made(tmp_path / "a.mp4")


def test_an_oversized_frame_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_video(tmp_path / "a.mp4", (128, 128), [(200, 30, 30)])
    monkeypatch.setattr("media.stills._MAX_PIXELS", 127 * 127)
    with pytest.raises(DecodeError, match="no picture"):
        first_frame(path)
