"""Examples of the PySpark chapter, one idea a module."""
