"""What buckets keep of users says nothing to who has not the key of the installation."""

from observatory.metrics.private_hash import private_hash
from observatory.stats.distinct import hash_of


def test_it_is_the_same_in_every_process_of_an_installation(settings):
    settings.SECRET_KEY = "a" * 50
    first = private_hash("user-17")
    assert private_hash("user-17") == first
    assert private_hash("user-18") != first


def test_another_key_gives_another_hash(settings):
    settings.SECRET_KEY = "a" * 50
    first = private_hash("user-17")
    settings.SECRET_KEY = "b" * 50
    assert private_hash("user-17") not in {first, hash_of("user-17")}
