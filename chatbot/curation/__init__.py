"""Tools for staff work: checking, measuring, choosing when to answer."""
