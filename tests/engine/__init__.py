"""The mathematics and the pictures."""
