"""Copy browser libraries and fonts from node_modules to where they are used; they are never committed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from scripts.steps import ROOT, fail, once, say

MODULES = ROOT / "node_modules"
#: Folder of the files that browsers load.
STATIC = ROOT / "static" / "vendor"
#: Folder of the fonts that typst reads.
FONTS = ROOT / "vendor" / "fonts"

BROWSER = {
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
    "sortable.js": "sortablejs/modular/sortable.esm.js",
    "idb-keyval.js": "idb-keyval/dist/index.js",
    "bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
}
EXPO = "@expo-google-fonts"
#: Fonts for Latin, Greek and Cyrillic; Arabic; Chinese; emoji; and a fallback for symbols and many scripts.
PRINT = {
    "SourceSans3-Regular.ttf": f"{EXPO}/source-sans-3/400Regular/SourceSans3_400Regular.ttf",
    "SourceSans3-Italic.ttf": f"{EXPO}/source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf",
    "SourceSans3-SemiBold.ttf": f"{EXPO}/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf",
    "SourceSans3-Bold.ttf": f"{EXPO}/source-sans-3/700Bold/SourceSans3_700Bold.ttf",
    "NotoSansArabic-Regular.ttf": f"{EXPO}/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
    "NotoSansArabic-Bold.ttf": f"{EXPO}/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
    "NotoSansHans-Regular.otf": "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf",
    "NotoEmoji-Regular.ttf": f"{EXPO}/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
    "DejaVuSans.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
}
#: Removed, because browsers with open developer tools would request source maps that we do not serve.
SOURCE_MAP = re.compile(r"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


def install() -> None:
    key = [ROOT / "package-lock.json", Path(__file__)]
    once("vendor-browser", key, STATIC / "socket.io.js", copy_browser)
    once("vendor-fonts", key, FONTS / "SourceSans3-Regular.ttf", copy_fonts)


def copy_browser() -> None:
    say("copying browser libraries to static/vendor")
    empty_folder(STATIC)
    for name, source in BROWSER.items():
        text = module_file(source).read_text(encoding="utf-8")
        (STATIC / name).write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")


def copy_fonts() -> None:
    say("copying fonts to vendor/fonts")
    empty_folder(FONTS)
    for name, source in PRINT.items():
        shutil.copyfile(module_file(source), FONTS / name)


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def module_file(source: str) -> Path:
    path = MODULES / source
    return path if path.exists() else fail(f"{path} is missing: remove node_modules and run make setup.")
