"""The application: settings, store, commands, queries, feed and the doors for programs. No user interface here."""

__version__ = "0.1.0"
