"""The gradient stream against the same estimators written with the autograd of PyTorch.

``python tests/benchmarks/gradients.py --peers PYTHON`` prints draws per second of both, and how many times longer
PyTorch takes for the same eight estimators on as many draws: one gradient per draw of each, their means and their
variances, for a quadratic objective. PYTHON is that of an environment with PyTorch, which is no part of the project.
Both run on one thread, in processes of their own, and take turns in short rounds, so that a busy machine hits both
alike; a ratio is formed within each round. PyTorch takes the batch that was quickest for it. Both results are
compared with the exact gradient, so that a wrong contestant does not count.

What is different inside: our stream computes what estimators share once, writes the derivatives out instead of
recording them, and tallies estimators that look at the winner alone by counting winners, which gives the same
numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
OPTIONS = (3, 10, 100)
TEMPERATURE = 0.5
CONDITIONAL = 8
ROUND = 0.4
"""Seconds of work of each contestant in one round."""
BATCHES = (2**15, 2**17, 2**19)
"""Numbers (draws times options) in a batch that PyTorch is tried with."""
Step = Callable[[], int]
Result = Callable[[], tuple[list[list[float]], list[list[float]]]]


def setting(options: int) -> tuple[list[float], list[float]]:
    """Return logits and targets."""
    return [1.5 * i / options for i in range(options)], [((3 * i) % 7) / 7 for i in range(options)]


# Contestants ------------------------------------------------------------------------------------------------


def make_ours(options: int) -> tuple[Step, Result]:
    """Return our stream, the one that feeds the page and the command line."""
    sys.path.insert(0, str(TOP))
    from gumbelviz.engine.gradient_stream import ALL, GradientStream
    from gumbelviz.maths.objectives import Quadratic

    logits, targets = setting(options)
    stream = GradientStream(logits, TEMPERATURE, 1.0, Quadratic(targets), 7, conditional=CONDITIONAL)

    def step() -> int:
        stream.advance(stream.chunk)
        return stream.chunk

    def result() -> tuple[list[list[float]], list[list[float]]]:
        return [stream.mean(key).tolist() for key in ALL], [stream.variance(key).tolist() for key in ALL]

    return step, result


def make_torch(options: int, batch: int) -> tuple[Step, Result]:
    """Return the estimators as they are written with autograd, each as its authors do."""
    import torch
    from torch.nn.functional import one_hot

    torch.set_num_threads(1)
    torch.manual_seed(7)
    values, aims = setting(options)
    z, t = torch.tensor(values), torch.tensor(aims)
    n = max(batch // options, 1)
    p = z.softmax(0)
    corners = (torch.eye(options) - t).square().sum(1)
    mean_baseline = p @ corners
    weights = p * (1 - 2 * p + (p * p).sum())
    best_baseline = weights @ corners / weights.sum()
    sums = torch.zeros(8, options, dtype=torch.float64)
    squares = torch.zeros(8, options, dtype=torch.float64)
    count = 0

    def f(y: Any) -> Any:
        return (y - t).square().sum(-1)

    def gradient(loss: Callable[[Any], Any]) -> Any:
        leaf = z.repeat(n, 1).requires_grad_()
        loss(leaf).sum().backward()
        return leaf.grad

    def conditional(leaf: Any, hard: Any) -> Any:
        """Scores given the winner (Paulus et al. 2021): drawn without a record, then attached to the scores."""
        with torch.no_grad():
            e = torch.empty(CONDITIONAL, n, options).exponential_()
            top = (e * hard).sum(-1, keepdim=True)
            total = leaf.exp().sum(-1, keepdim=True)
            fresh = hard * (total.log() - top.log()) + (1 - hard) * -torch.log(e / leaf.exp() + top / total)
            shift = fresh - leaf
        return leaf + shift

    def reinmax(leaf: Any, winners: Any, hard: Any) -> Any:
        chances = leaf.softmax(-1)
        halfway = (chances + hard) / 2
        inner = ((halfway.log() - leaf).detach() + leaf).softmax(-1)
        second = 2 * inner - 0.5 * chances
        return f(second - second.detach() + hard)

    def step() -> int:
        nonlocal count
        noise = -torch.empty(n, options).exponential_().log()
        with torch.no_grad():
            winners = (z + noise).argmax(-1)
            hard = one_hot(winners, options).float()
            reached = f(hard)

        def score(baseline: Any) -> Callable[[Any], Any]:
            return lambda leaf: (reached - baseline) * leaf.log_softmax(-1).gather(1, winners[:, None])[:, 0]

        def through(soft: Any) -> Any:
            return f(hard - soft.detach() + soft)

        losses: tuple[Callable[[Any], Any], ...] = (
            score(0.0),
            score(mean_baseline),
            score(best_baseline),
            lambda leaf: f(((leaf + noise) / TEMPERATURE).softmax(-1)),
            lambda leaf: through(((leaf + noise) / TEMPERATURE).softmax(-1)),
            lambda leaf: through(leaf.softmax(-1)),
            lambda leaf: through((conditional(leaf, hard) / TEMPERATURE).softmax(-1).mean(0)),
            lambda leaf: reinmax(leaf, winners, hard),
        )
        for i, loss in enumerate(losses):
            found = gradient(loss)
            sums[i] += found.sum(0)
            squares[i] += found.square().sum(0)
        count += n
        return n

    def result() -> tuple[list[list[float]], list[list[float]]]:
        mean = sums / count
        return mean.tolist(), (squares / count - mean.square()).tolist()

    return step, result


def serve(name: str, options: int) -> None:
    """Work a round for every line that comes in, and answer with draws per second; at the end with the result."""
    if name == "ours":
        step, result = make_ours(options)
    else:
        speeds = {batch: run(make_torch(options, batch)[0], ROUND) for batch in BATCHES}
        step, result = make_torch(options, max(speeds, key=lambda batch: speeds[batch]))
    run(step, ROUND / 2)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        print(run(step, ROUND), flush=True)
    print(json.dumps(result()), flush=True)


def run(step: Step, seconds: float) -> float:
    """Return draws per second."""
    draws, began = 0, time.perf_counter()
    while (now := time.perf_counter()) - began < seconds:
        draws += step()
    return draws / (now - began)


# Comparison -------------------------------------------------------------------------------------------------


class Contestant:
    """A process that works when it is told to."""

    def __init__(self, python: str, name: str, options: int) -> None:
        words = [python, __file__, "--serve", name, str(options)]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self._ask("")

    def _ask(self, word: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if word:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit("A contestant stopped; is PyTorch installed there?")
        return answer

    def round(self) -> float:
        """Work for a round; return draws per second."""
        return float(self._ask("go"))

    def end(self) -> list[list[list[float]]]:
        """Stop; return means and variances."""
        result: list[list[list[float]]] = json.loads(self._ask("end"))
        self._process.wait()
        return result


def largest_error(result: list[list[list[float]]], options: int) -> float:
    """The largest distance of a variance from the exact one, as a share of it, of those estimators that have one."""
    sys.path.insert(0, str(TOP))
    from gumbelviz.maths.gradient_moments import exact_moments
    from gumbelviz.maths.objectives import Quadratic

    logits, targets = setting(options)
    known = exact_moments(logits, TEMPERATURE, Quadratic(targets), CONDITIONAL).values()
    worst = 0.0
    for moments, variance in zip(known, result[1], strict=True):
        if moments.variance is not None:
            top = float(moments.variance.max())
            pairs = zip(variance, moments.variance.tolist(), strict=True)
            worst = max([worst, *(abs(got - wanted) / top for got, wanted in pairs)])
    return worst


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="the Python of an environment with PyTorch")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve[0], int(given.serve[1]))
        return
    print(f"{'options':>7}  {'ours, draws/s':>14}  {'PyTorch, draws/s':>16}  {'ratio':>6}  {'errors of variances':>20}")
    for options in OPTIONS:
        ours = Contestant(sys.executable, "ours", options)
        peer = Contestant(given.peers, "torch", options) if given.peers else None
        rounds = [(ours.round(), peer.round() if peer else float("nan")) for _ in range(given.rounds)]
        errors = [largest_error(contestant.end(), options) for contestant in (ours, peer) if contestant]
        speed, other = (statistics.median(column) for column in zip(*rounds, strict=True))
        ratio = statistics.median(mine / theirs for mine, theirs in rounds)
        told = ", ".join(f"{100 * error:.1f}%" for error in errors)
        print(f"{options:>7}  {speed:>14,.0f}  {other:>16,.0f}  {ratio:>6.1f}  {told:>20}")


if __name__ == "__main__":
    main()
