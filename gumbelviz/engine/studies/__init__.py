"""The work that single pages want done beside the stream."""
