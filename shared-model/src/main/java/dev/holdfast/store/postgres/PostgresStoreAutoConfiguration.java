package dev.holdfast.store.postgres;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.model.store.StoreRetention;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The cluster-state store on the configured data source. Nothing here needs the database to be up when it starts. */
@AutoConfiguration(
        after = {
            ApplicationAvailabilityAutoConfiguration.class,
            DataSourceAutoConfiguration.class,
            FlywayAutoConfiguration.class,
            JdbcClientAutoConfiguration.class,
            HibernateJpaAutoConfiguration.class
        },
        before = AvailabilityHealthContributorAutoConfiguration.class)
@ConditionalOnClass(HibernateJpaAutoConfiguration.class)
@ConditionalOnBean(DataSource.class)
@ConditionalOnMissingBean(ClusterStateStore.class)
@EnableConfigurationProperties(StoreProperties.class)
@EntityScan(basePackageClasses = PostgresStoreAutoConfiguration.class)
@EnableJpaRepositories(basePackageClasses = PostgresStoreAutoConfiguration.class)
@Import(StoreRows.class)
public class PostgresStoreAutoConfiguration {

    @Bean
    StoreTransactions storeTransactions(
            PlatformTransactionManager manager,
            JdbcTemplate jdbc,
            DataSource dataSource,
            Optional<StoreMigration> migration) {
        HikariDataSource pool = pool(dataSource);
        return new StoreTransactions(
                manager,
                jdbc,
                () -> {
                    HikariPoolMXBean connections = pool.getHikariPoolMXBean();
                    if (connections != null) {
                        connections.softEvictConnections();
                    }
                },
                () -> migration.filter(StoreMigration::isPending).isPresent());
    }

    @Bean
    ChangeFeed storeChangeFeed(DataSource dataSource) {
        HikariDataSource pool = pool(dataSource);
        return new ChangeFeed(
                () -> connectAs(pool),
                System::nanoTime,
                Thread.ofVirtual().name("store-change-feed").factory());
    }

    @Bean
    ClusterStateStore clusterStateStore(
            StoreTransactions transactions, StoreRows rows, ChangeFeed feed, StoreProperties properties) {
        return new PostgresClusterStateStore(transactions, rows, feed, properties.observerTtl(), System::nanoTime);
    }

    @Bean
    Leases leases(StoreTransactions transactions, JdbcClient jdbc) {
        return new PostgresLeases(transactions, jdbc);
    }

    @Bean
    ObserverRegistry observerRegistry(StoreTransactions transactions, JdbcClient jdbc, StoreProperties properties) {
        return new PostgresObserverRegistry(transactions, jdbc, properties.observerTtl());
    }

    @Bean
    StoreRetention storeRetention(StoreTransactions transactions, JdbcClient jdbc) {
        return new PostgresRetention(transactions, jdbc);
    }

    /** Where the service is one that migrates. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(Flyway.class)
    static class Migration {

        @Bean
        StoreMigration storeMigration() {
            return new StoreMigration(
                    Thread.ofPlatform().name("store-migration").daemon().factory());
        }

        /** In the place of Spring's own: ready once Spring says so and the tables are there. */
        @Bean
        @ConditionalOnBean(ApplicationAvailability.class)
        ReadinessStateHealthIndicator readinessStateHealthIndicator(
                ApplicationAvailability availability, StoreMigration migration) {
            return new ReadinessStateHealthIndicator(availability) {
                @Override
                protected AvailabilityState getState(ApplicationAvailability state) {
                    return migration.isPending() ? ReadinessState.REFUSING_TRAFFIC : super.getState(state);
                }
            };
        }
    }

    private static HikariDataSource pool(DataSource dataSource) {
        HikariDataSource pool =
                DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class);
        if (pool == null) {
            throw new IllegalStateException(
                    "the cluster-state store needs a Hikari pool; leave spring.datasource.type unset");
        }
        return pool;
    }

    /** A connection outside the pool, opened as the pool opens its own, and named so that an operator knows it. */
    private static Connection connectAs(HikariDataSource pool) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        // Absent where the server asks for none: trust, peer or certificates.
        setIfGiven(properties, "user", pool.getUsername());
        setIfGiven(properties, "password", pool.getPassword());
        properties.setProperty("ApplicationName", properties.getProperty("ApplicationName", "") + " change feed");
        return DriverManager.getConnection(pool.getJdbcUrl(), properties);
    }

    private static void setIfGiven(Properties properties, String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }
}
