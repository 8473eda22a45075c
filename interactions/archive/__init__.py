"""Cold facts as Parquet files: one a project, kind and day, with a manifest. Heavy imports stay in the functions."""
