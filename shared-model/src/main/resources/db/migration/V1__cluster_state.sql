-- The cluster state. Ids sort as bytes (COLLATE "C"), as they do in Java. What is compared, filtered or paged is a
-- column; documents that are only read whole are jsonb.

CREATE TABLE revision_counter (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    value bigint NOT NULL CHECK (value >= 0)
);
COMMENT ON TABLE revision_counter IS
    'The newest revision. Its row lock makes changes serial. Written by every service, through the store only.';
INSERT INTO revision_counter (value) VALUES (0);

CREATE TABLE region (
    id text COLLATE "C" PRIMARY KEY,
    display_name text NOT NULL,
    labels jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
);
COMMENT ON TABLE region IS 'Places that fail as one. Written by region-service.';

CREATE TABLE zone (
    region_id text COLLATE "C" NOT NULL REFERENCES region ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (region_id, id)
);
COMMENT ON TABLE zone IS 'The failure domains of a region, in the order declared. Written by region-service.';

CREATE TABLE cluster (
    id text COLLATE "C" PRIMARY KEY,
    settings jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
);
COMMENT ON TABLE cluster IS 'Groups of nodes behind common routes. Written by region-service.';

CREATE TABLE node (
    id text COLLATE "C" PRIMARY KEY,
    cluster_id text COLLATE "C" NOT NULL REFERENCES cluster ON DELETE CASCADE,
    region_id text COLLATE "C" NOT NULL,
    zone_id text COLLATE "C" NOT NULL,
    host text NOT NULL,
    port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    weight integer NOT NULL CHECK (weight BETWEEN 0 AND 1000),
    role text NOT NULL CHECK (role IN ('ACTIVE', 'PRIMARY', 'STANDBY', 'SPARE')),
    labels jsonb NOT NULL,
    admin_state text NOT NULL CHECK (admin_state IN ('ENABLED', 'DRAINING', 'MAINTENANCE')),
    synchronised_in bigint CHECK (synchronised_in >= 0),
    version bigint NOT NULL CHECK (version > 0),
    FOREIGN KEY (region_id, zone_id) REFERENCES zone
);
COMMENT ON TABLE node IS
    'Members of clusters. Written by region-service.';
CREATE INDEX node_cluster ON node (cluster_id);
CREATE INDEX node_zone ON node (region_id, zone_id);

CREATE TABLE node_health (
    node_id text COLLATE "C" PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    status text NOT NULL CHECK (status IN ('HEALTHY', 'UNHEALTHY', 'UNKNOWN')),
    decided text CHECK (decided IN ('HEALTHY', 'UNHEALTHY')),
    incarnation bigint NOT NULL CHECK (incarnation >= 0),
    since timestamptz NOT NULL,
    reason text NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    CHECK (status = 'UNKNOWN' OR (decided IS NOT NULL AND decided = status))
);
COMMENT ON TABLE node_health IS 'The verdict on each node. Written by health-service.';

CREATE TABLE observer (
    id text COLLATE "C" PRIMARY KEY,
    location text NOT NULL,
    declared_observers integer NOT NULL CHECK (declared_observers > 0),
    heartbeat_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE observer IS 'Replicas of the health-service and their last sign of life. Written by health-service.';

CREATE TABLE observer_isolation (
    observer_id text COLLATE "C" PRIMARY KEY REFERENCES observer ON DELETE CASCADE
);
COMMENT ON TABLE observer_isolation IS
    'Observers that believe themselves cut off; apart from observer, so that no heartbeat waits for a change. Written by health-service.';

CREATE TABLE opinion (
    node_id text COLLATE "C" NOT NULL REFERENCES node ON DELETE CASCADE,
    observer_id text COLLATE "C" NOT NULL REFERENCES observer ON DELETE CASCADE,
    opinion text NOT NULL CHECK (opinion IN ('UP', 'DOWN')),
    since timestamptz NOT NULL,
    evidence jsonb NOT NULL,
    PRIMARY KEY (node_id, observer_id)
);
COMMENT ON TABLE opinion IS 'What each observer holds of each node now. Written by health-service.';
CREATE INDEX opinion_observer ON opinion (observer_id);

CREATE TABLE observation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node_id text COLLATE "C" NOT NULL,
    observer_id text COLLATE "C" NOT NULL,
    opinion text NOT NULL CHECK (opinion IN ('UP', 'DOWN')),
    since timestamptz NOT NULL,
    evidence jsonb NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE observation IS
    'Every opinion ever recorded, also on nodes and by observers that are gone, until retention. Written by health-service.';
CREATE INDEX observation_recorded_at ON observation (recorded_at);

CREATE TABLE journal (
    revision bigint PRIMARY KEY CHECK (revision > 0),
    at timestamptz NOT NULL,
    type text NOT NULL,
    actor text NOT NULL,
    region_id text COLLATE "C",
    cluster_id text COLLATE "C",
    node_id text COLLATE "C",
    message text NOT NULL,
    evidence jsonb NOT NULL,
    trace_id text
);
COMMENT ON TABLE journal IS
    'Why the state is as it is: one event a revision, never updated. Appended by every service, through the store only.';
CREATE INDEX journal_cluster ON journal (cluster_id, revision);
CREATE INDEX journal_node ON journal (node_id, revision);
CREATE INDEX journal_region ON journal (region_id, revision);
CREATE INDEX journal_type ON journal (type, revision);

CREATE TABLE operation (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    cluster_id text COLLATE "C" NOT NULL,
    node_id text COLLATE "C",
    state text NOT NULL
        CHECK (state IN ('RUNNING', 'WAITING_FOR_OPERATOR', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    active boolean NOT NULL GENERATED ALWAYS AS (state IN ('RUNNING', 'WAITING_FOR_OPERATOR', 'CANCELLING')) STORED,
    parameters jsonb NOT NULL,
    steps jsonb NOT NULL,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text,
    version bigint NOT NULL UNIQUE CHECK (version > 0)
);
COMMENT ON TABLE operation IS
    'Work that takes longer than a request; outlives its cluster until retention. Written by failover-service.';
CREATE UNIQUE INDEX operation_one_active_per_cluster ON operation (cluster_id) WHERE active;
CREATE INDEX operation_cluster ON operation (cluster_id, version);
CREATE INDEX operation_ended_at ON operation (ended_at) WHERE NOT active;

CREATE TABLE lease (
    name text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    fencing_token bigint NOT NULL CHECK (fencing_token > 0),
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE lease IS
    'Who may do some work alone for a while. A row stays, so that its token only grows. Each name is written by the one service whose work it is.';

CREATE TABLE remembered_answer (
    service text NOT NULL,
    key text NOT NULL,
    request_digest text NOT NULL,
    status integer NOT NULL CHECK (status BETWEEN 100 AND 599),
    headers text NOT NULL,
    body text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (service, key)
);
COMMENT ON TABLE remembered_answer IS
    'Answers to requests with an idempotency key, for replays. Each row is written by the service it names.';
CREATE INDEX remembered_answer_at ON remembered_answer (at);

CREATE TABLE journal_cursor (
    consumer text PRIMARY KEY,
    revision bigint NOT NULL CHECK (revision >= 0)
);
COMMENT ON TABLE journal_cursor IS
    'How far each consumer has worked through the journal. Each row is written by the service of that consumer.';
