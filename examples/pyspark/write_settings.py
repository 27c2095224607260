"""A configuration folder that keeps Spark quiet, on the loopback interface and inside one folder."""

from __future__ import annotations

import sys
from pathlib import Path

from examples.pyspark.prepare_java import java_home

# region settings
LOGGING = """\
rootLogger.level = off
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
logger.shell.name = org.apache.spark.api.python.PythonGatewayServer
logger.shell.level = off
"""

DEFAULTS = """\
spark.ui.enabled                 false
spark.ui.showConsoleProgress     false
spark.driver.host                127.0.0.1
spark.driver.bindAddress         127.0.0.1
spark.sql.shuffle.partitions     2
spark.sql.warehouse.dir          {folder}/warehouse
"""


def settings(folder: Path) -> dict[str, str]:
    """Write Spark's configuration below *folder* and return the environment that points at it."""
    conf = folder / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    (conf / "log4j2.properties").write_text(LOGGING, "utf8")
    (conf / "spark-defaults.conf").write_text(DEFAULTS.format(folder=folder), "utf8")
    return {
        "JAVA_HOME": java_home(folder / "java"),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
    }


# endregion settings
