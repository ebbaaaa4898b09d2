# As large.Dockerfile, but Tailwind reads the templates of an installed Python package, so that the assets need the packages.
FROM tandem/bench-python AS packages
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,id=uv-{{.}},target=/root/.cache/uv --mount=type=bind,from=tandem/bench-uv,target=/opt/uv \
    export UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH UV_PROJECT_ENVIRONMENT=/venv && \
    /opt/uv/uv sync --locked --no-default-groups --python /usr/local/bin/python3
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

FROM tandem/bench-node AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,id=npm-{{.}},target=/root/.npm npm ci --include=dev --no-audit --no-fund --prefer-offline
COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH
COPY vite.config.js tailwind.config.js ./
COPY templates templates
COPY frontend frontend
RUN NODE_ENV=production npm run build

FROM packages AS static
COPY manage.py ./
COPY project/__init__.py project/settings.py project/
COPY --from=assets /app/dist dist
RUN SECRET_KEY=only-for-the-build python manage.py collectstatic --noinput

FROM packages
COPY --from=static /app/staticfiles staticfiles
COPY . .
USER 1000:1000
CMD ["bash", "-c", "exec gunicorn --bind 0.0.0.0:${PORT:-8080} project.wsgi:application"]
