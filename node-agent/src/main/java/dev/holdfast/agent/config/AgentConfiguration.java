package dev.holdfast.agent.config;

import dev.holdfast.agent.isolation.ControlContact;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.order.PostgresWork;
import dev.holdfast.agent.order.RecordFile;
import dev.holdfast.agent.postgres.Patience;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.agent.supervision.EndOfAgent;
import dev.holdfast.agent.supervision.Guard;
import dev.holdfast.agent.supervision.GuardLoop;
import dev.holdfast.agent.supervision.Wakefulness;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the agent. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AgentSettings.class)
class AgentConfiguration {

    /** Often enough to notice a freeze within a fraction of what is tolerated. */
    private static final Duration HEARTBEAT = Duration.ofMillis(100);

    /** Told of the end of a server; what listens is made after what tells it. */
    static final class ExitBell implements Runnable {

        private final AtomicReference<Runnable> listener = new AtomicReference<>(() -> {});

        @Override
        public void run() {
            listener.get().run();
        }
    }

    @Bean
    ExitBell exitBell() {
        return new ExitBell();
    }

    @Bean
    LongSupplier nanoClock() {
        return System::nanoTime;
    }

    @Bean
    InstantSource clock() {
        return Clock.systemUTC();
    }

    @Bean
    RecordFile recordFile(AgentSettings settings) throws IOException {
        return new RecordFile(settings.stateDirectory().toAbsolutePath(), settings.cluster(), settings.node());
    }

    @Bean
    PostgresEngine postgresEngine(
            AgentSettings settings, LongSupplier nanoClock, InstantSource clock, ExitBell exitBell)
            throws IOException, PostgresException {
        return PostgresEngine.of(settings.engine(), new Patience(nanoClock, Thread::sleep), clock, exitBell);
    }

    @Bean(initMethod = "resumeAfterRestart")
    OrderDesk orderDesk(RecordFile recordFile, PostgresEngine engine, AgentSettings settings) throws IOException {
        return new OrderDesk(
                recordFile,
                new PostgresWork(engine),
                settings.orderWait(),
                Thread.ofVirtual().name("order-", 0).factory());
    }

    @Bean
    Wakefulness wakefulness(LongSupplier nanoClock, InstantSource clock, AgentSettings settings) {
        return new Wakefulness(nanoClock, clock, settings.freezeTolerance());
    }

    @Bean(initMethod = "start")
    GuardLoop heartbeat(Wakefulness wakefulness) {
        return new GuardLoop(
                wakefulness::look,
                HEARTBEAT,
                Thread.ofPlatform().name("heartbeat").factory());
    }

    @Bean
    ControlContact controlContact(LongSupplier nanoClock) {
        return new ControlContact(nanoClock);
    }

    @Bean
    Guard guard(
            PostgresEngine engine,
            OrderDesk desk,
            Wakefulness wakefulness,
            ControlContact contact,
            AgentSettings settings,
            LongSupplier nanoClock) {
        return new Guard(engine, desk, wakefulness, contact, settings.timings(), nanoClock);
    }

    @Bean
    EndOfAgent endOfAgent(PostgresEngine engine, AgentSettings settings) {
        return new EndOfAgent(engine, settings.stopWithAgent());
    }

    /** @param endOfAgent closed after the loop, which would start the server again */
    @Bean(initMethod = "start")
    GuardLoop guardLoop(
            Guard guard,
            AgentSettings settings,
            ExitBell exitBell,
            @SuppressWarnings("UnusedVariable") EndOfAgent endOfAgent) {
        GuardLoop loop = new GuardLoop(
                guard::look,
                settings.interval(),
                Thread.ofPlatform().name("guard").factory());
        exitBell.listener.set(loop::nudge);
        return loop;
    }
}
