"""Qt and pyqtgraph: draw frames, emit wishes, compute nothing."""
