"""Real little servers, clocks that are set by hand, and other stand-ins that behave like what they stand for."""
