"""An executor whose every cost is known, because it is injected: it shows whether the harness finds what is there."""
