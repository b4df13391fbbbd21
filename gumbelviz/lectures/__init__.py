"""Lecture content: reading and checking it, writing it, and noticing what a person has done."""
