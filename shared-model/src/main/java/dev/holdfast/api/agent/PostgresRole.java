package dev.holdfast.api.agent;

/** What a PostgreSQL server is to its cluster. */
public enum PostgresRole {
    PRIMARY,
    STANDBY
}
