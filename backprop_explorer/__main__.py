"""The command `backprop-explorer`: the same as `python -m app` in a checkout."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def main() -> int:
    """Serve the explorer, and open it in the browser.   Returns the exit status."""
    # In the wheel `app` stands inside this package, where nobody else's package of that name can be meant.
    home = _HERE if (_HERE / "app").is_dir() else _HERE.parent
    sys.path.insert(0, str(home))
    from app.__main__ import main as serve

    return serve("backprop-explorer")


if __name__ == "__main__":
    sys.exit(main())
