"""A Discourse forum as a place where people talk."""
