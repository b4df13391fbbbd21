"""The work that single pages ask for beside the stream."""
