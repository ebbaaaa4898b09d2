from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.tides import Tide, tides

app = FastAPI(title="Tides")


@app.get("/api/tides")
def list_tides() -> list[Tide]:
    return tides()


# Last, since it answers to every path. Vite has written it.
dist = Path(__file__).resolve().parent.parent / "frontend" / "dist"
app.mount("/", StaticFiles(directory=dist, html=True), name="frontend")
