"""Who entered what was read: signed by two people, each over the file's hash; and what is said where nobody did."""

import subprocess
from pathlib import Path

import pytest

from tests.audit import builders
from tests.audit.test_story import ssh_key, ssh_sign
from tests.audit.town import veedor
from veedor.audit.protocol.entry_signatures import Signature, entry_statement
from veedor.audit.rounds.draw import draw_round
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.verify import NotVerifiedError, verify
from veedor.errors import VeedorError
from veedor.record.keys import SigningKey, new_key, save_key
from veedor.record.verify import ED25519

SHEETS = builders.units(60)
AT = "2026-03-03T10:00:00-04:00"


class Drawn:
    """An audit whose first round is drawn, and two equal entries of it."""

    def __init__(self, home: Path, **more: object) -> None:
        self.folder, self.keys = home / "audit", builders.keys()
        builders.make(self.folder, builders.terms(builders.signatories(self.keys), **more), SHEETS)
        builders.seeded(self.folder, self.keys)
        draw_round(self.folder)
        self.data = builders.entries(self.folder, 1, SHEETS)
        self.one, self.two = home / "one.csv", home / "two.csv"
        for path in (self.one, self.two):
            path.write_bytes(self.data)

    def by(self, name: str, at: str = AT, data: bytes | None = None) -> Signature:
        return builders.entered(self.folder, data or self.data, name, self.keys[name], at)

    def stranger(self, name: str, key: SigningKey) -> Signature:
        text = str(entry_statement(self.folder, self.data, at=AT, reader=name, key=str(key.public)))
        return Signature(text=text.encode(), signature=builders.sign(text, key))

    def enter(self, *signed: Signature | None) -> None:
        assert enter(self.folder, self.one, self.two, signed) == []
        assess(self.folder)


def unsigned(folder: Path) -> list[str]:
    return [one.says.en for step in verify(folder) for one in step.unsigned]


@pytest.mark.slow
def test_two_signatories_sign_and_nothing_is_unsigned(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path)
    drawn.enter(drawn.by("mission"), drawn.by("reds"))
    assert unsigned(drawn.folder) == []
    assert "entered by The mission, The reds" in verify(drawn.folder)[-1].says


@pytest.mark.slow
def test_what_nobody_signed_is_said(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path)
    drawn.enter(None, drawn.by("reds"))
    assert unsigned(drawn.folder) == [
        "nobody signed round-1/entry-a.csv: whoever keeps this folder could have changed what was read"
    ]
    said = veedor("audit", "verify", drawn.folder).output
    assert "unsigned: nobody signed round-1/entry-a.csv" in said


@pytest.mark.slow
def test_two_readers_whom_the_plan_does_not_name(tmp_path: Path) -> None:
    """Their names and keys stand in what they signed; whose the keys are, the reader of the report must ask."""
    drawn = Drawn(tmp_path)
    drawn.enter(
        drawn.stranger("Ana Pérez", new_key("ana.example.org", ED25519)),
        drawn.stranger("Benito Quispe", new_key("benito.example.org", ED25519)),
    )
    said = unsigned(drawn.folder)
    assert [one.split(" with ")[0] for one in said] == [
        "round-1/entry-a.csv is signed by Ana Pérez",
        "round-1/entry-b.csv is signed by Benito Quispe",
    ]


def test_one_person_does_not_read_twice(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path)
    ana, reds = new_key("ana.example.org", ED25519), drawn.keys["reds"]
    for pair, said in (
        ((drawn.by("reds"), drawn.by("reds", "2026-03-03T11:00:00-04:00")), "signed by one person"),
        ((drawn.stranger("Ana", ana), drawn.stranger("Benito", ana)), "signed by one person"),
        ((drawn.stranger("Ana", ana), drawn.stranger("Аna", new_key("x", ED25519))), "can be taken for each other"),
        ((drawn.stranger("Ana", reds), None), "the key of 'Ana' is that of reds"),
        ((drawn.stranger("The Reds", ana), None), "can be taken for The reds"),
        ((drawn.stranger("blues", ana), None), "can be taken for The blues"),
        ((drawn.by("reds", data=b"other"), None), "is not the entry that was signed"),
        ((drawn.by("reds", "2026-03-01T10:00:00-04:00"), None), "before the seed"),
    ):
        with pytest.raises(VeedorError, match=said):
            enter(drawn.folder, drawn.one, drawn.two, pair)
    assert not list((drawn.folder / "round-1").glob("entry*"))


def test_readers_whom_the_plan_names_must_sign(tmp_path: Path) -> None:
    drawn = Drawn(tmp_path, readers=("mission", "reds", "blues"))
    for pair in (
        (None, None),
        (drawn.by("reds"), None),
        (drawn.by("reds"), drawn.by("authority")),
        (drawn.by("reds"), drawn.stranger("Ana", new_key("ana", ED25519))),
    ):
        with pytest.raises(
            VeedorError, match="must be signed by one of the readers whom the plan names: mission, reds"
        ):
            enter(drawn.folder, drawn.one, drawn.two, pair)
    drawn.enter(drawn.by("blues"), drawn.by("mission"))
    assert unsigned(drawn.folder) == []


def test_an_entry_changed_with_its_signature_taken_away_is_at_least_unsigned(tmp_path: Path) -> None:
    """Where the plan names no readers, the keeper can do this; it is said that nobody signed."""
    drawn = Drawn(tmp_path)
    drawn.enter(drawn.by("mission"), drawn.by("reds"))
    inside = drawn.folder / "round-1"
    for name in ("entry-a.csv", "entry-b.csv", "interpretations.csv"):
        (inside / name).write_text((inside / name).read_text().replace(",found,", ",unreadable,", 1))
    with pytest.raises(NotVerifiedError, match=r"round-1/entry-a\.csv is not the entry that was signed"):
        verify(drawn.folder)
    for path in inside.glob("entry-?.[ts]*"):
        path.unlink()
    (inside / "risk.json").unlink()
    assess(drawn.folder)
    assert len(unsigned(drawn.folder)) == 2


@pytest.mark.slow
def test_with_pen_paper_and_an_ssh_key(tmp_path: Path) -> None:
    """The reader prints the text, signs it with ssh-keygen; the keeper of the folder takes both."""
    drawn = Drawn(tmp_path)
    public = ssh_key(tmp_path, "ana")
    (tmp_path / "ana.txt").write_text(public + "\n", encoding="utf-8")
    asked = ("--entry", drawn.one, "--reader", "Ana Pérez", "--public-key", tmp_path / "ana.txt", "--at", AT)
    text = veedor("audit", "statement", drawn.folder, *asked).output
    (tmp_path / "first.txt").write_text(text, encoding="utf-8")
    (tmp_path / "first.txt.sig").write_text(ssh_sign(tmp_path, "ana", text), encoding="utf-8")
    save_key(drawn.keys["reds"], tmp_path / "reds.key", "a long passphrase")
    sign = ("--signatory", "reds", "--key", tmp_path / "reds.key", "--passphrase", "a long passphrase")
    done = veedor(
        "audit", "sign", drawn.folder, *sign, "--entry", drawn.two, "--out", tmp_path / "second.txt", "--at", AT
    )
    assert done.exit_code == 0, done.output
    options = ("--first-statement", tmp_path / "first.txt", "--second-statement", tmp_path / "second.txt")
    done = veedor("audit", "enter", drawn.folder, drawn.one, drawn.two, *options)
    assert done.output == "the two entries agree and are kept\n"
    assess(drawn.folder)
    assert [one.split(":")[0] for one in unsigned(drawn.folder)] == [
        "round-1/entry-a.csv is signed by Ana Pérez with a key that the plan does not name"
    ]
    kept = (drawn.folder / "round-1/entry-a.txt").read_text(encoding="utf-8")
    (tmp_path / "allowed").write_text(f'ana namespaces="veedor-audit" {public}\n', encoding="utf-8")
    check = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "ana", "-n", "veedor-audit"]
    check += ["-s", str(drawn.folder / "round-1/entry-a.sig")]
    assert subprocess.run(check, input=kept, text=True, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "options",
    [
        ("statement", "--reader", "Ana"),
        ("statement",),
        ("statement", "--signatory", "reds", "--reader", "Ana"),
        ("statement", "--signatory", "reds", "--objects", "x", "--seed"),
        ("statement", "--signatory", "reds", "--reveals"),
        ("statement", "--signatory", "greens", "--seed"),
        ("sign", "--signatory", "reds", "--key", "k", "--passphrase", "x", "--entry", "e"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, options: tuple[str, ...]) -> None:
    drawn = Drawn(tmp_path)
    name, *more = options
    assert veedor("audit", name, drawn.folder, *more).exit_code == 2
