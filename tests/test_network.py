"""Nothing opens a network connection: with sockets forbidden, and under strace."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
FORBID = """
import runpy, socket, sys
def refuse(*_, **__):
    raise AssertionError("somebody opened a socket")
socket.socket.connect = socket.socket.bind = socket.socket.listen = refuse
socket.create_connection = socket.getaddrinfo = refuse
real = socket.socket.__init__
def made(self, family=-1, *rest, **named):
    if family in (socket.AF_INET, socket.AF_INET6):
        refuse()
    real(self, family, *rest, **named)
socket.socket.__init__ = made
"""
RUN = "sys.argv = sys.argv[1:]; sys.path.insert(0, '.'); runpy.run_path('main.py', run_name='__main__')"
COMMANDS = (
    ["simulate", "movie-night", "--draws", "1e5", "--json"],
    ["simulate", "movie-night", "--draws", "2e6", "--threads", "2"],
    ["gradients", "one-bit", "--draws", "1e4"],
    ["scenes"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_run_without_sockets(words: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FORBID + RUN, "main.py", *words], cwd=TOP, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    assert "socket" not in result.stderr


def test_a_forbidden_socket_is_noticed() -> None:
    code = FORBID + "socket.create_connection(('127.0.0.1', 9))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode != 0
    assert "somebody opened a socket" in result.stderr


def calls_to_the_network(trace: str) -> list[str]:
    """Return the lines of a trace in which an address of the internet protocol is used."""
    return [line for line in trace.splitlines() if re.search(r"AF_INET6?\b", line)]


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("kind", ["picture", "simulation", "window"])
def test_a_whole_run_asks_the_system_for_no_connection(kind: str, tmp_path: Path) -> None:
    words = {
        "picture": ["render", "movie-night", "--draws", "1e5", "--output", str(tmp_path / "page.png")],
        "simulation": ["simulate", "--draws", "3e7"],
        "window": ["movie-night"],
    }[kind]
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=network", "-o", str(trace), sys.executable, "main.py", *words]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if kind == "window":
        time.sleep(30.0)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGTERM)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    assert calls_to_the_network(trace.read_text(errors="replace")) == []


@pytest.mark.long
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_connection_shows_in_a_trace(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.1', 9))"
    subprocess.run(["strace", "-f", "-e", "trace=network", "-o", str(trace), sys.executable, "-c", code], check=True)
    assert calls_to_the_network(trace.read_text(errors="replace")) != []
