"""What every MCP client is told when it connects, over HTTP and over stdio alike."""

INSTRUCTIONS = (
    "A kanban board shared by people and agents. list_boards, then get_board. Claim a card before you work on it "
    "(claim_next_card or claim_card), pass its fence with your writes, finish by moving it to a done column. "
    "The prompt work_the_board tells more."
)
