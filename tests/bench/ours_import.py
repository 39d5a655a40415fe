"""Exports to canonical tables and marts, as ``goulot check`` makes them. Usage: … CLIENT"""

import sys

from goulot.build import ensure_build
from goulot.client import Client

if __name__ == "__main__":
    ensure_build(Client.load(sys.argv[1]))
