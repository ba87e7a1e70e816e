"""Boards over REST, and the gap-free list of their changes."""

from typing import Annotated

from fastapi import Query as QueryOf
from fastapi.responses import Response

from app.commands import boards
from app.doors.bodies import CreateBoard, RenameBoard
from app.doors.rest.call import Call
from app.doors.rest.refusals import BOARD_CHANGE, refuses
from app.doors.rest.shapes import BoardsQuery, Changes, ChangesQuery, DeleteBoardQuery, Snapshot
from app.doors.rest.shapes import router as router_for
from app.errors import AgentPaused, CardClaimed, KeyTaken, TooMuch
from app.queries import boards as queries
from app.views import BoardInfo, BoardSummary

router = router_for("boards")


@router.get("/boards", response_model=list[BoardSummary])
async def list_boards(call: Call, query: Annotated[BoardsQuery, QueryOf()]) -> Response:
    """All boards by name, with the number of their cards."""
    return await call.ask(queries.list_boards, archived=query.archived)


@router.post("/boards", response_model=BoardInfo, status_code=201)
@refuses(KeyTaken)
async def create_board(call: Call, body: CreateBoard) -> Response:
    """A new board, with the usual five columns unless others are named."""
    return await call.carry_out(boards.create_board, body=body, status=201)


@router.get("/boards/{board_id}", response_model=Snapshot)
async def get_board(call: Call, board_id: int | str) -> Response:
    """The whole board at one sequence: follow its changes from there."""
    return call.json(await call.service.feed.snapshot_json(board_id))


@router.patch("/boards/{board_id}", response_model=BoardInfo)
@refuses(*BOARD_CHANGE)
async def rename_board(call: Call, board_id: int | str, body: RenameBoard) -> Response:
    """Give the board another name; its key stays."""
    return await call.carry_out(boards.rename_board, board_id, body=body)


@router.delete("/boards/{board_id}", response_model=BoardInfo)
@refuses(AgentPaused, CardClaimed)
async def delete_board(call: Call, board_id: int | str, query: Annotated[DeleteBoardQuery, QueryOf()]) -> Response:
    """Archives the board: it can be looked at and restored, and takes no changes meanwhile. Or deletes it forever, with
    its history; answers the board as it was last.
    """
    return await call.carry_out(boards.delete_board if query.forever else boards.archive_board, board_id)


@router.post("/boards/{board_id}/restore", response_model=BoardInfo)
@refuses(AgentPaused)
async def restore_board(call: Call, board_id: int | str) -> Response:
    """Bring an archived board back."""
    return await call.carry_out(boards.restore_board, board_id)


@router.get("/boards/{board_id}/changes", response_model=Changes)
@refuses(TooMuch)
async def list_changes(call: Call, board_id: int | str, query: Annotated[ChangesQuery, QueryOf()]) -> Response:
    """What happened after `since`, in order and without a gap; `wait` holds the call open until there is something."""
    feed = call.service.feed
    number = board_id if isinstance(board_id, int) else (await feed.view(board_id)).board.id
    asking = feed.changes(number, query.since, query.limit, query.wait)
    if query.wait:
        changes = await call.app.state.patience.outlast(asking, call.gone(), call.address) or []
    else:
        changes = await asking
    sequence = changes[-1].change.sequence if changes else query.since
    listed = ",".join(item.json for item in changes).encode()
    return call.json(b'{"changes":[%b],"sequence":%d}' % (listed, sequence))
