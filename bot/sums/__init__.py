"""How sums are told: numbers in rows, the picture that is meant, one window worked out, whole maps."""
