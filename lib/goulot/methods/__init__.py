"""The mathematics of the playbook, each piece from the literature that its docstring names."""
