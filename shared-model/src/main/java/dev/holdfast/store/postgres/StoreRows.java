package dev.holdfast.store.postgres;

import jakarta.persistence.EntityManager;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ways to the tables. All of them take part in the transaction at hand. */
record StoreRows(
        EntityManager entities,
        JdbcClient jdbc,
        RegionRows regions,
        ZoneRows zones,
        ClusterRows clusters,
        NodeRows nodes,
        NodeHealthRows health,
        OpinionRows opinions,
        JournalRows journal,
        OperationRows operations,
        ClusterPrimaryRows primaries) {}
