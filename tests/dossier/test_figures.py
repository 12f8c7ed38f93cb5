"""Every command on every page gives the figures that stand beside it."""

import shutil
from pathlib import Path

import pytest

from tests.dossier.shown_figures import unequal
from veedor.dossier.show.figures import figure


@pytest.mark.slow
def test_every_command_of_a_simulated_election_gives_the_figures_beside_it(
    dossier: Path, simulated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(simulated, tmp_path / "simulated")
    monkeypatch.chdir(tmp_path)
    assert "\n".join(unequal(dossier)) == ""


def test_a_figure_says_where_it_comes_from() -> None:
    assert figure("5 <b>", "a/b", 5.0) == '<data value="5.0" data-path="a/b">5 &lt;b&gt;</data>'
    with pytest.raises(ValueError, match="no figure is computed as 'guess'"):
        figure("5", "a", 5, "guess")
