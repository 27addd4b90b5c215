"""Whether a `return` may be moved out of a `finally` clause: `trylemma equiv examples/moved_return.py`."""


def before(job):
    try:
        job.run()
    finally:
        report(job)
        return job.result


def after(job):
    try:
        job.run()
    finally:
        report(job)
    return job.result
