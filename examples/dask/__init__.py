"""Examples of the Dask chapter, one idea a module."""
