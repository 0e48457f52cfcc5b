package dev.holdfast.region.declaration;

import dev.holdfast.model.topology.RestartHook;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * The secret of a restart hook in a declaration that was read, changed and sent back: hidden, it means the one that is
 * stored.
 */
public final class HookSecret {

    private HookSecret() {}

    /**
     * The declared hook with its secret. A hidden one is taken from the {@code stored} hook, unless it would then be sent
     * to another server than it was given for.
     */
    public static Optional<RestartHook> restored(
            Optional<RestartHook> declared, Optional<RestartHook> stored, Violations violations) {
        if (declared.flatMap(RestartHook::authorization)
                .filter(RestartHook.HIDDEN::equals)
                .isEmpty()) {
            return declared;
        }
        Optional<String> secret = stored.flatMap(RestartHook::authorization);
        if (secret.isEmpty()) {
            violations.add("restart.authorization", "stands for the stored one, and none is stored; give it whole");
        } else if (!stored.map(HookSecret::server).equals(declared.map(HookSecret::server))) {
            violations.add(
                    "restart.authorization", "stands for the stored one, which is for another server; give it whole");
        }
        return declared.map(hook -> hook.withAuthorization(secret));
    }

    private static String server(RestartHook hook) {
        try {
            URI uri = URI.create(String.valueOf(hook.url()).replace("{node}", "node"));
            return uri.getScheme() + "://" + uri.getRawAuthority();
        } catch (IllegalArgumentException e) {
            // The rules refuse it anyhow.
            return Objects.toString(e.getMessage());
        }
    }
}
