"""A room is walked in ten minutes: no folder and no function grows beyond what one can take in."""

from pathlib import Path

import pytest

from tests.house.sizes import MOST_LINES, MOST_MODULES, SOURCE, folders, functions, modules, table


@pytest.mark.slow
def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(SOURCE)}:{name} has {length} lines"
        for path in modules(SOURCE)
        for name, length in functions(path)
        if length > MOST_LINES
    ]
    assert long == []


def test_no_folder_holds_more_modules_than_can_be_taken_in() -> None:
    assert {name: number for name, number in folders(SOURCE).items() if number > MOST_MODULES} == {}


def test_lengths_are_those_that_one_counts(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    text = "@one\n@two\ndef three():\n    def inner():\n        return 1\n    return inner\n"
    (tmp_path / "room" / "module.py").write_text(text)
    (tmp_path / "room" / "__init__.py").write_text("")
    assert sorted(functions(tmp_path / "room" / "module.py")) == [("inner", 2), ("three", 6)]
    assert folders(tmp_path) == {"room": 1}
    assert table(tmp_path)[1] == ("room", 2, "6 / 6 / 6", "6 / 6 / 6")
