"""A class from handing out to looking: simulated students, each with a service of their own."""
