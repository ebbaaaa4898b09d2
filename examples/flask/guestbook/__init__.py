import json
import os
from pathlib import Path

from flask import Flask, render_template, url_for


def create_app():
    app = Flask(__name__)
    app.secret_key = os.environ["SECRET_KEY"]
    names = json.loads(Path(app.static_folder, "manifest.json").read_text())

    @app.template_global()
    def asset(name):
        return url_for("static", filename=names[name], _external=False)

    # What has a digest in its name never changes.
    @app.after_request
    def cache(response):
        if response.status_code == 200 and response.direct_passthrough:
            response.cache_control.max_age = 31536000
            response.cache_control.immutable = True
        return response

    @app.get("/")
    def index():
        return render_template("index.html")

    return app
