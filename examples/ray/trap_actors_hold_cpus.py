"""Actors that reserve every CPU starve the tasks that they wait for."""

import ray


# region actors
@ray.remote
def look_up(member: int) -> str:
    """Return the name of a member; needs a CPU like every task."""
    return f"member {member}"


@ray.remote
class Inspector:
    """An actor that asks a task for help, as long as *patience* seconds."""

    def ask(self, member: int, patience: float) -> str:
        try:
            return ray.get(look_up.remote(member), timeout=patience)
        except ray.exceptions.GetTimeoutError:
            return "no CPU was free"


def ask_all(actors: int, num_cpus: float, patience: float) -> list[str]:
    """Let *actors* actors that reserve *num_cpus* each ask at the same time."""
    inspectors = [Inspector.options(num_cpus=num_cpus).remote() for _ in range(actors)]
    answers = ray.get([inspector.ask.remote(3, patience) for inspector in inspectors])
    for inspector in inspectors:
        ray.kill(inspector)
    return answers


# endregion actors
