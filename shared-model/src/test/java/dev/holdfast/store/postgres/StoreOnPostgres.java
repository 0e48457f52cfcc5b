package dev.holdfast.store.postgres;

import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.model.store.StoreRetention;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The store as the auto-configuration and the defaults of the services make it, on a given database. */
public final class StoreOnPostgres implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private StoreOnPostgres(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Migrates the database and opens the store on it. {@code properties} ({@code name=value}) go before the defaults. */
    public static StoreOnPostgres open(PostgresForTests.Database database, String... properties) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--spring.config.location=classpath:holdfast-defaults.yaml");
        arguments.add("--spring.application.name=store-test");
        arguments.add("--spring.datasource.url=" + database.url());
        arguments.add("--spring.datasource.username=" + database.username());
        arguments.add("--spring.datasource.password=" + database.password());
        arguments.add("--logging.structured.format.console=");
        List.of(properties).forEach(property -> arguments.add("--" + property));
        return new StoreOnPostgres(new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new)));
    }

    public ClusterStateStore store() {
        return context.getBean(ClusterStateStore.class);
    }

    /** The same store, with another clock for how long a change takes. */
    ClusterStateStore storeOn(LongSupplier nanoClock) {
        return new PostgresClusterStateStore(
                context.getBean(StoreTransactions.class),
                context.getBean(StoreRows.class),
                context.getBean(ChangeFeed.class),
                context.getBean(StoreProperties.class).observerTtl(),
                nanoClock);
    }

    public Leases leases() {
        return context.getBean(Leases.class);
    }

    public ObserverRegistry observers() {
        return context.getBean(ObserverRegistry.class);
    }

    public StoreRetention retention() {
        return context.getBean(StoreRetention.class);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class,
        TransactionAutoConfiguration.class,
        HibernateJpaAutoConfiguration.class,
        FlywayAutoConfiguration.class,
        PostgresStoreAutoConfiguration.class
    })
    static class Wiring {}
}
