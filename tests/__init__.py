"""The tests. A package, since others install one of that name (icecream does, which `make bench` brings along): worker
processes would find theirs.
"""
