FROM python:3.13-slim-trixie AS packages
COPY requirements.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --requirement /requirements.lock

FROM python:3.13-slim-trixie
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATE_DIR=/state STATIC_ROOT=/app/collected
RUN useradd --system --uid 10001 --home-dir /nonexistent recovery && install -d -o recovery -m 0700 /state
COPY --from=packages /venv /venv
COPY manage.py /app/
COPY recovery /app/recovery
COPY incidents /app/incidents
COPY templates /app/templates
COPY static /app/static
WORKDIR /app
RUN RECOVERY_ENV=local DATABASE_URL=postgresql:///none python manage.py collectstatic --noinput --verbosity 0
USER recovery
VOLUME /state
EXPOSE 8000
CMD ["gunicorn", "recovery.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--log-level", "warning"]
