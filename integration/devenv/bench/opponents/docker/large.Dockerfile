# Node.js and Python are installed side by side and in stages of their own, the downloads are kept in cache mounts, and a
# step sees no file that it does not need: a line of a view changes the last layer only. {{.}} is the cache mounts' name.
FROM tandem/bench-node AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,id=npm-{{.}},target=/root/.npm npm ci --include=dev --no-audit --no-fund --prefer-offline
COPY tsconfig.json vite.config.js postcss.config.js ./
COPY frontend frontend
RUN NODE_ENV=production npm run build

FROM tandem/bench-python AS packages
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,id=uv-{{.}},target=/root/.cache/uv --mount=type=bind,from=tandem/bench-uv,target=/opt/uv \
    export UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH && \
    /opt/uv/uv venv --no-project --quiet --python /usr/local/bin/python3 /venv && \
    /opt/uv/uv pip install --python /venv --requirements requirements.txt
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

FROM packages AS static
COPY manage.py ./
COPY project/__init__.py project/settings.py project/
COPY static static
COPY --from=assets /app/dist dist
RUN SECRET_KEY=only-for-the-build python manage.py collectstatic --noinput

FROM packages
COPY --from=static /app/staticfiles staticfiles
COPY . .
USER 1000:1000
CMD ["bash", "-c", "exec gunicorn --bind 0.0.0.0:${PORT:-8080} project.wsgi:application"]
