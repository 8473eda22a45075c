"""The lease of whatever takes facts away or changes the archive: one process at a time, everywhere."""

from django.utils import timezone

from observatory.core.leases import fence

LEASE, LEASE_S = "retention", 600
WAIT_S = 60.0


def renew() -> None:
    """Hold on to the lease, or LeaseLost: then nothing may be deleted or published any more."""
    fence(LEASE, now=timezone.now(), seconds=LEASE_S)
