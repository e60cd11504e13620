"""The places where people talk."""
