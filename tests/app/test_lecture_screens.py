"""Which screen the hall sees."""

from __future__ import annotations

import pytest

from gumbelviz.app.lecture_screens import ScreenFacts, place_windows

LAPTOP = ScreenFacts(1920, 1080, primary=True)
PROJECTOR = ScreenFacts(1024, 768, primary=False)
WALL = ScreenFacts(3840, 2160, primary=False)


@pytest.mark.parametrize(
    ("screens", "own", "stage", "speaker"),
    [
        ((LAPTOP,), 0, 0, None),
        ((LAPTOP, PROJECTOR), 0, 1, 0),
        ((PROJECTOR, LAPTOP), 0, 0, 1),
        # The window was on the projector already: it stays there.
        ((LAPTOP, PROJECTOR), 1, 1, 0),
        ((LAPTOP, PROJECTOR, WALL), 0, 2, 0),
        ((WALL, PROJECTOR, LAPTOP), 2, 0, 2),
        # No screen is the first: where the person worked counts as that.
        ((PROJECTOR, WALL), 1, 0, 1),
        ((PROJECTOR, WALL), 0, 1, 0),
    ],
)
def test_the_hall_sees_the_other_screen(
    screens: tuple[ScreenFacts, ...], own: int, stage: int, speaker: int | None
) -> None:
    assert place_windows(screens, own) == (stage, speaker)


def test_stage_and_speaker_never_share_a_screen() -> None:
    for first in range(4):
        for own in range(4):
            screens = [ScreenFacts(800 + 100 * i, 600, i == first) for i in range(4)]
            stage, speaker = place_windows(screens, own)
            assert stage != speaker == first
