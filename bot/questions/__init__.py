"""The questionnaires: what they ask, who has answered what, and when it is worth asking again."""
