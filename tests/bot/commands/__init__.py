"""The commands, with the parts they use."""
