"""What a person may write after ``main.py``, read into one value per command; no Qt, no files."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, TypeVar, get_args

from gumbelviz import __version__
from gumbelviz.app.library import Undecided
from gumbelviz.app.typed_numbers import read_list, read_real, read_size, read_whole
from gumbelviz.lectures.lecture_file import MOST_STEPS
from gumbelviz.model import parameters
from gumbelviz.model.cells import Kind
from gumbelviz.model.export import Paper
from gumbelviz.model.lecture import Lecture
from gumbelviz.model.scene import PAGES, Page
from gumbelviz.model.strictjson import quoted, suggest

Word = TypeVar("Word", bound=str)
Theme = Literal["light", "dark", "lecture", "contrast"]
THEMES: tuple[Theme, ...] = get_args(Theme)
OBJECTIVES = ("linear", "quadratic", "cubic", "bit")
PICTURES = (".png", ".svg", ".pdf")
PAPERS: tuple[Paper, ...] = get_args(Paper)
SMALLEST_ZOOM, LARGEST_ZOOM = 75, 300
MOST_THREADS = 256
MOST_SHOWN = 100_000


@dataclass(frozen=True)
class WindowOrder:
    """Open the window on `scene`, an id or a path, or on the default scene.

    `undecided` is filled in where `scene` is a file of numbers that the window must ask about, `lecture` where it is
    one of steps. `reset_settings` puts the settings aside first, `new` opens a new document instead of the last one,
    and `safe_mode` reads and writes no settings at all.
    """

    scene: str | None
    settings_dir: Path | None = None
    undecided: Undecided | None = None
    lecture: Lecture | None = None
    reset_settings: bool = False
    new: bool = False
    safe_mode: bool = False


@dataclass(frozen=True)
class SelfTestOrder:
    """Look whether everything is here that the program needs, and whether it works."""

    settings_dir: Path | None = None


@dataclass(frozen=True)
class SimulateOrder:
    """Draw without a window, and report. At most one of the first four fields is given."""

    scene: str | None
    logits: tuple[float, ...] | None
    probabilities: tuple[float, ...] | None
    input: str | None
    input_as: Kind | None
    temperature: float | None
    location: float | None
    scale: float | None
    draws: int
    seed: int | None
    show_draws: int
    threads: int
    json: bool
    settings_dir: Path | None = None


@dataclass(frozen=True)
class RenderOrder:
    """Draw one page of `scene` into the file `output`, `size` pixels wide and high.

    With `step`, counted from 1, `scene` is a lecture, and that step is drawn as it is presented.
    """

    scene: str | None
    input_as: Kind | None
    output: Path
    page: Page | None
    size: tuple[int, int]
    theme: Theme
    zoom: int
    draws: int
    seed: int | None
    settings_dir: Path | None = None
    step: int | None = None


@dataclass(frozen=True)
class HandoutOrder:
    """Print `lecture`, ``"story"`` or a file, into the PDF `output`: a page for each step."""

    lecture: str
    output: Path
    paper: Paper
    notes: bool
    settings_dir: Path | None = None


@dataclass(frozen=True)
class ScenesOrder:
    """List the built-in scenes."""

    json: bool
    settings_dir: Path | None = None


@dataclass(frozen=True)
class GradientsOrder:
    """Estimate gradients of an objective of `scene` without a window, and report."""

    scene: str | None
    input_as: Kind | None
    objective: str | None
    values: tuple[float, ...] | None
    targets: tuple[float, ...] | None
    logits: tuple[float, ...] | None
    temperature: float | None
    draws: int
    seed: int | None
    json: bool
    settings_dir: Path | None = None


Order = WindowOrder | SelfTestOrder | SimulateOrder | RenderOrder | HandoutOrder | ScenesOrder | GradientsOrder


def read_arguments(argv: Sequence[str]) -> Order:
    """Return the order in `argv`, the words after the program's name.

    Raises
    ------
    ValueError
        With one sentence for whoever typed them.
    SystemExit
        With code 0, after ``--help`` or ``--version`` was printed.
    """
    words = _join_values(argv)
    for i, word in enumerate(words):
        if word in _COMMANDS:
            # A word of a command wins over a scene or a file of that name; write ./render for the file.
            parser, make = _COMMANDS[word]
            return make(parser().parse_args(words[:i] + words[i + 1 :]))
        if not word.startswith("--settings-dir="):
            break
    return _make_window(_window_parser().parse_args(words))


# Parsers ----------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """A parser that answers a mistake with one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{_as_sentence(message)}; {self.prog} --help lists what is possible.")


def _as_sentence(message: str) -> str:
    """Turn a message of argparse into the beginning of a sentence."""
    unknown = re.fullmatch(r"unrecognized arguments: (.*)", message, re.DOTALL)
    if unknown:
        return f"There is no place for {quoted(unknown[1])}"
    missing = re.fullmatch(r"argument (\S+): expected one argument", message)
    if missing:
        return f"A value is missing after {missing[1].split('/')[0]}"
    extra = re.fullmatch(r"argument (\S+): ignored explicit argument (.*)", message, re.DOTALL)
    if extra:
        return f"No value belongs after {extra[1]}"
    return message[:1].upper() + message[1:200]


def _new_parser(command: str, description: str, epilog: str = "") -> _Parser:
    parser = _Parser(
        prog=f"main.py {command}".strip(),
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"GumbelViz {__version__}")
    # Commands without a window keep nothing; they read one preference there, and need not explain it.
    what = argparse.SUPPRESS if command else "keep settings, log and recovery files in DIR"
    parser.add_argument("--settings-dir", metavar="DIR", help=what)
    return parser


def _window_parser() -> _Parser:
    parser = _new_parser(
        "",
        "GumbelViz shows the Gumbel-Softmax trick. Without a command it opens the window.",
        "commands (main.py COMMAND --help says more):\n"
        "  simulate    no window: draw and report\n"
        "  render      draw a page, or a step of a lecture, into a picture\n"
        "  handout     print a lecture into one PDF\n"
        "  gradients   estimate gradients through the choice, beside the exact one\n"
        "  scenes      list the built-in scenes",
    )
    parser.add_argument(
        "scene",
        nargs="?",
        metavar="SCENE",
        help="a built-in scene, a .gumbel or .lecture file, or your own scores in a CSV, TSV, NPY or JSON file",
    )
    parser.add_argument("--new", action="store_true", help="open a new document instead of the last one")
    parser.add_argument("--reset-settings", action="store_true", help="put the settings aside and begin anew")
    parser.add_argument("--safe-mode", action="store_true", help="read, write and reopen nothing, and start paused")
    parser.add_argument("--self-test", action="store_true", help="check everything, also without a screen; exit 0 or 1")
    return parser


def _simulate_parser() -> _Parser:
    parser = _new_parser("simulate", "Draw without a window, and report what came out.")
    parser.add_argument("scene", nargs="?", metavar="SCENE", help="a built-in scene or a file (default: ice-cream)")
    parser.add_argument("--logits", metavar="Z,Z,...", help="scores such as 2,1.5,-inf; -inf is a masked option")
    parser.add_argument("--probabilities", metavar="P,P,...", help="such as .5,.3,.2; they add up to 1")
    parser.add_argument("--input", metavar="FILE", help="scores from a CSV, TSV, NPY or JSON file")
    _add_input_as(parser)
    parser.add_argument("--temperature", metavar="T", help="temperature of the soft choice, from 0 to inf")
    parser.add_argument("--location", metavar="MU", help="location of the noise")
    parser.add_argument("--scale", metavar="BETA", help="scale of the noise, from 1e-6 to 1e6")
    parser.add_argument("--draws", metavar="N", default="1e6", help="how many, 1 to 1e12 (default: 1e6)")
    _add_seed(parser)
    parser.add_argument(
        "--show-draws",
        metavar="M",
        default="0",
        help="report the first M draws one by one; pinned noise of a scene is not used (default: 0)",
    )
    parser.add_argument("--threads", metavar="N", help="how many cores draw (default: as set in the window, else all)")
    parser.add_argument("--json", action="store_true", help="report as JSON, numbers in full precision")
    return parser


def _render_parser() -> _Parser:
    parser = _new_parser("render", "Draw one page of a scene, or one step of a lecture, into a picture.")
    parser.add_argument(
        "scene", nargs="?", metavar="SCENE", help="a built-in scene or a file (default: ice-cream), or a lecture"
    )
    _add_input_as(parser)
    parser.add_argument("--output", metavar="FILE", help="the picture: a .png, .svg or .pdf file")
    parser.add_argument("--step", metavar="N", help="a step of the lecture SCENE, story or a .lecture file, from 1")
    parser.add_argument("--page", metavar="ID", help=f"{', '.join(PAGES)} (default: the scene's)")
    parser.add_argument("--size", metavar="WxH", default="1600x900", help="in pixels (default: 1600x900)")
    parser.add_argument(
        "--theme", metavar="THEME", help="light, dark, lecture or contrast (default: light, with --step lecture)"
    )
    parser.add_argument("--zoom", metavar="PERCENT", default="100", help="75 to 300 (default: 100)")
    parser.add_argument("--draws", metavar="N", help="how many, 1 to 1e12 (default: 1e6; a step has its own)")
    _add_seed(parser)
    return parser


def _handout_parser() -> _Parser:
    parser = _new_parser("handout", "Print a lecture into one PDF: a page for each step, picture and words.")
    parser.add_argument("lecture", nargs="?", metavar="LECTURE", help="story (default), or a .lecture file")
    parser.add_argument("--output", metavar="FILE", help="the .pdf file")
    parser.add_argument("--paper", metavar="SIZE", default="A4", help="A4 (default) or Letter")
    parser.add_argument("--notes", action="store_true", help="print the speaker's notes too")
    return parser


def _scenes_parser() -> _Parser:
    parser = _new_parser("scenes", "List the built-in scenes.")
    parser.add_argument("--json", action="store_true", help="as a JSON list of id and title")
    return parser


def _gradients_parser() -> _Parser:
    parser = _new_parser(
        "gradients",
        "Estimate the gradient of E f(choice) with respect to the scores, with every estimator on the same draws.",
        "objectives: linear sum c_i y_i (--values), quadratic sum (y_i - t_i)^2 (--targets), cubic y_0^3,\n"
        "bit (y_0 - t)^2 (--targets T). Without --objective the numbers settle it, else the scene does.",
    )
    parser.add_argument("scene", nargs="?", metavar="SCENE", help="a built-in scene or a file (default: ice-cream)")
    _add_input_as(parser)
    parser.add_argument("--objective", metavar="KIND", help=f"{', '.join(OBJECTIVES)}")
    parser.add_argument("--values", metavar="C,C,...", help="c of the linear objective, one for each option")
    parser.add_argument("--targets", metavar="T,T,...", help="t of the quadratic objective, one for each option")
    parser.add_argument("--logits", metavar="Z,Z,...", help="scores such as 1,2,-inf instead of a scene")
    parser.add_argument("--temperature", metavar="T", help="temperature of the soft choice, from 0 to inf")
    parser.add_argument("--draws", metavar="N", default="1e5", help="how many, 1 to 1e12 (default: 1e5)")
    _add_seed(parser)
    parser.add_argument("--json", action="store_true", help="report as JSON, numbers in full precision")
    return parser


def _add_seed(parser: _Parser) -> None:
    parser.add_argument("--seed", metavar="S", help="a whole number; the same seed gives the same draws")


def _add_input_as(parser: _Parser) -> None:
    parser.add_argument(
        "--input-as",
        metavar="KIND",
        help="what the numbers of a file are, logits or probabilities, where they could be both",
    )


# The --options that take a value; argparse would mistake a value such as -1,2 or -1e3 for an option.
_WITH_VALUE = re.compile(
    "--(logits|probabilities|input|input-as|temperature|location|scale|draws|seed|show-draws|threads"
    "|settings-dir|output|page|step|size|theme|zoom|objective|values|targets|paper)"
)


def _join_values(argv: Sequence[str]) -> list[str]:
    """Write ``--logits -1,2`` as ``--logits=-1,2``, for every option that takes a value."""
    words: list[str] = []
    waiting = list(argv)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*words, word, *waiting]
        if _WITH_VALUE.fullmatch(word) and waiting and not waiting[0].startswith("--"):
            word = f"{word}={waiting.pop(0)}"
        words.append(word)
    return words


# Orders -----------------------------------------------------------------------------------------------------


def _make_window(given: argparse.Namespace) -> Order:
    if given.self_test:
        if given.scene is not None or given.new or given.reset_settings or given.safe_mode:
            raise ValueError("--self-test stands alone, or with --settings-dir DIR.")
        return SelfTestOrder(_settings_dir(given))
    if given.new and given.scene is not None:
        raise ValueError("Give only one of SCENE and --new.")
    return WindowOrder(
        given.scene,
        _settings_dir(given),
        reset_settings=given.reset_settings,
        new=given.new,
        safe_mode=given.safe_mode,
    )


def _make_simulate(given: argparse.Namespace) -> SimulateOrder:
    sources = {
        "SCENE": given.scene,
        "--logits": given.logits,
        "--probabilities": given.probabilities,
        "--input": given.input,
    }
    named = [name for name, value in sources.items() if value is not None]
    if len(named) > 1:
        raise ValueError(f"Give only one of {' and '.join(named)}.")
    draws = read_whole(given.draws, "number of draws", 1, parameters.MOST_DRAWS)
    return SimulateOrder(
        given.scene,
        None if given.logits is None else read_list(given.logits, "logits"),
        None if given.probabilities is None else read_list(given.probabilities, "probabilities"),
        given.input,
        _kind(given),
        _checked(given.temperature, parameters.TEMPERATURE),
        _checked(given.location, parameters.LOCATION),
        _checked(given.scale, parameters.SCALE),
        draws,
        _seed(given),
        min(read_whole(given.show_draws, "number of draws to show", 0, MOST_SHOWN), draws),
        0 if given.threads is None else read_whole(given.threads, "number of threads", 1, MOST_THREADS),
        given.json,
        _settings_dir(given),
    )


def _make_render(given: argparse.Namespace) -> RenderOrder:
    if given.output is None:
        raise ValueError("Say where the picture goes, with --output FILE.png, .svg or .pdf.")
    output = Path(given.output)
    if output.suffix.lower() not in PICTURES:
        raise ValueError(f"The output must end in .png, .svg or .pdf, not {quoted(output.name)}.")
    step = None
    if given.step is not None:
        step = read_whole(given.step, "number of a step", 1, MOST_STEPS)
        given.scene = given.scene or "story"
        owned = {"--page": given.page, "--draws": given.draws, "--seed": given.seed, "--input-as": given.input_as}
        named = [name for name, value in owned.items() if value is not None]
        if named:
            raise ValueError(f"A step has its page, its draws and its seed: {named[0]} does not go with --step.")
    return RenderOrder(
        given.scene,
        _kind(given),
        output,
        None if given.page is None else _one_of(given.page, PAGES, "page"),
        read_size(given.size),
        _one_of(given.theme or ("light" if step is None else "lecture"), THEMES, "theme"),
        read_whole(given.zoom.removesuffix("%"), "zoom in per cent", SMALLEST_ZOOM, LARGEST_ZOOM),
        read_whole(given.draws or "1e6", "number of draws", 1, parameters.MOST_DRAWS),
        _seed(given),
        _settings_dir(given),
        step,
    )


def _make_handout(given: argparse.Namespace) -> HandoutOrder:
    if given.output is None:
        raise ValueError("Say where the handout goes, with --output FILE.pdf.")
    output = Path(given.output)
    if output.suffix.lower() != ".pdf":
        raise ValueError(f"The output must end in .pdf, not {quoted(output.name)}.")
    papers = {paper.lower(): paper for paper in PAPERS}
    paper = papers.get(given.paper.lower()) or _one_of(given.paper, PAPERS, "paper")
    return HandoutOrder(given.lecture or "story", output, paper, given.notes, _settings_dir(given))


def _make_gradients(given: argparse.Namespace) -> GradientsOrder:
    if given.scene is not None and given.logits is not None:
        raise ValueError("Give only one of SCENE and --logits.")
    return GradientsOrder(
        given.scene,
        _kind(given),
        None if given.objective is None else _one_of(given.objective, OBJECTIVES, "objective"),
        None if given.values is None else read_list(given.values, "values"),
        None if given.targets is None else read_list(given.targets, "targets"),
        None if given.logits is None else read_list(given.logits, "logits"),
        _checked(given.temperature, parameters.TEMPERATURE),
        read_whole(given.draws, "number of draws", 1, parameters.MOST_DRAWS),
        _seed(given),
        given.json,
        _settings_dir(given),
    )


def _make_scenes(given: argparse.Namespace) -> ScenesOrder:
    return ScenesOrder(given.json, _settings_dir(given))


def _checked(text: str | None, row: parameters.Parameter) -> float | None:
    return None if text is None else row.check(read_real(text, row.name))


def _seed(given: argparse.Namespace) -> int | None:
    return None if given.seed is None else read_whole(given.seed, "seed", 0, parameters.LARGEST_SEED)


def _kind(given: argparse.Namespace) -> Kind | None:
    return None if given.input_as is None else _one_of(given.input_as, get_args(Kind), "kind of number")


def _settings_dir(given: argparse.Namespace) -> Path | None:
    return None if given.settings_dir is None else Path(given.settings_dir)


def _one_of(word: str, known: tuple[Word, ...], what: str) -> Word:
    for candidate in known:
        if candidate == word:
            return candidate
    hint = suggest(word, known)
    if not hint.startswith(";") and not hint.startswith(","):
        hint = f"; there is {', '.join(known)}."
    raise ValueError(f"There is no {what} {quoted(word)}{hint}")


_COMMANDS: dict[str, tuple[Callable[[], _Parser], Callable[[argparse.Namespace], Order]]] = {
    "simulate": (_simulate_parser, _make_simulate),
    "render": (_render_parser, _make_render),
    "handout": (_handout_parser, _make_handout),
    "scenes": (_scenes_parser, _make_scenes),
    "gradients": (_gradients_parser, _make_gradients),
}
