# As large.Dockerfile, but each stage copies the whole app, as most Dockerfiles do: nobody has to list the files that the build
# script and collectstatic read, and so both run whenever any file has changed. {{.}} is the cache mounts' name.
FROM tandem/bench-node AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,id=npm-simple-{{.}},target=/root/.npm npm ci --include=dev --no-audit --no-fund --prefer-offline
COPY . .
RUN NODE_ENV=production npm run build

FROM tandem/bench-python
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,id=uv-simple-{{.}},target=/root/.cache/uv --mount=type=bind,from=tandem/bench-uv,target=/opt/uv \
    export UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH && \
    /opt/uv/uv venv --no-project --quiet --python /usr/local/bin/python3 /venv && \
    /opt/uv/uv pip install --python /venv --requirements requirements.txt
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY . .
COPY --from=assets /app/dist dist
RUN SECRET_KEY=only-for-the-build python manage.py collectstatic --noinput
USER 1000:1000
CMD ["bash", "-c", "exec gunicorn --bind 0.0.0.0:${PORT:-8080} project.wsgi:application"]
