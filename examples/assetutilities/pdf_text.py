"""The text of a PDF file.

The original is ``_extract_with_pypdf2``, src/modules/web-contextualization/pdf_processor.py, lines 184-202.
"""

from __future__ import annotations

from pathlib import Path

import pypdf
import PyPDF2
import pypdfium2

from examples.assetutilities.job import Method
from examples.workload.inspection import make_batch

LINES = 50


# region original
def extract(path: Path) -> str:
    """Read page by page with PyPDF2, as the original does."""
    with path.open("rb") as file:
        return "\n".join(page.extract_text() for page in PyPDF2.PdfReader(file).pages)


# endregion original


# region pypdf
def extract_pypdf(path: Path) -> str:
    """Read with pypdf, under which name PyPDF2 is developed further."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


# endregion pypdf


# region pdfium
def extract_pdfium(path: Path) -> str:
    """Read with PDFium, which is written in C++ and must not be called from two threads at a time."""
    with pypdfium2.PdfDocument(path) as document:
        texts = []
        for number in range(len(document)):
            page = document[number]
            text_page = page.get_textpage()
            texts.append(text_page.get_text_range())
            text_page.close()
            page.close()
        return "\n".join(texts)


# endregion pdfium

METHODS = {"pypdf2": Method(extract), "pypdf": Method(extract_pypdf), "pdfium": Method(extract_pdfium)}


def make_inputs(folder: Path, count: int = 6, pages: int = 20) -> list[Path]:
    """Write *count* files of *pages* pages full of readings."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        readings = [f"member {m} wall {t:.3f} mm accepted" for m, t in make_batch(number, pages * LINES)]
        texts = [readings[first : first + LINES] for first in range(0, len(readings), LINES)]
        paths.append(folder / f"report-{number}.pdf")
        paths[-1].write_bytes(make_pdf(texts))
    return paths


def make_pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF file with these lines of text on its pages; the text must be without parentheses."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = "\n".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 50 780 Td\n{shown}\nET"
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    file, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    return file + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def answer(text: str) -> list[str]:
    """Return the words: libraries break lines and pages differently."""
    return text.split()
