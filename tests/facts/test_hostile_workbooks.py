"""A workbook of a kilobyte that asks for gigabytes is refused with a sentence, and what was imported stays."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests.cli.test_figures_commands import run

N = "http://schemas.openxmlformats.org/"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(path: Path, *cells: str, sheet: str | None = None) -> Path:
    """A small xlsx with one number in each of these cells, or with a sheet of one's own."""
    rows = "".join(
        f'<row r="{"".join(c for c in at if c.isdigit())}"><c r="{at}"><v>1</v></c></row>' for at in ("A1", *cells)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{N}package/2006/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{N}package/2006/relationships"><Relationship Id="r1" '
        f'Type="{N}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{N}spreadsheetml/2006/main" '
        f'xmlns:r="{N}officeDocument/2006/relationships"><sheets><sheet name="Detention FY26" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{N}package/2006/relationships"><Relationship Id="r1" '
        f'Type="{N}officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet
        or f'<worksheet xmlns="{N}spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path


@pytest.mark.parametrize("cell", ["CV200000", "XFD1048576", "A1048576", "XFD300"])
def test_t13_a_small_workbook_that_asks_for_much_is_refused_with_a_sentence(tmp_path: Path, cell: str) -> None:
    hostile = workbook(tmp_path / "hostile.xlsx", cell)
    assert hostile.stat().st_size < 2500
    done = run("facts", "import", "ice-detention-statistics", str(hostile), "--out", str(tmp_path / "facts"))
    assert done.returncode == 2
    assert "hostile.xlsx" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_t13_a_sheet_of_many_megabytes_is_refused(tmp_path: Path) -> None:
    cells = f'<worksheet xmlns="{N}spreadsheetml/2006/main"><sheetData><row r="1">' + "<c><v>1</v></c>" * 400_000
    hostile = workbook(tmp_path / "hostile.xlsx", sheet=cells + "</row></sheetData></worksheet>")
    assert hostile.stat().st_size < 1_000_000
    done = run("facts", "import", "ice-detention-statistics", str(hostile), "--out", str(tmp_path / "facts"))
    assert done.returncode == 2
    assert "hostile.xlsx" in done.stdout + done.stderr
