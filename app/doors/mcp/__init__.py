"""The door for MCP clients: `/mcp`, streamable HTTP without sessions.

Only `door` is imported when the server starts; the `mcp` package and the rest of this one when somebody first calls.
"""
