"""Examples of the chapter on asyncio."""
