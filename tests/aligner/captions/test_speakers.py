"""What a cue calls its speaker."""

from __future__ import annotations

from aligner.captions.speakers import label, short_names, speaker_labels


def test_a_first_name_is_enough_where_nobody_shares_it() -> None:
    assert short_names(["Ada Morel", "Jean-Luc Petit"]) == {"Ada Morel": "Ada", "Jean-Luc Petit": "Jean-Luc"}


def test_speakers_who_share_a_first_name_keep_both() -> None:
    assert short_names(["Ada Morel", "Ada Petit"]) == {"Ada Morel": "Ada Morel", "Ada Petit": "Ada Petit"}


def test_a_name_and_its_voice_over_share_a_short_form() -> None:
    assert short_names(["Ada Morel", "Ada Morel, voix off"]) == {"Ada Morel": "Ada", "Ada Morel, voix off": "Ada"}


def test_what_is_no_person_is_not_shortened_to_its_first_word() -> None:
    names = ["Voix off", "Dr Brandt", "Speaker 1", "Une passante – film"]
    assert short_names(names) == {
        "Voix off": "Voix off",
        "Dr Brandt": "Dr Brandt",
        "Speaker 1": "Speaker 1",
        "Une passante – film": "Une passante",
    }


def test_a_title_of_the_language_is_left_out_before_a_first_name_alone() -> None:
    names = ["Prof. Dr. Karl-Heinz Müller-Lüdenscheidt", "Frau Dr. Brandt", "Herr Petit"]
    assert list(short_names(names, "de").values()) == ["Karl-Heinz", "Frau Dr. Brandt", "Herr Petit"]
    assert short_names(["M. Night Shyamalan"], "en") == {"M. Night Shyamalan": "M. Night Shyamalan"}
    assert short_names(["Dr. van der Berg", "Mme la ministre"], "fr") == {
        "Dr. van der Berg": "Dr. van der Berg",
        "Mme la ministre": "Mme la ministre",
    }


def test_particles_and_initials_belong_to_the_last_name_however_many_there_are() -> None:
    names = ["Hélène Carrère d’Encausse", "Samuel L. Jackson", "Luis Fernández de la Cruz", "Elio dell'Orto"]
    assert list(short_names(names).values()) == ["Hélène", "Samuel", "Luis", "Elio"]
    several = ["Ana y Luis", "Ada et Luc Petit", "Groupe d’enfants", "J. K. Rowling"]
    assert short_names(several) == {name: name for name in several}


def test_who_shares_a_first_name_keeps_the_title() -> None:
    assert set(short_names(["Dr Ada Morel", "Ada"], "fr").values()) == {"Dr Ada Morel", "Ada"}


def test_a_colon_follows_as_the_language_writes_it_or_as_is_asked() -> None:
    assert speaker_labels(["Ada Morel"], "fr", 42) == {"Ada Morel": ("Ada Morel\u00a0:", "Ada\u00a0:")}
    assert speaker_labels(["Ada Morel"], "en-GB", 42) == {"Ada Morel": ("Ada Morel:", "Ada:")}
    assert speaker_labels(["Ada Morel"], "fr", 42, ":") == {"Ada Morel": ("Ada Morel:", "Ada:")}


def test_a_name_longer_than_a_line_is_cut_with_an_ellipsis() -> None:
    assert label("A" * 90, ":", 42) == "A" * 40 + "…:"


def test_a_name_is_cut_after_a_word() -> None:
    name = "Annegret Müller-Lüdenscheidt von Hohenzollern-Sigmaringen"
    assert label(name, ":", 42) == "Annegret Müller-Lüdenscheidt von…:"
    assert label(name, ":", 34) == "Annegret Müller-Lüdenscheidt von…:"
    assert label("محمد عبد الله بن عبد الرحمن الأندلسي القرطبي", ":", 32) == "محمد عبد الله بن عبد الرحمن…:"


def test_what_is_said_about_a_name_is_told_in_any_script() -> None:
    names = ["山田花子（東京大学大学院教授）", "王小明、记者", "فاطمة الزهراء، الراوية"]
    assert list(short_names(names).values()) == ["山田花子", "王小明", "فاطمة الزهراء"]


def test_a_short_name_is_a_name_and_no_article_particle_or_title() -> None:
    whole = ["La Rosalía", "Son Heung-Min", "De la Fuente", "Van Morrison", "El Mago Pop", "L’Abbé Pierre", "DJ Shadow"]
    assert short_names(whole) == {name: name for name in whole}
    assert short_names(["N'Golo Le Goff", "Al-Amin Diallo"]) == {
        "N'Golo Le Goff": "N'Golo",
        "Al-Amin Diallo": "Al-Amin",
    }


def test_speakers_told_apart_by_what_is_said_about_them_have_no_short_form_in_common() -> None:
    names = ["Passante (1)", "Passante (2)", "Ada Morel (Lyon)", "Ada Morel (Lille)"]
    assert short_names(names) == {name: name for name in names}
