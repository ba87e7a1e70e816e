"""What can be done to a board: one function a verb. Each is one transaction with one activity, or changes nothing.

The actor is an argument, given by the door. A command that would change nothing records nothing and answers the
present state. Refusals are the classes of `app.errors`.
"""
