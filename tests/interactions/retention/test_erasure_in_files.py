"""Nothing of who was erased is left in the files of the database: for once all is committed."""

import pytest
from django.conf import settings

from tests.interactions.conftest import poster
from tests.interactions.retention.conftest import make_key, make_two_months
from tests.interactions.retention.test_erasure import CANARY, dumped, erase, sing


@pytest.fixture
def key(transactional_db: None) -> str:
    return make_key()


@pytest.mark.django_db(transaction=True)
def test_nothing_of_it_is_left_in_the_files_of_the_database(key, archive, store):
    make_two_months(key)
    sing(poster(key))
    if store == "postgresql":
        erase("--user", CANARY)
        assert CANARY not in dumped()
        return
    folder = settings.DATA_DIR
    name = settings.DATABASES["default"]["NAME"]

    def seen() -> bool:
        files = [path for path in folder.glob("*sqlite3*") if str(name) in str(path)]
        assert files
        return any(CANARY.encode() in path.read_bytes() for path in files)

    assert seen()
    erase("--user", CANARY)
    assert not seen()
