"""What stands on the sample board: the cards of a small tea shop, with who did what and how many hours ago."""

from dataclasses import dataclass

LANES = ("Not Started", "In Progress", "Blocked", "Ready for QC", "Done")
TODO, DOING, BLOCKED, CHECK, DONE = LANES
LABELS = {"Shop": "blue", "Design": "pink", "Payment": "green", "Operations": "orange"}


@dataclass(frozen=True)
class Work:
    """An agent that is at it: since when (hours ago), how far it got, and for how many hours more it may be silent."""

    since: float
    percent: int
    text: str
    busy: float | None = None


@dataclass(frozen=True)
class Sample:
    title: str
    made: float
    """Hours ago."""
    moves: tuple[tuple[float, str], ...] = ()
    priority: str = "normal"
    assignee: str | None = None
    author: str = "Ana"
    description: str = ""
    acceptance_criteria: str = ""
    comments: tuple[tuple[float, str, str], ...] = ()
    labels: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    ticked: int = 0
    """How many of the checklist's items are done, from the top."""
    due: float | None = None
    """Hours from now."""
    estimate: float | None = None
    waits_for: tuple[str, ...] = ()
    """Titles of other cards."""
    work: Work | None = None
    approved: tuple[float, str] | None = None


CARDS = (
    # done
    Sample(
        "Choose the ten teas of the opening range",
        made=330,
        moves=((320, DOING), (270, CHECK), (262, DONE)),
        assignee="Mei",
        description="Four green, three black, two white, one rooibos. Prices in the shared sheet.",
    ),
    Sample(
        "Register the domain and the mail addresses",
        made=328,
        moves=((312, DOING), (308, DONE)),
        assignee="Otto",
    ),
    Sample(
        "Photograph every tea on the same background",
        made=300,
        moves=((226, DOING), (180, CHECK), (172, DONE)),
        assignee="Mei",
        comments=((176, "Ana", "The sencha looks a bit yellow on my screen. Fine on the phone."),),
        labels=("Design",),
    ),
    Sample(
        "Catalogue page with filters",
        made=290,
        moves=((240, DOING), (150, CHECK), (121, DONE)),
        priority="high",
        assignee="Ben",
        description="Filter by **kind**, **origin** and **price**. Filters stay in the address, to be shared.",
        acceptance_criteria="- Ten teas load in under a second on a phone\n- The back button undoes a filter",
        labels=("Shop",),
        checklist=("By kind", "By origin", "By price", "Kept in the address"),
        ticked=4,
    ),
    Sample(
        "Set up the build and the staging server",
        made=288,
        moves=((285, DOING), (262, CHECK), (260, DONE)),
        assignee="build-bot",
        author="Ben",
    ),
    Sample(
        "Import the price list from the sheet",
        made=210,
        moves=((196, DOING), (193, CHECK), (170, DONE)),
        assignee="agent-7",
        description="Nightly, from the shared sheet. A row without a price is reported, not guessed.",
        comments=((192, "agent-7", "Ten rows imported, none without a price. The run takes two seconds."),),
    ),
    Sample(
        "Pick a payment provider",
        made=250,
        moves=((230, DOING), (190, DONE)),
        assignee="Ana",
        comments=((191, "Ana", "The second offer: lower fees below 30 euros, which is most of our orders."),),
        labels=("Payment",),
    ),
    # ready for qc
    Sample(
        "Basket keeps its contents for a week",
        made=180,
        moves=((96, DOING), (20, CHECK)),
        priority="high",
        assignee="Ben",
        acceptance_criteria="- Survives closing the browser\n- A tea that sold out is shown as such, not dropped",
        labels=("Shop",),
        checklist=("Kept for a week", "Sold-out teas stay in it, marked"),
        ticked=2,
    ),
    Sample(
        "Alternative texts for all product photos",
        made=120,
        moves=((30, DOING), (28, CHECK)),
        assignee="agent-7",
        author="Mei",
        description="Describe the leaf and the cup, not the mood. At most 120 characters each.",
        comments=(
            (28, "agent-7", "Written for all ten photos. Two I was not sure about are marked in the sheet."),
            (6, "Mei", "Checked eight of ten so far. Lovely."),
        ),
        labels=("Shop", "Design"),
        approved=(2, "Mei"),
    ),
    Sample(
        "Order confirmation mail",
        made=160,
        moves=((74, DOING), (9, CHECK)),
        assignee="Otto",
        acceptance_criteria="- Plain text and HTML say the same\n- Arrives within a minute",
        labels=("Shop",),
        due=20,
    ),
    Sample(
        "Upgrade the image library to its current release",
        made=52,
        moves=((8, DOING), (7, CHECK)),
        priority="low",
        assignee="build-bot",
        author="build-bot",
        description="All tests pass on staging. Pages are 4 % smaller.",
    ),
    # blocked
    Sample(
        "Pay by bank transfer",
        made=170,
        moves=((118, DOING), (70, BLOCKED)),
        priority="high",
        assignee="Ana",
        description="Waiting for the bank to open the account for incoming transfers.",
        comments=((46, "Ana", "Called again. They promise an answer by the end of the week."),),
        labels=("Payment",),
        due=-30,
    ),
    Sample(
        "Labels for the sample bags",
        made=140,
        moves=((60, DOING), (48, BLOCKED)),
        assignee="Mei",
        description="The printer needs the final logo, see *Logo in one colour*.",
        labels=("Design",),
        waits_for=("Logo in one colour",),
    ),
    # in progress
    Sample(
        "Checkout in one page",
        made=168,
        moves=((26, DOING),),
        priority="urgent",
        assignee="Ben",
        description="Address, delivery and payment on **one** page.\n\n"
        "1. Address with completion\n2. Delivery: letter, parcel, pick up\n3. Payment: card, transfer",
        acceptance_criteria="- Works without JavaScript up to the payment\n"
        "- A mistake is shown at its field, and nothing typed is lost\n- An order takes under a minute on a phone",
        comments=(
            (24, "Otto", "Could we leave out the phone number? Nobody calls anyone."),
            (23, "Ben", "Gone."),
        ),
        labels=("Shop", "Payment"),
        checklist=(
            "Address with completion",
            "Letter, parcel, pick up",
            "Pay by card",
            "Works without JavaScript up to the payment",
            "An order in under a minute on a phone",
        ),
        ticked=3,
        due=44,
        estimate=13,
    ),
    Sample(
        "Translate the catalogue into German",
        made=110,
        moves=((5, DOING),),
        assignee="agent-7",
        author="Otto",
        description="Names of teas stay as they are. Use *Sie*.",
        comments=((2, "agent-7", "Six of ten texts are done. The rest follows within the hour."),),
        labels=("Shop",),
        checklist=("Green teas", "Black teas", "White teas and rooibos", "Brewing times"),
        ticked=2,
        work=Work(since=0.4, percent=60, text="Six of ten texts, now the white teas"),
    ),
    Sample(
        "Logo in one colour",
        made=100,
        moves=((22, DOING),),
        priority="high",
        assignee="Mei",
        description="For stamps and labels. Must read at 12 mm.",
        labels=("Design",),
    ),
    Sample(
        "Load test with five hundred visitors",
        made=64,
        moves=((3, DOING),),
        assignee="build-bot",
        author="Ben",
        acceptance_criteria="- Half of all pages in under 200 ms\n- No error in ten minutes",
        labels=("Operations",),
        work=Work(since=0.2, percent=36, text="180 of 500 visitors", busy=4),
    ),
    # not started
    Sample(
        "Stock runs low: tell Mei before it runs out",
        made=90,
        priority="high",
        description="A mail when fewer than five bags are left. Once a tea, not once an order.",
        labels=("Shop", "Operations"),
        estimate=3,
    ),
    Sample("Opening offer: free delivery in the first week", made=88, priority="high", assignee="Ana", due=160),
    Sample(
        "Refunds from the order page",
        made=84,
        acceptance_criteria="- In full or in part\n- The customer gets a mail\n- The books agree at the end of the day",
        labels=("Payment",),
        waits_for=("Pay by bank transfer", "Checkout in one page"),
    ),
    Sample("Page for wholesale customers", made=80, assignee="Otto"),
    Sample("Brewing times on every product page", made=77, priority="low", assignee="Mei", author="Mei"),
    Sample(
        "Find broken links every night",
        made=50,
        assignee="agent-7",
        author="Ben",
        description="Report on this card, at most one comment a night.",
        labels=("Operations",),
    ),
    Sample("Gift cards", made=47, priority="low"),
    Sample(
        "Sign in with a link in a mail",
        made=45,
        author="Ben",
        description="No passwords. The link works once, for fifteen minutes.",
    ),
    Sample("Newsletter with one click to leave it", made=40, author="Otto"),
    Sample("Back up the orders to a second place", made=18, priority="urgent", author="Ben", labels=("Operations",)),
    Sample("Which teas are looked at and not bought?", made=4, priority="low", author="Mei"),
)
