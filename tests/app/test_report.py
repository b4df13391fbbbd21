"""What the command line says about a run: the verdict, and what disagrees."""

from __future__ import annotations

import json
from dataclasses import replace

from gumbelviz.app.report import Report, report_as_json, report_as_text
from gumbelviz.engine.simulation import Simulation
from gumbelviz.model.settings import make_settings


def report(*disagreeing: str) -> Report:
    settings = make_settings([1.0, 0.0, -1.0], seed=4)
    simulation = Simulation(settings)
    simulation.advance(5000)
    frame = simulation.frame()
    if disagreeing:
        agreement = replace(frame.agreement, verdict="disagrees", disagreeing=disagreeing)
        frame = replace(frame, agreement=agreement)
    return Report("Three", settings, frame, [], 0.1)


def test_the_text_says_whether_a_run_agrees_and_in_what_it_does_not() -> None:
    assert "Agrees with theory: largest difference of a frequency" in report_as_text(report())
    text = report_as_text(report("noise", "soft means"))
    assert "Disagrees with theory in noise, soft means: largest difference of a frequency" in text


def test_the_json_keeps_its_keys_either_way() -> None:
    for each in (report(), report("noise")):
        keys = list(json.loads(report_as_json(each))["agreement"])
        assert keys == ["chi_square", "p_value", "largest_difference"]
