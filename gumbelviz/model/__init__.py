"""The plain values that travel between the rooms: no Qt, no thread, no arithmetic on samples."""
