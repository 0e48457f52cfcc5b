package dev.holdfast.health.publication;

import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.store.postgres.PostgresForTests;
import dev.holdfast.store.postgres.StoreOnPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PublishingOnPostgresTest extends PublishingContract {

    private StoreOnPostgres opened;

    @BeforeEach
    void open() {
        opened = StoreOnPostgres.open(PostgresForTests.freshDatabase(), "holdfast.store.observer-ttl=10m");
    }

    @AfterEach
    void closeStore() {
        close();
        opened.close();
    }

    @Override
    ClusterStateStore store() {
        return opened.store();
    }

    @Override
    ObserverRegistry registry() {
        return opened.observers();
    }
}
