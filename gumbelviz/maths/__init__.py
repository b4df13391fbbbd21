"""The maths room: pure functions on arrays, from the noise to the tests of a run. No state, clock or Qt."""
