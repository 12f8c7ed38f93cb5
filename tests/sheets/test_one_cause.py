"""One cause is one error: rows alike in what is wrong with them are one line and a count, however many there are."""

from veedor.errors import Fault, InputError


def faults(number: int, *, column: str = "A", found: str = "'x'", wanted: str = "a whole number") -> list[Fault]:
    return [Fault(file="s.csv", row=2 + n, column=column, found=found, wanted=wanted) for n in range(number)]


def lines(given: list[Fault]) -> list[str]:
    return str(InputError(given)).splitlines()


def test_many_of_one_fault_are_one_line_and_a_count() -> None:
    assert lines(faults(60)) == [
        "s.csv, row 2, column A: found 'x', wanted a whole number",
        "... and 59 more such, in rows 2 to 61",
    ]


def test_of_one_cause_the_first_different_texts_are_shown() -> None:
    given = [fault for n in range(30) for fault in faults(1, found=f"'x{n}'")]
    shown = lines(given)
    assert [line.split("found ")[1].split(",")[0] for line in shown[:-1]] == [f"'x{n}'" for n in range(5)]
    assert shown[-1].startswith("... and 25 more such")


def test_another_cause_is_not_lost_behind_the_first() -> None:
    shown = lines([*faults(1_000), *faults(1, column="B", wanted="a name")])
    assert len(shown) == 3
    assert shown[-1] == "s.csv, row 2, column B: found 'x', wanted a name"


def test_few_faults_are_each_told() -> None:
    assert len(lines(faults(5))) == 5


def test_very_many_causes_are_counted() -> None:
    given = [fault for n in range(80) for fault in faults(1, column=f"C{n}")]
    assert lines(given)[-1] == "... and 30 more"
    assert len(lines(given)) == 51
