"""When things are due, and that each is delivered once."""
