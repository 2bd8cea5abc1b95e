import time


def until(condition, seconds, step=0.05):
    """Wait until `condition()` holds; return the seconds that took, or None if it never did."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            return None
        time.sleep(step)
    return time.monotonic() - begun
