"""What a call cost: by our own dated rows (`book`), else by the packaged prices (`packaged`), else unknown. Never 0."""
