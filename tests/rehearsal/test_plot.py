"""The picture is written, and says what is wrong when it cannot be."""

from pathlib import Path

import pytest

from holdfast.rehearsal.generate import generate
from holdfast.rehearsal.plot import PlotError, write_plot
from holdfast.rehearsal.show import Show


def test_a_picture_of_a_show(tmp_path: Path) -> None:
    played = Show(generate("small", 4), with_history=True).play()
    write_plot(played, tmp_path / "show.svg")
    text = (tmp_path / "show.svg").read_text(encoding="utf-8")
    assert text.startswith("<?xml")
    with pytest.raises(PlotError, match=r"ends in \.png or \.svg"):
        write_plot(played, tmp_path / "show.docx")
    with pytest.raises(PlotError, match="no history"):
        write_plot(Show(generate("small", 4)).play(), tmp_path / "show.svg")
