"""Settings in, frames out, on its own clock. Imports no Qt, touches no file."""
