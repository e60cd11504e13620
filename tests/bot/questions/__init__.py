"""Tests of the questionnaires."""
