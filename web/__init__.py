"""The surfaces for people: the chat's HTTP API, the widget, pages, and the staff area. Flask lives only here."""
