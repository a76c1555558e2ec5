"""Dependencies are listed with their licences and pinned to admitted versions."""

import re
import tomllib
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.paths import ROOT
from tests.tables import over_rows

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
OPTIONAL = [*EXTRAS["noto"], *EXTRAS["cluster"], *EXTRAS["whisper-base"]]
RUNTIME = [*PROJECT["project"]["dependencies"], *OPTIONAL]
TESTED = (ROOT / "requirements-tested.txt").read_text(encoding="utf-8")
PINS = re.findall(
    r"^([\w.-]+)==([\w.+!]+)(?: ; (.*?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", TESTED, re.MULTILINE
)
LICENCES = dict(
    re.findall(
        r"^\| (?!package)([a-z0-9-]+) \| ([\w .-]+) \| .* \|$",
        (ROOT / "THIRD_PARTY.md").read_text("utf-8"),
        re.MULTILINE,
    )
)

# The kinds that may be depended on, by their SPDX names: permissive ones, those that ask for no more than that changes
# to their own files be shared, and the one of fonts.
PERMISSIVE = "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-CMU PSF-2.0 Zlib ZPL-2.1"
ALLOWED = {*PERMISSIVE.split(), "LGPL-2.1-or-later", "MPL-2.0", "OFL-1.1"}
# What packages of before SPDX names say of themselves, with what is listed for it.
FREE_FORMS = {
    r"MIT|The MIT License.*|MIT License|Permission is hereby granted, free of charge, to any person": "MIT",
    r"Apache.*": "Apache-2.0",
    r"(3-Clause )?BSD.*": "BSD-",
    r".*LGPL.*": "LGPL-",
    r".*MPL 2\.0.*|MPL-2\.0": "MPL-2.0",
    r"ZPL 2\.1|Zope Public License": "ZPL-2.1",
    r"SIL (OFL|Open Font License) 1\.1.*": "OFL-1.1",
    r"Python Software Foundation License|PSF-2\.0": "PSF-2.0",
    r"ISC.*": "ISC",
}
# Packages that offer several licences, of which one is taken; what they say themselves is a list.
OFFERING = {"pyphen"}


def installed(requirements: list[str]) -> dict[str, Distribution]:
    """What is installed here of what is asked for, and of all that it asks for in turn."""
    found: dict[str, Distribution] = {}
    open_ones = [(Requirement(each), "") for each in requirements]
    while open_ones:
        requirement, extra = open_ones.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            found.setdefault(name, distribution(name))
        except PackageNotFoundError:
            assert str(requirement) in OPTIONAL
            continue
        asked = [
            (Requirement(each), wanted) for each in found[name].requires or [] for wanted in ("", *requirement.extras)
        ]
        open_ones += [each for each in asked if canonicalize_name(each[0].name) not in found]
    return found


@cache
def here() -> dict[str, Distribution]:
    return installed(RUNTIME)


def test_every_installed_package_is_listed() -> None:
    assert len(here()) > 40
    assert here().keys() - LICENCES.keys() == set()


def test_every_listed_package_is_required() -> None:
    older = {"annotated-doc", "annotated-types", "certifi", "httpcore", "httpx"}  # of versions before the tested ones
    assert LICENCES.keys() - here().keys() - {name for name, *_ in PINS} - older == set()


def test_every_licence_is_allowed() -> None:
    kinds = {name: set(re.split(" AND | OR ", licence)) for name, licence in LICENCES.items()}
    assert {name: kind for name, kind in kinds.items() if not kind <= ALLOWED} == {}


@over_rows("name", lambda: list(here()))
def test_the_listed_licence_is_the_packages_own(name: str) -> None:
    metadata = here()[name].metadata
    listed = LICENCES[name]
    if stated := metadata.get("License-Expression"):
        # numpy's wheel names the licences of what it bundles, which are listed apart
        assert stated == listed or stated.startswith(f"{listed} AND ")
        return
    classifiers = [each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier") or [] if "License ::" in each]
    of_text = (metadata.get("License") or "").splitlines()[:1]
    if not [*classifiers, *of_text]:  # then only the licence itself says so, by its first sentence
        texts = [file.read_text() for file in here()[name].files or [] if file.name == "LICENSE"]
        of_text = [line for text in texts for line in text.splitlines() if line.startswith("Permission is")]
    all_stated = [each for each in [*classifiers, *of_text] if each != "OSI Approved"]
    stated = next(each for each in all_stated if name not in OFFERING or re.match(rf".*\b{listed.split('-')[0]}", each))
    meant = [known for form, known in FREE_FORMS.items() if re.fullmatch(form, stated)]
    assert stated == listed or any(listed.startswith(known) for known in meant), f"{name} states {stated!r}"


def asked_for() -> list[Requirement]:
    groups = PROJECT["dependency-groups"]
    return [Requirement(each) for each in [*RUNTIME, *EXTRAS["test"], *groups["release"]]]


def test_requirements_are_pinned_to_a_version_they_admit() -> None:
    pinned: dict[str, list[str]] = {}
    for name, version, *_ in PINS:
        pinned.setdefault(canonicalize_name(name), []).append(version)
    assert len(pinned) > 60
    for requirement in asked_for():
        versions = pinned.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name}: refresh requirements-tested.txt"
        assert [each for each in versions if not requirement.specifier.contains(Version(each))] == []


def test_every_pin_has_hashes() -> None:
    lines = [line for line in TESTED.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lines) == len(PINS)


def test_every_package_that_reads_uploads_has_a_lower_bound() -> None:
    assert [str(each) for each in map(Requirement, RUNTIME) if not each.specifier] == []
