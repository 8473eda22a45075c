"""Observatory watches itself: its machine, its pipeline, its parts that run all the time."""
