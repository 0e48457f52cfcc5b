package dev.holdfast.gateway.control;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.gateway.GatewayConfiguration;
import dev.holdfast.gateway.activity.NodeActivity;
import dev.holdfast.model.store.ClusterStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.FileSystemUtils;

/** The real control plane on a free port, over whatever store and node activity a test gives it. */
public final class ControlPlaneForTests implements AutoCloseable {

    private final ConfigurableApplicationContext shared;
    private final ConfigurableApplicationContext plane;
    private final Path folder;
    private final int port;

    private ControlPlaneForTests(
            ConfigurableApplicationContext shared, ConfigurableApplicationContext plane, Path folder) {
        this.shared = shared;
        this.plane = plane;
        this.folder = folder;
        this.port = plane.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** @param settings more configuration, each as {@code --name=value} */
    public static ControlPlaneForTests start(ClusterStateStore store, NodeActivity activity, String... settings) {
        Path folder = temporaryFolder();
        List<String> args = new ArrayList<>(List.of(
                "--holdfast.gateway.control-port=0",
                "--holdfast.gateway.snapshot-file=" + folder.resolve("snapshot.json"),
                "--logging.structured.format.console=",
                "--spring.lifecycle.timeout-per-shutdown-phase=2s"));
        String[] scopes = {"read", "operate", "admin"};
        for (int i = 0; i < scopes.length; i++) {
            String prefix = "--holdfast.access.tokens[" + i + "].";
            args.add(prefix + "name=a-" + scopes[i]);
            args.add(prefix + "sha256=" + TokenDirectory.sha256(scopes[i] + "-token"));
            args.add(prefix + "scopes=" + scopes[i]);
        }
        args.addAll(List.of(settings));
        String[] all = args.toArray(String[]::new);
        ConfigurableApplicationContext shared = new SpringApplicationBuilder(GatewayConfiguration.class)
                .web(WebApplicationType.NONE)
                .initializers((GenericApplicationContext context) -> {
                    context.registerBean(ClusterStateStore.class, () -> store);
                    context.registerBean(NodeActivity.class, () -> activity, bean -> bean.setPrimary(true));
                })
                .run(all);
        ConfigurableApplicationContext plane = new SpringApplicationBuilder(ControlPlane.class)
                .parent(shared)
                .web(WebApplicationType.REACTIVE)
                .properties("spring.config.name=control-plane")
                .run(all);
        return new ControlPlaneForTests(shared, plane, folder);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** A client without a token. */
    public WebTestClient stranger() {
        return WebTestClient.bindToServer()
                .baseUrl(address().toString())
                .responseTimeout(Duration.ofSeconds(20))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(8 * 1024 * 1024))
                .build();
    }

    /** A client with a token of that scope: read, operate or admin. */
    public WebTestClient caller(String scope) {
        return stranger()
                .mutate()
                .defaultHeaders(headers -> headers.setBearerAuth(scope + "-token"))
                .build();
    }

    @Override
    public void close() {
        plane.close();
        shared.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("holdfast-control");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
