"""The C library can be asked more than once, and where it cannot be asked nothing happens."""

import sys

import pytest

from app.core.heap import keep_freed_memory


def test_asking_again_does_no_harm() -> None:
    keep_freed_memory()


def test_another_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    keep_freed_memory()
