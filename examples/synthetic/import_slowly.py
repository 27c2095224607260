"""A module whose import takes the injected time."""

from examples.synthetic.clock import RealClock
from examples.synthetic.simulate import COSTS

RealClock().wait(COSTS.importing)
