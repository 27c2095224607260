"""What runs on this machine after ``ray.init``."""

import psutil

#: A word of the command line, and what the process is called in Ray's documentation.
ROLES = {
    "gcs_server": "GCS",
    "raylet/raylet": "raylet",
    "monitor.py": "autoscaler",
    "dashboard.py": "API server",
    "log_monitor.py": "log monitor",
    "DashboardAgent": "dashboard agent",
    "RuntimeEnvAgent": "runtime environment agent",
    "ray::IDLE": "worker",
}


# region processes
def ray_processes() -> set[str]:
    """Return the roles of the processes that Ray has started for this program."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        # The log monitor's name ends with the autoscaler's: the longest word decides.
        words = [word for word in ROLES if word in " ".join(process.cmdline())]
        if words:
            found.add(ROLES[max(words, key=len)])
    return found


# endregion processes
