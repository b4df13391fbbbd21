"""Start GumbelViz."""

from __future__ import annotations

import sys

from gumbelviz.app.begin import main

if __name__ == "__main__":
    sys.exit(main())
