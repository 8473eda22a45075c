"""Starts processes stage by stage, waits until each can be used, restarts what ends, and stops all within five seconds.

It runs as a script and imports neither Django nor this package, so that it costs 9 MB and not 45. The plan comes as JSON
through the file descriptor in argv[1]: `{"logs": DIR, "stages": [[SERVICE, ...], ...]}`. A service has `name`, `argv`,
`env`, and one of `ready_text` (in its log), `ready_url` (HOST, PORT, PATH that answers HTTP) or `once` (it runs to its end
before the next stage, and what it prints is the greeting); optionally `user` ([uid, gid]), `cwd` and `stop_signal`.
"""

import ctypes
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

READY_TIMEOUT_S = 60.0
STOP_STAGE_S = (2.4, 2.0)  # the stages that were started last, then the others: together under five seconds
LONGEST_PAUSE_S = 30
STEADY_AFTER_S = 60.0
LARGEST_LOG_BYTES = 20_000_000
PR_SET_PDEATHSIG = 1


class StopRequested(Exception):
    """A signal asked to stop."""


class StartFailed(Exception):
    """A service could not be started. Its text says which, and shows the end of its log."""


class Child:
    """One service: its process, its log, and when it may be started again."""

    def __init__(self, service: dict, logs: str):
        self.service = service
        self.name: str = service["name"]
        self.log_path = os.path.join(logs, f"{self.name}.log")
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.started_at = self.start_again_at = 0.0
        self._log_from = 0

    def start(self) -> None:
        user, group = self.service.get("user") or (None, None)
        self.started_at = time.monotonic()
        with open(self.log_path, "ab") as log:
            self._log_from = log.tell()
            self.process = subprocess.Popen(
                self.service["argv"],
                env={**os.environ, **self.service.get("env", {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.service.get("once") else log,
                stderr=None if self.service.get("once") else log,
                cwd=self.service.get("cwd", "/"),
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                preexec_fn=end_with_parent(self.stop_signal),
            )

    @property
    def stop_signal(self) -> int:
        return self.service.get("stop_signal", signal.SIGTERM)

    def exit_code(self) -> int | None:
        """None while it runs, or before it was started."""
        return self.process.poll() if self.process else None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        if "ready_url" in self.service:
            return answers_http(*self.service["ready_url"])
        return self.service["ready_text"].encode() in self.new_log()

    def new_log(self) -> bytes:
        with open(self.log_path, "rb") as log:
            log.seek(self._log_from)
            return log.read(1_000_000)

    def new_output(self) -> bytes:
        """What a `once` service has printed since the last call."""
        if self.process is None or self.process.stdout is None:
            return b""
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout.read() or b""

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def trim_log(self) -> None:
        """Keep one old log. The process goes on writing to the same, now empty, file."""
        if os.path.getsize(self.log_path) > LARGEST_LOG_BYTES:
            shutil.copyfile(self.log_path, f"{self.log_path}.1")
            os.truncate(self.log_path, 0)


def end_with_parent(stop_signal: int) -> Callable[[], None] | None:
    """What a child runs before exec so that it gets `stop_signal` when its parent is gone, kill -9 included (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def run() -> None:
        libc.prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != parent:
            os._exit(1)

    return run


def answers_http(host: str, port: int, path: str) -> bool:
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            connection.sendall(request.encode())
            status = connection.recv(64).split()
    except OSError:
        return False
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] < b"500"


def say(line: str) -> None:
    try:
        print(line, flush=True)
    except OSError:
        # The terminal is gone; the children still have to be looked after.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Supervisor:
    def __init__(self, plan: dict):
        self.stages = [[Child(service, plan["logs"]) for service in stage] for stage in plan["stages"]]
        self.stop_requested = False
        self._wakeup, wakeup_write = os.pipe()
        for end in (self._wakeup, wakeup_write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wakeup_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a hang-up stays ignored.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._request_stop)

    def run(self) -> int:
        """Return the exit code: 0 after a signal, 1 when the start failed."""
        try:
            say(self._bring_up())
            self._watch_until_stopped()
        except StopRequested:
            return 0
        except StartFailed as failure:
            say(f"Observatory could not start: {failure}")
        finally:
            self._stop_all()
        return 1

    def _bring_up(self) -> str:
        greeting = ""
        for stage in self.stages:
            for child in stage:
                child.start()
            for child in stage:
                if child.service.get("once"):
                    greeting = self._run_once(child)
                else:
                    self._wait_until_ready(child)
        return greeting

    def _run_once(self, child: Child) -> str:
        output = b""
        while child.is_running():
            self._wait(0.05)
            output += child.new_output()
        output += child.new_output()
        if child.exit_code() != 0:
            raise StartFailed(f"{child.name} failed (exit code {child.exit_code()}), see above.")
        return output.decode().rstrip("\n")

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not child.is_ready():
            if not child.is_running():
                raise StartFailed(f"{child.name} ended (exit code {child.exit_code()}).{end_of_log(child)}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{child.name} was not ready after {READY_TIMEOUT_S:.0f} s.{end_of_log(child)}")
            self._wait(0.05)

    def _watch_until_stopped(self) -> None:
        kept = [child for stage in self.stages for child in stage if not child.service.get("once")]
        while True:
            now = time.monotonic()
            for child in kept:
                child.trim_log()
                self._keep(child, now)
            planned = [child.start_again_at - now for child in kept if child.start_again_at]
            self._wait(max(0.05, min([*planned, 30.0])))

    def _keep(self, child: Child, now: float) -> None:
        if child.is_running():
            return
        if not child.start_again_at:
            steady = now - child.started_at > STEADY_AFTER_S
            child.failures = 0 if steady else child.failures + 1
            pause = 0 if steady else min(2 ** (child.failures - 1), LONGEST_PAUSE_S)
            child.start_again_at = now + pause
            say(f"{child.name} ended (exit code {child.exit_code()}), starting it again in {pause} s; log: {child.log_path}")
        if child.start_again_at <= now:
            child.start_again_at = 0.0
            child.start()

    def _stop_all(self) -> None:
        """Servers stop after those that use them; what does not stop in time is killed."""
        used_by_all, users = self.stages[:-1], self.stages[-1:]
        for stages, seconds in zip((users, used_by_all), STOP_STAGE_S, strict=True):
            children = [child for stage in stages for child in stage]
            deadline = time.monotonic() + seconds
            for child in children:
                child.ask_to_stop()
            while any(child.is_running() for child in children) and time.monotonic() < deadline:
                self._sleep_until_signal(0.05)
            for child in children:
                child.kill()

    def _wait(self, seconds: float) -> None:
        if not self.stop_requested:
            self._sleep_until_signal(seconds)
        if self.stop_requested:
            raise StopRequested

    def _sleep_until_signal(self, seconds: float) -> None:
        if select.select([self._wakeup], [], [], seconds)[0]:
            os.read(self._wakeup, 4096)

    def _request_stop(self, *_: object) -> None:
        self.stop_requested = True


def end_of_log(child: Child) -> str:
    lines = child.new_log().decode(errors="replace").splitlines()[-15:]
    return "".join(f"\n  | {line}" for line in [*lines, f"whole log: {child.log_path}"])


def main() -> int:
    with os.fdopen(int(sys.argv[1])) as source:
        plan = json.load(source)
    return Supervisor(plan).run()


if __name__ == "__main__":
    sys.exit(main())
