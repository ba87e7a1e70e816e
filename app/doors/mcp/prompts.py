"""The prompt: what a model is told that is to work on a board."""

from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError

NAME = "work_the_board"
WORK = """Work on the kanban board {board}, one card at a time, until nothing is left for you.

1. claim_next_card board_id={board} takes the best free card for you alone; "nothing to claim" means \
wait_for_changes board_id={board}, then try again. The answer shows the card and a fence.
2. Read description, acceptance criteria and checklist; get_card full=true shows everything, comments too.
3. Start: move_card to the column for work in progress, and work. Pass fence with every write to the card. Your \
claim is a lease: any call of yours renews it. Before a long silence say so with renew_claim busy_for=SECONDS. \
report_progress percent text tells people where you are. check_item item_id ticks what is done. add_comment records \
decisions and questions.
4. Finish: move_card column=NAME of the column your team wants next (often one for review, else the done column). \
A done column ends the claim; else release_card.
If you cannot go on: add_comment why; then block_card on the card it waits for and move_card back to the queue, or \
move_card to a column such as Blocked; only then release_card, for what is free in a queue is handed out again.

When refused, read code, allowed and next in the answer and do what next says:
card_claimed: another works on it, take another card. lease_lost: your claim is gone, change nothing more on that \
card unless next says how. gate_closed, column_full: do what is missing, or leave it and say so in a comment. \
agent_paused: a person stopped you; stop writing and wait. people_only: ask a person in a comment.
After a timeout repeat the call with the same request_id: it will not happen twice.
To keep up cheaply: get_board board_id={board} since=SEQUENCE."""


async def list_prompts(
    context: ServerRequestContext[Any, Any], params: types.PaginatedRequestParams | None
) -> types.ListPromptsResult:
    board = types.PromptArgument(name="board_id", description="Key or id of the board", required=True)
    return types.ListPromptsResult(
        prompts=[
            types.Prompt(
                name=NAME,
                title="Work the board",
                description="How to claim cards, report, finish, and what to do when refused.",
                arguments=[board],
            )
        ]
    )


async def get_prompt(
    context: ServerRequestContext[Any, Any], params: types.GetPromptRequestParams
) -> types.GetPromptResult:
    if params.name != NAME:
        raise MCPError(types.INVALID_PARAMS, f"there is no such prompt; there is {NAME}")
    board = (params.arguments or {}).get("board_id", "").strip()
    if not 1 <= len(board) <= 20 or not board.isalnum():
        raise MCPError(types.INVALID_PARAMS, "board_id: the key or id of a board is needed; list_boards shows them")
    text = types.TextContent(text=WORK.format(board=board.upper()))
    return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=text)])
