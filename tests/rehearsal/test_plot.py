"""The picture is written, and says what is wrong when it cannot be."""

from pathlib import Path

import pytest

from holdfast.rehearsal.generate import generate
from holdfast.rehearsal.plot import PlotError, phantom_shades, write_plot
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


def test_every_phantom_second_of_the_table_is_shaded() -> None:
    shaded, counted = [], []
    for seed in range(4, 12):
        played = Show(generate("viral", seed), with_history=True).play()
        assert played.history is not None
        shaded.append(any(shade > 0 for row in phantom_shades(played, played.history) for shade in row))
        counted.append(played.figures.phantom_s > 0.5)
    assert any(counted)
    assert all(shade for shade, count in zip(shaded, counted, strict=True) if count), (shaded, counted)
