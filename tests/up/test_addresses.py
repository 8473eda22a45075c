"""Where `up` listens and what it answers to."""

import socket

from observatory.up.addresses import is_loopback, local_host, names_of, why_unusable


def test_one_address_is_its_own_name():
    assert (names_of("192.0.2.1"), names_of("::1")) == (["192.0.2.1"], ["[::1]"])


def test_all_interfaces_are_this_machines_names_and_addresses():
    assert {socket.gethostname(), "127.0.0.1"} <= set(names_of("0.0.0.0"))


def test_all_interfaces_are_reached_from_here_by_loopback():
    assert (local_host("0.0.0.0"), local_host("::"), local_host("192.0.2.1")) == ("127.0.0.1", "::1", "192.0.2.1")


def test_loopback_is_told_from_the_rest():
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0")] == [True, True, True, False]


def test_a_port_that_is_taken_is_unusable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert why_unusable("127.0.0.1", taken.getsockname()[1]) == "Address already in use"


def test_an_address_of_another_machine_is_unusable():
    assert why_unusable("192.0.2.254", 8000) == "Cannot assign requested address"
