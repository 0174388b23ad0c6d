"""Pictures of the demo's items, drawn here line by line: no photograph, and nothing fetched from anywhere."""

from urllib.parse import quote

_SHAPES = {
    "jacket": (
        "M17 11l4-3h6l4 3 7 4 3 19-6 1-2-11v16H15V24l-2 11-6-1 3-19z",
        "M24 8v32M15 22h18M15 28h18M15 34h18",
    ),
    "shirt": ("M17 11c2 3 12 3 14 0l9 6-4 7-4-2v17H16V22l-4 2-4-7z", "M16 22v-5M32 22v-5"),
    "jeans": ("M15 9h18l3 31h-9l-3-20-3 20h-9z", "M15 13h18M24 13v7"),
    "socks": ("M18 8h10v18l8 6c3 3 0 8-4 8-3 0-12-7-13-9-1-2-1-4-1-6z", "M18 13h10"),
    "vest": ("M17 10l4 6h6l4-6 4 4-2 8v18H15V22l-2-8z", "M24 16v24M18 30h3M27 30h3"),
    "pouch": ("M13 9h22l-2 4 2 25c0 2-22 2-22 0l2-25z", "M15 13h18M19 21h10v9H19z"),
    "box": ("M12 14l12-5 12 5v21l-12 5-12-5z", "M12 14l12 5 12-5M24 19v21"),
    "bowl": ("M9 22h30c0 10-6 16-15 16S9 32 9 22z", "M18 17c-2-3 2-4 0-8M26 17c-2-3 2-4 0-8"),
    "tube": ("M16 8h16l-2 26v6H18v-6z", "M18 34h12M20 16h8M20 20h8"),
    "jar": ("M14 12h20v7h2v17c0 4-24 4-24 0V19h2z", "M14 19h20M19 28h10"),
    "gloss": ("M21 8h6v14h3v18H18V22h3z", "M21 22h6M24 28v7"),
    "pan": ("M5 25a13 13 0 0 1 26-2h13v5H31A13 13 0 0 1 5 25z", "M10 25a8 8 0 1 0 16 0 8 8 0 1 0-16 0z"),
    "board": ("M21 6h6v6h9v28H12V12h9z", "M17 18h14M17 24h14M17 30h14"),
    "cup": ("M14 8h20v6h-2l-2 26H18l-2-26h-2z", "M16 14h16M20 28h8"),
    "kettle": ("M20 10h6v5h6l3 25H13l3-17-5-6h6l3-2z", "M33 19c9-2 9 15 1 14"),
    "spatula": ("M19 7h10v14l-3 2v18h-4V23l-3-2z", "M22 11v7M26 11v7"),
}
"""What is filled and what is drawn on it, as SVG paths on a sheet of 48 × 48."""

_ITEMS = {
    "LIVE-001": ("jacket", "#5f87a8"), "HERO-001": ("jacket", "#e6d9c3"),
    "YF-1001": ("jacket", "#8aa5ba"), "YF-1002": ("jacket", "#8aa5ba"), "YF-1003": ("jacket", "#80858c"),
    "YF-1101": ("shirt", "#efe8d8"), "YF-1102": ("shirt", "#efe8d8"), "YF-1103": ("shirt", "#3f474d"),
    "YF-1201": ("jeans", "#9dbbd8"), "YF-1202": ("jeans", "#9dbbd8"), "YF-1301": ("socks", "#c98f7a"),
    "YF-1401": ("vest", "#b9783f"), "LS-2001": ("pouch", "#c69a5b"), "LS-2002": ("pouch", "#d9b57c"),
    "LS-2101": ("box", "#a5523c"), "LS-2201": ("pouch", "#c0392b"), "LS-2202": ("pouch", "#8d6748"),
    "LS-2301": ("pouch", "#f2b134"), "LS-2401": ("box", "#7a5138"), "LS-2402": ("box", "#e0c48f"),
    "LS-2501": ("bowl", "#f0ddb0"), "LS-2601": ("box", "#8fae62"), "MZ-3001": ("tube", "#b7d9c5"),
    "MZ-3101": ("jar", "#dfe9f2"), "MZ-3102": ("jar", "#dfe9f2"), "MZ-3201": ("gloss", "#a95c5c"),
    "MZ-3202": ("gloss", "#b8422e"), "MZ-3203": ("gloss", "#f0957d"), "MZ-3301": ("tube", "#f5cf6b"),
    "MZ-3401": ("tube", "#c5d59b"), "MZ-3501": ("jar", "#c96a7b"), "CF-4001": ("pan", "#6f9a8d"),
    "CF-4002": ("pan", "#6f9a8d"), "CF-4101": ("board", "#d8b377"), "CF-4102": ("board", "#d8b377"),
    "CF-4201": ("box", "#bcdbe6"), "CF-4301": ("cup", "#f3b6c4"), "CF-4302": ("cup", "#a9dcc3"),
    "CF-4401": ("kettle", "#b8bec5"), "CF-4501": ("spatula", "#e08e5f"), "CF-4601": ("kettle", "#d3e4ea"),
}  # fmt: skip
"""Shape and colour by item, as the demo's file names them."""


def drawing(sku: str) -> str:
    """The picture of an item of the demo as a data URL of a few hundred characters; raises KeyError."""
    shape, colour = _ITEMS[sku]
    body, lines = _SHAPES[shape]
    ink = "stroke='#2b3138' stroke-opacity='.55' stroke-width='1.2' stroke-linejoin='round'"
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48'><path fill='#f7f5f1' d='M0 0h48v48H0z'/>"
        f"<g {ink}><path fill='{colour}' d='{body}'/><path fill='none' d='{lines}'/></g></svg>"
    )
    return "data:image/svg+xml," + quote(svg, safe="/:='.,-")
