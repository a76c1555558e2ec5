"""A table's failing rows are named, whatever the other rows do."""

from pathlib import Path

import pytest

from tests.tables import over_rows


def fails_over(*rows: int) -> BaseException:
    """What a test raises of which row 1 expects an error that does not come, 2 is wrong, and 3 is skipped."""

    @over_rows("row", rows)
    def looped(row: int) -> None:
        if row == 1:
            with pytest.raises(ValueError, match="never"):
                pass
        if row == 3:
            pytest.skip("not here")
        assert row != 2

    try:
        looped()
    except BaseException as failure:
        return failure
    raise AssertionError("the table passed")


def test_a_failing_row_is_named_despite_later_failures_and_skips() -> None:
    alone = fails_over(0, 2, 3)
    assert isinstance(alone, AssertionError)
    assert alone.__notes__ == ["in row 1 (the first is 0): row=2"]
    several = fails_over(1, 0, 2)
    assert isinstance(several, BaseExceptionGroup)
    assert [each.__notes__ for each in several.exceptions] == [
        ["in row 0 (the first is 0): row=1"],
        ["in row 2 (the first is 0): row=2"],
    ]


def test_a_table_is_skipped_only_if_every_row_is() -> None:
    assert isinstance(fails_over(3, 3), pytest.skip.Exception)
    over_rows("row", [0, 3])(lambda row: pytest.skip("not here") if row else None)()


def test_a_table_without_rows_fails() -> None:
    with pytest.raises(AssertionError, match="no rows"):
        over_rows("row", [])(lambda row: None)()


def test_a_row_of_another_length_fails_alone_and_an_unknown_name_at_once() -> None:
    ran = list[int]()
    looped = over_rows("one, other", [(1,), (2, 3)])(lambda one, other: ran.append(one + other))
    with pytest.raises(ValueError, match="shorter") as caught:
        looped()
    assert caught.value.__notes__ == ["in row 0 (the first is 0): one=1, other=?"]
    assert ran == [5]
    with pytest.raises(AssertionError, match="does not take all of: onee"):
        over_rows("onee", [1])(lambda one: None)


def test_each_row_has_an_empty_folder(tmp_path: Path) -> None:
    folders = list[Path]()

    @over_rows("name", ["a", "b"])
    def looped(name: str, tmp_path: Path) -> None:
        assert list(tmp_path.iterdir()) == []
        (tmp_path / name).touch()
        folders.append(tmp_path)

    looped(tmp_path=tmp_path)
    assert len(set(folders)) == 2
