"""Examples of the Celery chapter, one idea a module."""
