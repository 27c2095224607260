"""One join and group-by over Parquet files, by seven libraries, one module each."""
