"""pytest, for all of the repository: the options and the evidence record of a system's run."""

import signal

pytest_plugins = ["tools.record"]

# A shell without job control starts what runs in the background deaf to Ctrl-C, and every process inherits that; the
# examples that interrupt a program would then wait for nothing.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
