# Two images: `recovery` (web, worker, beat, migrate) and `proxy`. Both run as user 10001 and write only to volumes.

FROM python:3.13-slim-trixie AS packages
COPY requirements.lock /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /requirements.lock


FROM caddy:2-alpine AS proxy
RUN install -d -o 10001 -g 10001 -m 0700 /certificates
COPY recovery/production/Caddyfile /etc/caddy/Caddyfile
ENV XDG_DATA_HOME=/certificates XDG_CONFIG_HOME=/tmp HOME=/tmp
USER 10001:10001
EXPOSE 8080 8443
CMD ["caddy", "run", "--adapter", "caddyfile", "--config", "/etc/caddy/Caddyfile"]


FROM python:3.13-slim-trixie AS recovery
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATE_DIR=/state STATIC_ROOT=/app/collected
# What draws the text of a PDF, and a font to draw it with.
RUN apt-get update && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 recovery \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent recovery \
    && install -d -o recovery -g recovery -m 0700 /state /backups
COPY --from=packages /venv /venv
COPY manage.py /app/
COPY recovery /app/recovery
COPY incidents /app/incidents
COPY templates /app/templates
COPY static /app/static
WORKDIR /app
RUN python -m compileall -q recovery incidents \
    && RECOVERY_ENV=local STATE_DIR=/tmp/state DATABASE_URL=postgresql:///none \
       python manage.py collectstatic --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "recovery.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--timeout", "60", \
     "--graceful-timeout", "30", "--log-level", "warning"]
