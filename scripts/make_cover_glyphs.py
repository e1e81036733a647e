"""Writes the letter shapes that the generated covers are set in (only needed when the face changes).

An SVG shown by an ``<img>`` cannot load a web font, and a system font differs from machine to machine.
So covers draw their letters as paths, and this script extracts those from the vendored OFL face.
Usage: python scripts/make_cover_glyphs.py FONT.woff OUTPUT.json   (fonttools comes with matplotlib)
"""

import argparse
import json
import unicodedata
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

UNITS = 1000


def is_wanted(character: str) -> bool:
    """Capitals, digits and punctuation: titles are set in capitals."""
    category = unicodedata.category(character)
    return category in {"Lu", "Nd", "Zs", "Sm", "Sc"} or category.startswith("P") or character in "ªº°²³½"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("font", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    font = TTFont(arguments.font)
    scale = UNITS / font["head"].unitsPerEm
    outlines = font.getGlyphSet()
    glyphs = {}
    for code, name in sorted(font.getBestCmap().items()):
        if not is_wanted(chr(code)):
            continue
        path = SVGPathPen(outlines, ntos=lambda number: str(round(number)))
        outlines[name].draw(TransformPen(path, (scale, 0, 0, -scale, 0, 0)))
        glyphs[chr(code)] = [round(outlines[name].width * scale), path.getCommands()]
    face = {"units": UNITS, "capital_height": round(font["OS/2"].sCapHeight * scale), "glyphs": glyphs}
    arguments.output.write_text(json.dumps(face, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
