"""Hypothesis draws the same examples in every run, so a failure today is a failure tomorrow."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings

from app.main import create_app

settings.register_profile("same every run", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("same every run")


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The app, asked without a network. What would be answered with a 500 is raised here."""
    with TestClient(create_app()) as asking:
        yield asking
