"""The vault's tables, and the steps that bring an older file up to date."""

from __future__ import annotations

# States are those of Globus Compute, and two of ours: `planned` for a call that no service has
# accepted yet, `lost` for a task whose result the service no longer has.
_TABLES = """
CREATE TABLE clock (
  only INTEGER PRIMARY KEY CHECK (only = 0),
  sequence INTEGER NOT NULL,
  purged INTEGER NOT NULL
);
INSERT INTO clock
  SELECT 0, start, start FROM (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS start);

CREATE TABLE batches (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  service TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  endpoint_name TEXT NOT NULL,
  notebook_path TEXT NOT NULL,
  cell_id TEXT NOT NULL,
  source_hash TEXT NOT NULL,
  origin TEXT NOT NULL,
  created REAL NOT NULL,
  planned_at REAL NOT NULL,
  gave_up_at REAL,
  ended REAL,
  task_group_id TEXT,
  note TEXT,
  python_version TEXT,
  landed INTEGER NOT NULL DEFAULT 0,
  landing_client TEXT,
  landing_until REAL NOT NULL DEFAULT 0,
  forgotten_at REAL,
  sequence INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX batches_by_created ON batches (created);
CREATE INDEX batches_by_sequence ON batches (sequence);

CREATE TABLE batch_functions (
  batch INTEGER NOT NULL REFERENCES batches,
  function_id TEXT NOT NULL,
  PRIMARY KEY (batch, function_id)
) WITHOUT ROWID;

CREATE TABLE tasks (
  number INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batches,
  position INTEGER NOT NULL,
  plan INTEGER NOT NULL,
  label TEXT NOT NULL,
  line INTEGER,
  function_id TEXT NOT NULL,
  task_id TEXT UNIQUE,
  state TEXT NOT NULL,
  submitted REAL,
  started REAL,
  ended REAL,
  failure_type TEXT,
  failure_message TEXT,
  sequence INTEGER NOT NULL DEFAULT 0,
  UNIQUE (batch, position)
);
CREATE INDEX tasks_by_sequence ON tasks (sequence);
CREATE INDEX tasks_by_state ON tasks (batch, state, position);
CREATE INDEX planned_tasks ON tasks (batch, plan, position) WHERE state = 'planned';
CREATE INDEX failed_tasks ON tasks (batch, position) WHERE state IN ('failed', 'lost');
CREATE INDEX pending_tasks ON tasks (number)
  WHERE state NOT IN ('planned', 'success', 'failed', 'lost');

CREATE TABLE results (
  task_id TEXT PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batches,
  answer BLOB NOT NULL
);
CREATE INDEX results_by_batch ON results (batch);

CREATE TABLE counts (
  batch INTEGER NOT NULL REFERENCES batches,
  state TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (batch, state)
) WITHOUT ROWID;
CREATE TRIGGER task_added AFTER INSERT ON tasks BEGIN
  INSERT INTO counts VALUES (NEW.batch, NEW.state, 1)
    ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER task_changed AFTER UPDATE OF state ON tasks WHEN OLD.state <> NEW.state BEGIN
  UPDATE counts SET number = number - 1 WHERE batch = OLD.batch AND state = OLD.state;
  INSERT INTO counts VALUES (NEW.batch, NEW.state, 1)
    ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER task_removed AFTER DELETE ON tasks BEGIN
  UPDATE counts SET number = number - 1 WHERE batch = OLD.batch AND state = OLD.state;
END;

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until REAL NOT NULL
);
"""

_CLASSES = """
ALTER TABLE batches ADD COLUMN class_hash TEXT;
CREATE INDEX batches_of_classes ON batches (class_hash) WHERE class_hash IS NOT NULL;
CREATE TABLE accepted_classes (
  hash TEXT PRIMARY KEY,
  class_id TEXT NOT NULL,
  text TEXT NOT NULL,
  accepted REAL NOT NULL
);
CREATE TABLE class_tasks (
  class_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL
);
"""

# The folder that notebook paths are relative to; empty where that was not noted yet.
_ROOTS = """
ALTER TABLE batches ADD COLUMN root TEXT NOT NULL DEFAULT '';
"""

STEPS = (_TABLES, _CLASSES, _ROOTS)
"""Step n brings a file from format n to format n + 1 (``PRAGMA user_version``)."""
