"""Storage and vocabulary: tables, pure rules, and the words everything else speaks. No HTTP, no UI."""
