"""One log, on stderr: ours at the level that was asked for, libraries from warnings on, and no secrets in it."""

import logging
import re
import sys

OURS = ("main", "app", "components")
QUERY = re.compile(r"\?[^\s\"']+")


def configure(level: str) -> None:
    """`level` is a setting's word: debug, info, warning or error."""
    ours = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_without_query)
    logging.basicConfig(handlers=[handler], level=max(ours, logging.WARNING), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(ours)
    if ours == logging.DEBUG:
        logging.getLogger("uvicorn").setLevel(logging.INFO)


def _without_query(record: logging.LogRecord) -> bool:
    """A query string may carry a token."""
    if record.name.startswith("uvicorn."):
        record.msg, record.args = QUERY.sub("?...", record.getMessage()), ()
    return True
