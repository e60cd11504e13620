"""The Discourse forum as a platform."""
