"""Tables of the kernel."""

from django.db import models


class Lease(models.Model):
    """Who may do a job that only one process may do at a time, and until when. Written by leases.py only."""

    name = models.CharField(max_length=64, primary_key=True)
    owner = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} held by {self.owner} until {self.until:%H:%M:%S}"


class Heartbeat(models.Model):
    """When something that runs all the time was last seen to run. Written by heartbeats.py only."""

    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%H:%M:%S}"
