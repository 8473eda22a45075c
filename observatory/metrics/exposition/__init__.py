"""What Prometheus is told: the families of the catalogue, and gauges that are read at the moment of a scrape."""
