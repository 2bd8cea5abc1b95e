# The portal's one image: web server, workers and beat differ by their command alone.
# It holds no secret: what differs between machines comes from the environment when it starts.
FROM python:3.13-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements/production.txt .
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r production.txt


FROM python:3.13-slim-bookworm
# Pango and HarfBuzz make the PDFs; Noto has the letters that our own font has not.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig fonts-noto-cjk fonts-noto-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && fc-cache --system-only --force \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0750 /data /backups

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    DATA_DIR=/data \
    STATIC_ROOT=/portal/collected
WORKDIR /portal
COPY --from=packages /venv /venv
COPY . .
# The pages' files lie in the image, not in the data: they are those of this very version.
RUN SECRET_KEY=unused-while-building DATABASE_URL=postgres:///unused \
        python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q . \
    && chmod -R a=rX /portal

USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live/', timeout=3)"]
CMD ["gunicorn", "-c", "gunicorn.conf.py", "-b", "0.0.0.0:8000", "integration_portal.wsgi"]
