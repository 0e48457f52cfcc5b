package dev.holdfast.agent.config;

import dev.holdfast.agent.postgres.EngineSettings;
import dev.holdfast.agent.supervision.GuardTimings;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which node the agent is for, how it runs PostgreSQL, and how long it waits for what.
 *
 * @param stateDirectory where the agent keeps its record; on a disk that outlives the process, and outside the data directory
 * @param stopWithAgent whether PostgreSQL is stopped when the agent is asked to end; else it goes on without the agent
 * @param orderWait how long the sender of an order waits before it is told that it is in progress
 * @param interval from one look at the server to the next
 * @param repairPause from one attempt to start a standby to the next
 * @param freezeTolerance how long the agent may have been stopped without putting the role of a primary in doubt
 * @param confirmationTimeout how long after a freeze a primary serves on before its clients are kept out
 * @param isolationTimeout how long a primary may hear neither the control plane nor its synchronous standbys
 * @param keepReplaced how long data directories are kept that a rewind or clone replaced
 */
@ConfigurationProperties("holdfast.agent")
@Validated
public record AgentSettings(
        @NotNull ClusterId cluster,
        @NotNull NodeId node,
        @DefaultValue("data/agent") @NotNull Path stateDirectory,
        @DefaultValue("false") boolean stopWithAgent,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 1) @DurationMax(minutes = 1)
        Duration orderWait,

        @DefaultValue("200ms") @NotNull @DurationMin(millis = 20) @DurationMax(seconds = 10)
        Duration interval,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 10)
        Duration repairPause,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 1)
        Duration freezeTolerance,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 1)
        Duration confirmationTimeout,

        @DefaultValue("10s") @NotNull @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration isolationTimeout,

        @DefaultValue("1d") @NotNull @DurationMin(seconds = 0) @DurationMax(days = 365)
        Duration keepReplaced,

        @NotNull @Valid Postgres postgres) {

    public AgentSettings {
        if (confirmationTimeout.compareTo(isolationTimeout) > 0) {
            throw new IllegalArgumentException("holdfast.agent.confirmation-timeout (" + confirmationTimeout
                    + ") must not be longer than holdfast.agent.isolation-timeout (" + isolationTimeout + ")");
        }
        if (postgres != null
                && stateDirectory
                        .toAbsolutePath()
                        .normalize()
                        .startsWith(postgres.dataDirectory().toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("holdfast.agent.state-directory must not be inside the data directory,"
                    + " which is replaced when the node is cloned anew");
        }
    }

    /**
     * The server.
     *
     * @param configurationDirectory where {@code postgresql.conf} is; empty when in the data directory
     * @param programs where {@code postgres} is; empty for the newest version that is installed in the usual places
     * @param runAs the user that an agent which is root runs PostgreSQL as; empty for the owner of the data
     * @param replicationNetworks from which other agents and standbys come, as {@code pg_hba.conf} writes them
     * @param username a superuser, the same on all nodes
     * @param parameters further settings of PostgreSQL that the agent writes for you
     * @param callTimeout of one question over SQL
     * @param startTimeout until a started server answers, recovery included
     * @param stopTimeout after which a fast stop becomes an immediate one
     * @param streamTimeout until a standby streams, and until a restarted primary's standbys have caught up
     * @param copyTimeout of a clone or rewind
     * @param promoteTimeout until a promoted standby takes writes
     */
    public record Postgres(
            @NotNull Path dataDirectory,
            Optional<String> configurationDirectory,
            Optional<String> programs,
            Optional<String> runAs,
            @DefaultValue("5432") @Min(1) @Max(65_535) int port,
            @DefaultValue("*") @NotNull String listenAddresses,
            @DefaultValue("samenet") @NotEmpty List<@NotBlank String> replicationNetworks,
            @DefaultValue("holdfast") @NotBlank String username,
            @NotBlank String password,
            @DefaultValue Map<String, String> parameters,

            @DefaultValue("3s") @NotNull @DurationMin(seconds = 1) @DurationMax(minutes = 1)
            Duration callTimeout,

            @DefaultValue("5m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
            Duration startTimeout,

            @DefaultValue("10s") @NotNull @DurationMin(millis = 1) @DurationMax(hours = 1)
            Duration stopTimeout,

            @DefaultValue("30s") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 1)
            Duration streamTimeout,

            @DefaultValue("1d") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 30)
            Duration copyTimeout,

            @DefaultValue("30s") @NotNull @DurationMin(seconds = 1) @DurationMax(hours = 1)
            Duration promoteTimeout) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "Postgres[dataDirectory=" + dataDirectory + ", port=" + port + "]";
        }
    }

    EngineSettings engine() {
        return new EngineSettings(
                node,
                postgres.dataDirectory().toAbsolutePath().normalize(),
                postgres.configurationDirectory().map(Path::of).map(Path::toAbsolutePath),
                postgres.programs().map(Path::of),
                postgres.runAs(),
                stateDirectory.toAbsolutePath().resolve("postgres.log"),
                new EngineSettings.Network(postgres.port(), postgres.listenAddresses(), postgres.replicationNetworks()),
                new EngineSettings.Access(postgres.username(), postgres.password()),
                postgres.parameters(),
                new EngineSettings.Limits(
                        postgres.callTimeout(),
                        postgres.startTimeout(),
                        postgres.stopTimeout(),
                        postgres.streamTimeout(),
                        postgres.copyTimeout(),
                        postgres.promoteTimeout()));
    }

    GuardTimings timings() {
        return new GuardTimings(interval, repairPause, isolationTimeout, confirmationTimeout, keepReplaced);
    }
}
