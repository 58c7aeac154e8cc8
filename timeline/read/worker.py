"""The child process that reads documents: it may use so much memory, and neither the network nor any file but those.

A line of JSON comes in for each file, lines of JSON go out for what was found in it. See `child.py`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..model import TimelineError
from .document import Document, Fault, Found, Member, refuse, sound
from .formats import HEAD, recognise, stem_of, suffix_of, unread

_TIRED = 500 * 1024  # kB of memory once used, from which on a new process is better for the next file
_FORBIDDEN = (
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"),
    *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.kill", "pty.spawn"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"),
    *("os.putenv", "shutil.", "tempfile.", "webbrowser.open"),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Serve until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this ends it
    _limit(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    sys.addaudithook(_refuse)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _end_after(request["seconds"])
        for answer in _answers(request["path"], request["name"], set(request["avoid"])):
            answers.write(json.dumps(answer, ensure_ascii=False).encode("utf-8") + b"\n")
            answers.flush()
            _end_after(request["seconds"])
        _end_after(0)


def _end_after(seconds: float) -> None:
    """Let the system end this process then (0: never), should nobody be left to do it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit(memory: int) -> None:
    """Set the limits that the system keeps: bytes of memory, no core dumps. Only where it has them."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # macOS does not keep it
        return


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Nothing that a reader does has any business with the network, other programs, or writing."""
    is_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if is_writing or event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for readers")


def _answers(path: str, name: str, avoid: set[int]) -> Iterator[dict[str, Any]]:
    """What there is to say about a file, ending with "end"."""
    try:
        for found in _read(Path(path).read_bytes(), name, avoid):
            yield _answer(found)
    except TimelineError as error:
        yield {"kind": "refused", "what": str(error)}
    except MemoryError:
        yield {"kind": "memory"}
        os._exit(3)
    except RecursionError:
        yield {"kind": "refused", "what": "is nested too deeply; save it anew, or take it out"}
    except Exception as error:  # whatever a library raises on a file that it was not made for
        what = f"cannot be read as what it seems to be ({type(error).__name__})"
        yield {"kind": "refused", "what": f"{what}; save it anew, or convert it to text"}
    yield {"kind": "end", "is_tired": _is_tired()}


def _read(data: bytes, name: str, avoid: set[int]) -> Iterator[Found]:
    """What is in a file, without the members to avoid. Raises whatever the reader does."""
    suffix = suffix_of(name)
    form, remark = recognise(data, suffix)
    if form is None:
        raise refuse(*unread(data[:HEAD], suffix))
    if remark:
        yield Fault("", remark, is_error=False)
    found = form.read(data)
    del data
    if isinstance(found, Document):
        yield found
        return
    is_to_skip = None  # the first thing sent to a generator must be None
    while True:
        try:
            each = found.send(is_to_skip)
        except StopIteration:
            return
        is_to_skip = True if isinstance(each, Member) and each.number in avoid else None
        if isinstance(each, Document):
            each.name = each.name.replace("*", stem_of(name))
        yield each


def _answer(found: Found) -> dict[str, Any]:
    """One thing found, as JSON."""
    if isinstance(found, Document):
        fields = asdict(found)
        return {"kind": "document"} | {
            key: sound(value) if isinstance(value, str) else value for key, value in fields.items()
        }
    if isinstance(found, Fault):
        return {"kind": "fault"} | asdict(found)
    return {"kind": "member"} | asdict(found)


def _is_tired() -> bool:
    try:
        import resource
    except ImportError:
        return False
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _TIRED


if __name__ == "__main__":
    main()
