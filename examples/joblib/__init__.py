"""Examples of the joblib chapter, one idea a module; ``trap_*`` shows a mistake by running it."""
