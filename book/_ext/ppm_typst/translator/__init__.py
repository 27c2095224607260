"""The doctree of one document to Typst markup: a mixin for each concern."""

from .base import Base
from .blocks import Blocks
from .code import Code
from .design import Design
from .inline import Inline
from .math import Math
from .media import Media
from .notes import Notes
from .structure import Structure
from .tables import Tables


class BookTranslator(Structure, Blocks, Inline, Notes, Code, Tables, Media, Math, Design, Base):
    """Writes what one document becomes in the book."""
