"""The only room that knows everyone: it builds the parts, joins them, and talks to the outside world."""
