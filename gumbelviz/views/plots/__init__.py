"""The pictures that pages are made of."""
