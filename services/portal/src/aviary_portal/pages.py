"""``/docs`` and ``/redoc``, with scripts and styles of our own: they work offline and load nothing from elsewhere."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse

from aviary_common.errors import NotFound
from aviary_portal.documents import TITLE

_STATIC: Final = Path(str(files("fastapi_offline"))) / "static"
_TYPES: Final[Mapping[str, str]] = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "redoc.standalone.js": "text/javascript",
    "favicon.png": "image/png",
}
PUBLIC_PATHS: Final = frozenset({"/docs", "/redoc", *(f"/docs/assets/{name}" for name in _TYPES)})

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=TITLE,
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
    )


@router.get("/redoc")
async def redoc() -> HTMLResponse:
    return get_redoc_html(
        openapi_url="/openapi.json",
        title=TITLE,
        redoc_js_url="/docs/assets/redoc.standalone.js",
        redoc_favicon_url="/docs/assets/favicon.png",
        with_google_fonts=False,
    )


@router.get("/docs/assets/{name}", response_class=FileResponse)
async def asset(name: str) -> FileResponse:
    if name not in _TYPES:
        raise NotFound(f"There is nothing at /docs/assets/{name}.")
    return FileResponse(_STATIC / name, media_type=_TYPES[name], headers={"Cache-Control": "public, max-age=86400"})
