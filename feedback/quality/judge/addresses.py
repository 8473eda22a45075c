"""Which addresses a judge may have. A project's owner names it, so it must not lead into the network of this server."""

from ipaddress import IPv4Address, IPv6Address, ip_address

Address = IPv4Address | IPv6Address
# Where clouds hand credentials to whoever asks from the machine itself: no judge lives there, whoever allowed it.
METADATA = frozenset(map(ip_address, ("169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254")))
# What stands before an IPv4 address within an IPv6 one: of a translator, and of the old "compatible" form.
PREFIXES = frozenset(ip_address(one).packed[:12] for one in ("64:ff9b::", "::"))


def why_refused(text: str, *, may_be_private: bool, is_plain: bool) -> str:
    """Why a connection to this address is not made; empty if it is. `is_plain`: over http, without TLS."""
    address = _within(ip_address(text.partition("%")[0]))
    if address in METADATA or address.is_multicast or address.is_unspecified:
        return f"{text} is no address of a judge"
    if address.is_global and is_plain:
        return f"over http:// anybody on the way to {text} reads the key and the texts: use https://"
    if address.is_global or may_be_private:
        return ""
    return f"{text} is an address within a private network, which a superuser has to allow"


def _within(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for."""
    if not isinstance(address, IPv6Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address.packed[:12] in PREFIXES:
        return IPv4Address(address.packed[12:])
    return address
