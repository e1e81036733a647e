"""Load on the running site; started by ``make bench``, never by the tests."""
