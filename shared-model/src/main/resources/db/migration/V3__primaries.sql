-- Who is primary follows from cluster_primary; a node declares what counts when one is chosen.
ALTER TABLE node DROP COLUMN role;
ALTER TABLE node ADD COLUMN failover jsonb NOT NULL DEFAULT '{"priority": 100, "nofailover": false}';
ALTER TABLE node ALTER COLUMN failover DROP DEFAULT;

CREATE TABLE cluster_primary (
    cluster_id text COLLATE "C" PRIMARY KEY REFERENCES cluster ON DELETE CASCADE,
    record jsonb NOT NULL,
    paused jsonb,
    scheduled jsonb,
    version bigint NOT NULL CHECK (version > 0)
);
CREATE TABLE failover_pause (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    pause jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
);
COMMENT ON TABLE failover_pause IS 'At most one row: while it is there, no failover begins by itself anywhere. Written by failover-service.';

COMMENT ON TABLE cluster_primary IS 'Who is primary of each active-passive cluster, and what is done about it. Written by failover-service.';
