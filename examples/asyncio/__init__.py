"""Examples of the chapter on asyncio: one event loop, its tasks, and what stands around them."""
