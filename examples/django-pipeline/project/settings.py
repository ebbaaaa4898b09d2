import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = ["django.contrib.staticfiles", "pipeline"]
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {"staticfiles": {"BACKEND": "pipeline.storage.PipelineManifestStorage"}}

# The programs (lessc, babel, yuglify, terser) are those of node_modules/.bin, found through PATH.
PIPELINE = {
    "COMPILERS": [
        "pipeline.compilers.less.LessCompiler",
        "pipeline.compilers.es6.ES6Compiler",
    ],
    "CSS_COMPRESSOR": "pipeline.compressors.yuglify.YuglifyCompressor",
    "JS_COMPRESSOR": "pipeline.compressors.terser.TerserCompressor",
    "STYLESHEETS": {
        "site": {
            "source_filenames": ["css/site.less"],
            "output_filename": "css/site.min.css",
        },
    },
    "JAVASCRIPT": {
        "site": {
            "source_filenames": ["js/greeting.es6"],
            "output_filename": "js/site.min.js",
        },
    },
}
