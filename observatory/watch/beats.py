"""The names of heartbeats, apart from what beats: the web process reads them and needs nothing else of the watch."""

WORKER, BEAT = "worker", "beat"
