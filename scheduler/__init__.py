"""When things are due, and that each is delivered once.

This package knows no platform and no engine: it will hold the weekly series, what is owed and until when,
the outbox of things owed, and the pump that delivers them.
"""
