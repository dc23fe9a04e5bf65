# The app as `make run` starts it: a virtual environment of the locked versions, each checked by its hash. No Node.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    OPENBLAS_NUM_THREADS=1 \
    PATH=/srv/.venv/bin:$PATH
WORKDIR /srv

COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --quiet --require-hashes -r requirements.lock

COPY LICENSE ./
COPY app ./app
COPY static ./static
RUN python -m compileall -q app && useradd --system --no-create-home --shell /usr/sbin/nologin explorer
USER explorer

EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["python", "-m", "app", "--host", "0.0.0.0", "--no-browser"]
