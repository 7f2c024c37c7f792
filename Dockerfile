# Bits & Nats, hosted: `docker build -t bitsandnats . && docker run --read-only -p 5006:5006 bitsandnats`
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r requirements/run.txt
COPY tools/slim.py tools/slim.py
RUN /opt/venv/bin/python tools/slim.py
COPY pyproject.toml README.md LICENSE ./
COPY infocore infocore
COPY static static
COPY app app
RUN /opt/venv/bin/python -m pip install --no-cache-dir --no-build-isolation --no-deps . \
    && /opt/venv/bin/python -m pip uninstall --yes pip hatchling editables

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    BITSANDNATS_HOST=0.0.0.0 \
    BITSANDNATS_START=pages
USER 10001:10001
EXPOSE 5006
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["python", "-c", \
    "import os, urllib.request as u; e = os.environ.get; p = '/'.join(filter(None, (e('BITSANDNATS_PREFIX', '').strip('/'), 'healthz'))); u.urlopen(f\"http://127.0.0.1:{e('BITSANDNATS_PORT') or 5006}/{p}\", timeout=2)"]
CMD ["bitsandnats", "serve"]
