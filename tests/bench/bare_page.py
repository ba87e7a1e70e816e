"""The floor of what is NiceGUI's: a page with one label on FastAPI under uvicorn, for start-up, page and browsers."""

import sys

import uvicorn
from fastapi import FastAPI, Request
from nicegui import ui

app = FastAPI()
labels: set[ui.label] = set()


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@ui.page("/")
async def page() -> None:
    await ui.context.client.connected()
    label = ui.label("Hello")
    labels.add(label)
    ui.context.client.on_disconnect(lambda: labels.discard(label))


@app.post("/change")
async def change(request: Request) -> dict[str, int]:
    text = (await request.body()).decode()
    for label in labels:
        label.set_text(text)
    return {"labels": len(labels)}


ui.run_with(app, tailwind=False, show_welcome_message=False)
uvicorn.run(
    app,
    host="127.0.0.1",
    port=int(sys.argv[1]),
    ws="websockets-sansio",
    ws_per_message_deflate=False,
    log_level="warning",
)
