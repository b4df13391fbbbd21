"""Start GumbelViz."""

from __future__ import annotations

import os
import sys

# Read by NumPy, Qt and pyqtgraph when they are imported. One thread of linear algebra is all the engine wants.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from gumbelviz.app.cli import main

if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        # In the packaged program the processes that share a long simulation start here too.
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main(sys.argv[1:]))
