"""Plain processes behind pipes: what a machine gives with next to nothing between the program and its workers."""
