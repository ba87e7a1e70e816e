"""The user interface in NiceGUI.

Components take callbacks and do no I/O; only `components.pages` calls the application.
"""
