"""The scores of "Ten digits" are those of the script beside the scenes: train again and compare."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from gumbelviz.app.library import load_builtin

pytest.importorskip("sklearn", reason="scikit-learn is a development tool")
SCRIPT = Path(__file__).parents[2] / "resources" / "training" / "train_digits.py"


def test_training_again_gives_the_scene() -> None:
    script = runpy.run_path(str(SCRIPT))
    found = script["find_ambiguous"]()
    made, shipped = script["make_scene"](found), load_builtin("ten-digits")
    # Another machine may round the last of the two decimals the other way.
    np.testing.assert_allclose(found.logits, shipped.settings.logits, atol=0.0101)
    assert made.note == shipped.note
    assert f"in truth a {found.truth}." in shipped.note
    assert found.accuracy > 0.9
    ranked = np.argsort(shipped.settings.logits)[::-1]
    assert found.truth in ranked[:2]
