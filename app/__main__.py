"""`python -m app`: serve the explorer, and open it in the browser."""

import argparse
import logging
import os
import re
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from logging.config import dictConfig

# One thread is faster and steadier for matrices of this size. NumPy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import uvicorn
from uvicorn.config import LOGGING_CONFIG
from uvicorn.supervisors import Multiprocess

from app.server.addresses import Listening, in_url, known_to_others


class Workers(Multiprocess):
    """Several server processes on one listener, which is closed once they are told to stop."""

    def terminate_all(self) -> None:
        """Without this, a new connection would wait, unanswered, for the last of the old ones."""
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def main(command: str = "python -m app") -> int:
    """Parse the command line of `command`, take the port, serve until stopped.   Returns the exit status."""
    options = _options(command)
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # host and port are said already
        print(f"Cannot listen on {options.host} port {options.port}: {reason}.", file=sys.stderr)
        print("Choose another with --port N, or --port 0 for any that is free.", file=sys.stderr)
        return 1
    host, port = listener.getsockname()[:2]
    # An address that a browser can open, where the host only says "all of them".
    url = f"http://{in_url({'0.0.0.0': '127.0.0.1', '::': '::1'}.get(host, host))}:{port}/"
    listening = Listening(options.host, port, options.address)
    options.log_config = LOGGING_CONFIG
    if options.log:
        from app.server import logs

        options.log_config = logs.CONFIG
        dictConfig(options.log_config)
        logging.getLogger("app").info("serving", extra={"url": url, "workers": options.workers})
    else:
        print(f"Backprop Explorer is at {url} (API: {url}docs). Ctrl+C stops it.", flush=True)
        for line in _told_to_others(listening):
            print(line, flush=True)
    if not options.no_browser:
        # What the browser asks before the server is up waits at the listener.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    # Ctrl+C is how one stops it, no fault to be told with a traceback.
    with suppress(KeyboardInterrupt):
        _serve(options, listening, listener)
    return 0


def _told_to_others(listening: Listening) -> list[str]:
    """What to say of the addresses that other machines open; nothing where the server listens to this machine alone."""
    if addresses := known_to_others(listening):
        return [f"Others open {' or '.join(addresses)}"]
    if listening.host in ("0.0.0.0", "::"):
        return ["Which address others open is not known here: tell it with --address URL, and Share will show it."]
    return []


def _serve(options: argparse.Namespace, listening: Listening, listener: socket.socket) -> None:
    from app.main import create_app  # takes longer than all before it: first say where the page will be

    told = {"log": bool(options.log), "metrics": options.metrics, "listening": listening, "frames": options.frames}
    config = uvicorn.Config(
        partial(create_app, **told, alone=True),
        factory=True,
        workers=options.workers,
        log_level="warning",
        access_log=False,
        lifespan="on",  # app/server/stopping.py
        timeout_graceful_shutdown=options.grace,
        log_config=options.log_config,
    )
    if options.workers > 1:
        Workers(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def _options(command: str = "python -m app") -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=command, description="Backprop Explorer, served on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument(
        "--port", type=_whole(0, 65535), default=8000, help="the port; 0 picks a free one (default: 8000)"
    )
    parser.add_argument(
        "--address",
        type=_address,
        metavar="URL",
        help="what others open, where it is not one of this machine's own: in a container, behind a proxy",
    )
    parser.add_argument("--workers", type=_whole(1, 64), default=1, help="how many server processes (default: 1)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    parser.add_argument(
        "--frames",
        type=_origins,
        metavar="ORIGINS",
        help="whose frames may hold the page, such as 'http://localhost:*'; nobody's, unless it is told",
    )
    parser.add_argument("--log", choices=["json"], help="write a line for each request to standard output")
    parser.add_argument("--metrics", action="store_true", help="tell Prometheus at /metrics; for one worker")
    grace = "how long requests under way may go on once it is told to stop (default: 10)"
    parser.add_argument("--grace", type=_whole(0, 3600), default=10, metavar="SECONDS", help=grace)
    options = parser.parse_args()
    if options.metrics and options.workers > 1:
        parser.error(
            "--metrics counts in one process, and --workers "
            f"{options.workers} would tell of whichever answers: start several servers of one worker each"
        )
    return options


def _origins(text: str) -> str:
    if not re.fullmatch(r"https?://[\w.-]+(:(\d+|\*))?( https?://[\w.-]+(:(\d+|\*))?)*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of origins such as http://localhost:*")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an address such as https://explorer.example.org/")
    return text.rstrip("/") + "/"


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def _listen(host: str, port: int) -> socket.socket:
    is_version_6 = ":" in host
    listener = socket.create_server(
        (host, port),
        family=socket.AF_INET6 if is_version_6 else socket.AF_INET,
        backlog=2048,
        dualstack_ipv6=is_version_6 and socket.has_dualstack_ipv6(),
    )
    listener.set_inheritable(True)
    return listener


if __name__ == "__main__":
    sys.exit(main())
