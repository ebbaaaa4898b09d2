"""A worker that has nothing to do: it says that it runs, and ends when it is told to."""

import signal

stop = {signal.SIGINT, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, stop)  # else they end Python before sigwait sees them
print("worker ready", flush=True)
signal.sigwait(stop)
