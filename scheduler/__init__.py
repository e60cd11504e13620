"""When things are due, and that each is delivered once.

`series` and `due` say what is owed and until when it is worth saying, `outbox` keeps it, `pump` delivers it, and
`alarm` says when to look. This package knows no platform and no engine; clock, sender and chance are arguments.
"""
