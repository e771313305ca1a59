"""What runs inside a worker process: Globus Compute's own worker function, in a loop.

Any interpreter that has globus-compute-endpoint can run it, also one of another environment,
in which this package is not installed. So this folder is a package by itself: it imports
nothing from outside but the standard library, and Globus Compute once a worker starts.
"""
