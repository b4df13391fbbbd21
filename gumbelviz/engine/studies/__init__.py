"""The work of single pages beside the stream, one module each."""
