"""What `manage.py up` starts, and how it is kept running."""
