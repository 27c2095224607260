"""The app that clients and workers share; where broker and result store are, the environment says."""

from __future__ import annotations

from celery import Celery

# region app
app = Celery("inspection")
app.conf.imports = [
    "examples.celery.summarise_batches",
    "examples.celery.charge_account",
    "examples.celery.compose_canvas",
    "examples.celery.limit_tasks",
    "examples.celery.retry_safely",
    "examples.celery.trap_get_in_task",
    "examples.celery.trap_json_arguments",
    "examples.celery.trap_large_results",
    "examples.celery.trap_prefetch",
]
# endregion app
# Logging stays as the program that imports this has set it up.
app.conf.worker_hijack_root_logger = False
