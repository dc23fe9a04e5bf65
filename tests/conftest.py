"""Hypothesis draws the same examples in every run, so a failure today is a failure tomorrow."""

from hypothesis import settings

settings.register_profile("same every run", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("same every run")
