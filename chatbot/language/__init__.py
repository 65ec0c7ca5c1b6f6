"""From text to ranked intents; knows nothing of any clinic."""
