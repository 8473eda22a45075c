"""Where `up` listens, and under which names it may be asked for."""

import socket

import psutil

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104  (recognised, not bound)


def names_of(host: str) -> list[str]:
    """The Host headers to allow when listening on `host`: for all interfaces, this machine's names and addresses."""
    if host not in EVERYWHERE:
        return [bracketed(host)]
    names = {socket.gethostname(), socket.getfqdn()}
    for addresses in psutil.net_if_addrs().values():
        for address in addresses:
            if address.family in {socket.AF_INET, socket.AF_INET6}:
                names.add(bracketed(address.address.partition("%")[0]))
    return sorted(names)


def local_host(host: str) -> str:
    """The address at which this machine itself reaches the server."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def why_unusable(host: str, port: int) -> str | None:
    """Return why nothing can listen there, or None if it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return None
