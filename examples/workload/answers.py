"""Known answers of the shared job, computed once with plain loops and checked by tests/examples/test_workload.py."""

#: ``summarise`` of batches 0 to 7 at 2,000 readings each.
SUMMARIES = [
    {"count": 2000, "minimum": 8.002, "mean": 10.459281, "thinnest_member": 12},
    {"count": 2000, "minimum": 8.0, "mean": 10.468319, "thinnest_member": 15},
    {"count": 2000, "minimum": 8.0, "mean": 10.532192, "thinnest_member": 16},
    {"count": 2000, "minimum": 8.0, "mean": 10.516515, "thinnest_member": 12},
    {"count": 2000, "minimum": 8.007, "mean": 10.562504, "thinnest_member": 0},
    {"count": 2000, "minimum": 8.0, "mean": 10.550691, "thinnest_member": 8},
    {"count": 2000, "minimum": 8.003, "mean": 10.488299, "thinnest_member": 5},
    {"count": 2000, "minimum": 8.004, "mean": 10.440533, "thinnest_member": 16},
]

#: Bytes of ``/page/0`` to ``/page/7`` from ``examples.workload.web.serve``.
PAGE_BYTES = [100, 101, 102, 103, 104, 105, 106, 107]

#: ``{member: (count, mean in mm)}`` of the table made from batches 0 to 7.
GROUPS = {
    0: (817, 10.537127),
    1: (765, 10.451125),
    2: (812, 10.537464),
    3: (757, 10.533935),
    4: (826, 10.5219),
    5: (848, 10.447808),
    6: (805, 10.597656),
    7: (771, 10.596261),
    8: (833, 10.422553),
    9: (767, 10.489494),
    10: (753, 10.471004),
    11: (806, 10.459048),
    12: (763, 10.461729),
    13: (795, 10.394859),
    14: (826, 10.565834),
    15: (802, 10.561014),
    16: (771, 10.45938),
    17: (812, 10.445713),
    18: (814, 10.57291),
    19: (857, 10.516214),
}
