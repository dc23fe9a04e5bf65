# The app as `make run` starts it: a virtual environment of the locked versions, each checked by its hash. No Node.
# It runs as a user without rights, and writes nothing: start it with --read-only.
FROM python:3.13-slim AS built

WORKDIR /srv
COPY requirements.lock ./
# Without pip of its own: what installs has no place in what runs.
RUN python -m venv --without-pip .venv \
    && pip --python .venv/bin/python install --no-cache-dir --disable-pip-version-check --quiet \
        --require-hashes --only-binary :all: -r requirements.lock \
    && find .venv -type d -name tests -prune -exec rm -rf {} +
COPY app ./app
RUN python -m compileall -q app

FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OPENBLAS_NUM_THREADS=1 \
    PATH=/srv/.venv/bin:$PATH
WORKDIR /srv

COPY --from=built /srv/.venv ./.venv
COPY --from=built /srv/app ./app
COPY LICENSE docs/licences.md ./
COPY static ./static
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001

EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --start-interval=1s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
# The server itself is process 1, so that what stops the container stops it, and requests under way finish.
CMD ["python", "-m", "app", "--host", "0.0.0.0", "--no-browser"]
