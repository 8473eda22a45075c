"""A setting that is a port."""

import pytest

from observatory.core.env import ConfigurationError, Setting, read, to_port

PORT = Setting("OBSERVATORY_METRICS_PORT", to_port, "", "A port.")


@pytest.mark.parametrize("text, port", [("9189", 9_189), (" 80 ", 80), ("", None), ("  ", None)])
def test_it_is_a_number_or_nothing(text, port):
    assert read([PORT], {PORT.name: text}) == {PORT.name: port}


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "9189,9190", "1.5"])
def test_what_is_no_port_is_refused_with_the_name_of_the_setting(text):
    with pytest.raises(ConfigurationError, match=PORT.name):
        read([PORT], {PORT.name: text})
