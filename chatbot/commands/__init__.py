"""The commands behind the command line, a module a group.

Imports stand inside their functions: scikit-learn and pydantic take one to two seconds, which `--help` and a
mistyped option need not pay.
"""
