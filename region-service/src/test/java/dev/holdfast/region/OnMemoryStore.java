package dev.holdfast.region;

import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/**
 * Runs the whole service on the in-memory store, with the tokens {@code read-token} (rita), {@code operate-token}
 * (otto), {@code admin-token} (ada) and {@code bob-token} (bob, admin too).
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(OnMemoryStore.Stores.class)
@TestPropertySource(
        properties = {
            "spring.autoconfigure.exclude="
                    + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                    + "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
                    + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "holdfast.access.tokens[0].name=rita",
            "holdfast.access.tokens[0].sha256=0328587016f9e316b9c31c94f944a2c453e1494a564062b5eab68039c75b58bf",
            "holdfast.access.tokens[0].scopes=read",
            "holdfast.access.tokens[1].name=otto",
            "holdfast.access.tokens[1].sha256=2de8e6cbdda43d8f8c4f33e79b7296ad4159d03cf42dbdf39c1e48ba6547fc61",
            "holdfast.access.tokens[1].scopes=operate",
            "holdfast.access.tokens[2].name=ada",
            "holdfast.access.tokens[2].sha256=10a4c7c9fc5206d6f36dc6944a81bb6f4a3cb0e25014ae3b12e6c3e52712292a",
            "holdfast.access.tokens[2].scopes=admin",
            "holdfast.access.tokens[3].name=bob",
            "holdfast.access.tokens[3].sha256=97dd3707015dcf069cf73022ed7173b1165db6eff24b441cb57fd069a8c4e525",
            "holdfast.access.tokens[3].scopes=admin"
        })
public @interface OnMemoryStore {

    @TestConfiguration(proxyBeanMethods = false)
    class Stores {

        @Bean
        SettableClock clock() {
            return new SettableClock();
        }

        @Bean
        InMemoryClusterStateStore store(SettableClock clock) {
            return new InMemoryClusterStateStore(clock);
        }
    }
}
