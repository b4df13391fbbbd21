"""Qt and pyqtgraph: draw frames, emit wishes, compute nothing."""

from gumbelviz.views import pyqtgraph_parts

pyqtgraph_parts.install()
