"""How fast the board is, always next to a bare server that does the least the same work needs.

`python -m tests.bench` measures both in the same run, in turns, so that whatever else the machine does hits both
alike. The ratio is what counts; absolute figures are worth as much as the machine was quiet.
"""
