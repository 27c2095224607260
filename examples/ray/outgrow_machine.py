"""One function by three interfaces, on whichever Ray the program is connected to."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import joblib
import numpy
import ray
from ray.util.joblib import register_ray
from ray.util.multiprocessing import Pool
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

# region ways
# Without it the actors reserve nothing, and all of them may sit on one node.
ONE_CPU = {"num_cpus": 1}


def by_tasks(function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """One task an item."""
    task = ray.remote(function)
    return ray.get([task.remote(item) for item in items])


def by_pool(function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """A pool with as many processes as the cluster has CPUs."""
    with Pool(ray_remote_args=ONE_CPU) as pool:
        return pool.map(function, items, chunksize=1)


def by_joblib(function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """joblib's loop, with Ray behind it."""
    register_ray()
    with joblib.parallel_config("ray", n_jobs=-1, ray_remote_args=ONE_CPU):
        return joblib.Parallel()(joblib.delayed(function)(item) for item in items)


# endregion ways


def where(_: int) -> str:
    """Return the address of the node that this runs on, after a while, so that one node does not do it all."""
    time.sleep(0.5)
    return ray.util.get_node_ip_address()


# region data
@ray.remote
def make_array() -> numpy.ndarray:
    """Leave 8 MB in the object store of the node where this runs."""
    return numpy.ones(1_000_000)


@ray.remote
def read_array(array: numpy.ndarray) -> str:
    """Return the node where this runs."""
    return ray.get_runtime_context().get_node_id()


def follow_data(node: str) -> str:
    """Let *node* make an array, and return the node that reads it; nothing says which."""
    there = NodeAffinitySchedulingStrategy(node, soft=False)
    array = make_array.options(scheduling_strategy=there).remote()
    ray.wait([array], fetch_local=False)
    return ray.get(read_array.remote(array))


# endregion data
