"""The staff pages: one blueprint a file, all behind the one door of `area.py`."""
