"""Make the two small fonts of the page from the whole ones.

    python -m tests.tools.fonts STIXTwoMath-Regular.ttf InterVariable.woff2

Equations are MathML in STIX Two Math: its MATH table and all that the table reaches from the characters below
(stretched brackets, bars and roots) are kept. Words and numbers are Inter, upright, weights 400 to 700.

The whole fonts are in these packages: STIX Two Math 2.11 in `ziamath` 0.13 of PyPI, below ziamath/fonts
(`pip download --no-deps ziamath==0.13`); Inter 4.1 in `inter-ui` 4.1.1 of npm, below variable
(`npm pack inter-ui@4.1.1`).
"""

import argparse
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tests.tools.vendor import FONTS, sha256, write_manifest

ASCII = "".join(map(chr, range(0x20, 0x7F)))
OPERATORS = "+−×÷·⋅⊙∗=≈≠≤≥≪≫<>±∂∑∏√∞→←↦⇒′″‖∥|∣∘⊤∈∇…⋯⋮⋱"
BRACKETS = "()[]{}|‖"
INVISIBLE = "\xa0\u2061\u2062\u2063\u2064"  # no-break space, function application, times, comma, plus
MATH_ITALIC = "".join(map(chr, range(0x1D434, 0x1D468))).replace("\U0001d455", "ℎ")  # the italic h is Planck's constant
MATH_ITALIC_GREEK = "𝛥𝛴𝛷𝛼𝛽𝛾𝛿𝜀𝜂𝜆𝜇𝜌𝜎𝜑𝜙𝜖"  # the same, as <mi> sets them
# Of the capitals, those that formulas have: W, C, T for transposed, and some to spare.
UNUSED = set("ABDEFGHIJLMOPQSUVXYZ") | {chr(0x1D434 + ord(it) - ord("A")) for it in "ADEFGHIJLMOPQSUVXYZ"}
MATH_TEXT = "".join(it for it in ASCII + MATH_ITALIC if it not in UNUSED)
MATH_TEXT += "ΔΣΦ"  # a letter by itself is set in italics
MATH_TEXT += OPERATORS + BRACKETS + INVISIBLE + MATH_ITALIC_GREEK + "²³¹⁻–—"

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
TYPOGRAPHY = "–—‘’“”…•′″\u2009\u202f"
SYMBOLS = "−×·∂√∑∞≈≠≤≥→←↑↓↔⌘⏎✓✗αβγδεησφΔΣ²³⁻"
PROSE = ASCII + TYPOGRAPHY + SYMBOLS + SUBSCRIPTS

REPRODUCIBLE = {"recalcTimestamp": False}


def math_font(source: Path) -> TTFont:
    """No `ssty`: other shapes of every letter for small sizes would double the file."""
    return subset(TTFont(source, **REPRODUCIBLE), MATH_TEXT, Options(layout_features=[], hinting=False))


def text_font(source: Path) -> TTFont:
    """`opsz` is pinned at the size of text; tabular figures stay, contextual alternates go."""
    font = subset(TTFont(source, **REPRODUCIBLE), PROSE, Options(layout_features=["tnum"], hinting=False))
    return instantiateVariableFont(font, {"opsz": 14, "wght": (400, 400, 700)}, inplace=True)


def subset(font: TTFont, text: str, options: Any) -> TTFont:
    options.notdef_outline = True
    options.drop_tables += ["DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def missing(font: TTFont, text: Iterable[str]) -> str:
    return "".join(sorted({character for character in text if ord(character) not in font.getBestCmap()}))


def write(font: TTFont, text: str, target: Path) -> None:
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    target.write_bytes(buffer.getvalue())
    absent = missing(font, text)
    print(f"{target.name}: {len(font.getGlyphOrder())} glyphs, {target.stat().st_size} bytes; not in it: {absent!r}")


def entry(name: str, source: Path, version: str, package: str, files: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "version": version,
        "license": "OFL-1.1",
        "source": {"package": package, "file": source.name, "sha256": sha256(source)},
        "files": {file: sha256(FONTS / file) for file in files},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the page's two fonts from the whole ones.")
    parser.add_argument("stix", type=Path, help="STIXTwoMath-Regular.ttf")
    parser.add_argument("inter", type=Path, help="InterVariable.woff2")
    sources = parser.parse_args()
    write(math_font(sources.stix), MATH_TEXT, FONTS / "stix-two-math.woff2")
    write(text_font(sources.inter), PROSE, FONTS / "inter.woff2")
    math_files, text_files = ["stix-two-math.OFL.txt", "stix-two-math.woff2"], ["inter.OFL.txt", "inter.woff2"]
    write_manifest(
        FONTS,
        [
            entry("Inter", sources.inter, "4.1", "npm inter-ui 4.1.1", text_files),
            entry("STIX Two Math", sources.stix, "2.11", "PyPI ziamath 0.13", math_files),
        ],
    )


if __name__ == "__main__":
    main()
