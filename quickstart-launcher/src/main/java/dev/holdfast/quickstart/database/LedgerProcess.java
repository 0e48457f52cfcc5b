package dev.holdfast.quickstart.database;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.port.Ports;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.service.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the {@link Ledger} is run. */
public final class LedgerProcess {

    public static final String NAME = "ledger";

    private LedgerProcess() {}

    /** @param jar the quickstart's own, in which {@link Ledger} is */
    public static ProcessDefinition definition(Path jar, DataDirectory data, Secrets secrets, Ports ports)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(Jvm.program()));
        command.addAll(Jvm.COMMON_OPTIONS);
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
        command.addAll(
                List.of("-cp", jar.toString(), Ledger.class.getName(), Integer.toString(ports.databaseReadWrite())));
        return new ProcessDefinition(
                NAME,
                ProcessDefinition.NO_PORT,
                command,
                Map.of(Ledger.PASSWORD_VARIABLE, secrets.get(Secrets.DATABASE)),
                data.log(NAME),
                () -> true,
                true,
                "TERM",
                Duration.ofSeconds(5));
    }
}
