"""The worker with its digest alone, no roll-up, no scoring, no schedule: the goal of ingest speaks of it."""

from observatory.up import worker

for name in ("RollUpThread", "ScoringThread", "EvaluationThread", "WatchThread", "RenewalThread"):
    setattr(worker, name, worker.DigestThread)

if __name__ == "__main__":
    worker.main([worker.WITHOUT_BEAT])
