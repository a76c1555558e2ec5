"""Find fonts in packages and in the system, and check which characters a font has.

Quotes use Source Serif Pro, other text Source Sans Pro (packages font-source-serif-pro and font-source-sans-pro,
licence OFL). Characters missing from both are drawn with the Noto fonts of the package manimgx-fonts (extra ``noto``,
licence OFL) or else with the system's fonts. For emoji, the system's colour fonts come first. A package's font is used
only if its hash is in ``fonts.sha256``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from media.errors import FontError
from media.safe_fs import is_regular, read_regular

_PACKAGES = ("font_source_serif_pro", "font_source_sans_pro", "manimgx_fonts")
_REQUIRED = _PACKAGES[:2]
_LARGEST_BYTES = 10_000_000

SERIF = (
    ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    ("", "SourceSerif4-Semibold.ttf"),
    ("", "Charter Bold.ttf"),
    ("", "georgiab.ttf"),
    ("", "Georgia Bold.ttf"),
    ("", "DejaVuSerif-Bold.ttf"),
    ("", "LiberationSerif-Bold.ttf"),
)
SANS = (
    ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    ("", "Inter-SemiBold.ttf"),
    ("", "segoeuib.ttf"),
    ("", "Arial Bold.ttf"),
    ("", "DejaVuSans-Bold.ttf"),
    ("", "LiberationSans-Bold.ttf"),
)
_OTHERS = (
    "NotoSans[wght].ttf",
    "NotoEmoji[wght].ttf",
    "NotoSansSymbols[wght].ttf",
    "NotoSansArabic[wght].ttf",
    "NotoSansHebrew[wght].ttf",
    "NotoSansDevanagari[wght].ttf",
    "NotoSansThai[wght].ttf",
)
_FALLBACK = (
    *(("manimgx_fonts", name) for name in _OTHERS),
    *(
        ("", name)
        for name in ("NotoSansCJK-Bold.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "msyhbd.ttc", "YuGothB.ttc")
    ),
    *(("", name) for name in ("malgunbd.ttf", "msgothic.ttc", "DejaVuSans-Bold.ttf")),
)
_COLOUR_EMOJI = (
    *("NotoColorEmoji", "NotoColorEmoji-Regular", "Apple Color Emoji", "seguiemj"),
    *("TwemojiMozilla", "Twemoji.Mozilla", "Twemoji", "OpenMoji-Color", "JoyPixels", "EmojiOneColor"),
)
_NO_CHARACTER = "\U0010fffe"
_SUFFIXES = (".ttf", ".otf", ".ttc")
# Fonts that suit quotes, among those of the packages and of common systems.
_FAMILIES = (
    *("Source Serif Pro", "Source Sans Pro", "Charter", "Georgia", "Palatino", "Baskerville", "Avenir Next"),
    *("Helvetica Neue", "Inter", "Lato", "Segoe UI", "Verdana", "Noto Serif", "DejaVu Serif", "DejaVu Sans"),
)


def font_files(chosen: str | None, kind: tuple[tuple[str, str], ...]) -> tuple[Path, ...]:
    """Return font files in the order in which to try them: the ``chosen`` font, a default font, and fallbacks.

    The default is the first font of ``kind`` (SERIF or SANS) that is found. Raises FontError if the chosen font is
    neither a font file nor installed, if a package's font has changed, or if there is no font at all."""
    files = [_chosen(chosen)] if chosen else []
    files += [path for path in (_find(*entry) for entry in kind) if path][:1]
    files += [path for path in (_find(*entry) for entry in _FALLBACK) if path]
    if not files:
        raise FontError("no font was found; expected the packages font-source-serif-pro and font-source-sans-pro")
    return tuple(dict.fromkeys(files))


def colour_emoji_files() -> tuple[Path, ...]:
    """Return the system's fonts of colour emoji, in order of preference."""
    return tuple(path for path in map(_installed().get, _COLOUR_EMOJI) if path)


@cache
def all_files() -> tuple[Path, ...]:
    """Return the files of all text fonts of the system and the font packages, upright and semibold fonts first."""
    files = [path for stem, path in _installed().items() if "emoji" not in stem.lower()]
    return tuple(sorted(filter(_is_published, files), key=_by_weight))


@lru_cache(maxsize=65_536)
def has_glyph(path: Path, character: str) -> bool:
    """Return whether a font file has a glyph for ``character``; False for text of several characters."""
    probe = _probe(path)
    if probe is None or len(character) != 1:
        return False
    advance, ink = _missing_glyph(path)
    return bool(probe.getlength(character) != advance or bytes(probe.getmask(character)) != ink)


@lru_cache(maxsize=1024)
def _probe(path: Path) -> Any:
    from PIL import ImageFont

    for size in (20, 109, 160, 136, 128, 96, 72, 64):  # bitmap fonts have only one size
        try:
            return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
        except (OSError, ValueError):
            continue
    return None


@lru_cache(maxsize=1024)
def _missing_glyph(path: Path) -> tuple[float, bytes]:
    """Return the width and pixels of the placeholder that the font draws for a character without a glyph."""
    probe = _probe(path)
    return probe.getlength(_NO_CHARACTER), bytes(probe.getmask(_NO_CHARACTER))


@cache
def families() -> tuple[str, ...]:
    """Return the names of the available font families that suit quotes."""
    return tuple(name for name in _FAMILIES if _named(name))


def _chosen(name: str) -> Path:
    """Return the font file whose path, file name or family is ``name``; of a family, the file nearest to semibold."""
    path = Path(name).expanduser()
    if path.suffix.lower() in _SUFFIXES and path.is_file():
        return path
    found = _named(path.stem)
    if not found:
        raise FontError(
            "{name}: no such font; --font expects a .ttf or .otf file or the name of an installed font", name=name
        )
    return min(found, key=_by_weight)


def _named(name: str) -> list[Path]:
    """Return the installed files of the font family ``name``, except files of font packages with a wrong hash."""
    wanted = _folded(name)
    named = [file for stem, file in _installed().items() if wanted and _folded(stem).startswith(wanted)]
    return [file for file in named if _is_published(file)]


def _by_weight(path: Path) -> tuple[int, int, str]:
    stem = path.stem.lower()
    weights = ("semibold", "demi", "bold", "medium", "regular")
    weight = next((rank for rank, weight in enumerate(weights) if weight in stem), len(weights))
    slanted = "italic" in stem or "oblique" in stem or stem.endswith("it")
    return (len(weights) + 1) * slanted + weight, len(stem), stem


def _folded(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _find(package: str, name: str) -> Path | None:
    if not package:
        return _installed().get(Path(name).stem)
    folder = _package_folder(package)
    if folder is None:
        return None
    path = next((path for path in (folder / "files" / name, folder / name) if is_regular(path)), None)
    if path is None or _is_published(path):
        return path
    if package in _REQUIRED:
        raise FontError(
            "{path}: is not the font that was published; reinstall {package}",
            path=path,
            package=package.replace("_", "-"),
        )
    return None  # as if the extra were not installed


@cache
def _is_published(path: Path) -> bool:
    """Return whether a font may be used: if it comes from a package, its hash must be the expected one."""
    folders = [folder for folder in map(_package_folder, _PACKAGES) if folder]
    if not any(path.is_relative_to(folder) for folder in folders):
        return True
    try:
        content = read_regular(path, _LARGEST_BYTES)
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == _published().get(path.name)


@cache
def _published() -> dict[str, str]:
    """Return the expected hash (SHA-256) of each font file in the font packages, by file name."""
    lines = Path(__file__).with_name("fonts.sha256").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


@cache
def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def _installed() -> dict[str, Path]:
    """Return the path of every font of the system and the font packages, by file name without extension."""
    return {path.stem: path for folder in _folders() for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names if name.lower().endswith(_SUFFIXES))


def _folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        yield home / "AppData/Local/Microsoft/Windows/Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts")
    for package in _PACKAGES:
        if found := _package_folder(package):
            yield found
