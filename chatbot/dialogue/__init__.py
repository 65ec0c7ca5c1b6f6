"""From a message and a session to a decision and a reply; the safety gate comes first."""
