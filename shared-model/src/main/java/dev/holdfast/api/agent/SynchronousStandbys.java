package dev.holdfast.api.agent;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Set;

/**
 * Which standbys a commit waits for: any {@code required} of them.
 *
 * @param required at most as many as there are standbys; 0, with no standbys, when commits wait for none
 * @param standbys nodes, each once
 */
public record SynchronousStandbys(int required, List<NodeId> standbys) {

    public static final SynchronousStandbys NONE = new SynchronousStandbys(0, List.of());

    public SynchronousStandbys {
        standbys = List.copyOf(requireNonNullElse(standbys, List.of()));
        if (Set.copyOf(standbys).size() != standbys.size()) {
            throw new IllegalArgumentException("a synchronous standby is named once");
        }
        if (required < 0 || required > standbys.size() || (required == 0 && !standbys.isEmpty())) {
            throw new IllegalArgumentException("a commit waits for 1 to " + standbys.size()
                    + " of these standbys, not for " + required + "; for none at all, name none");
        }
    }

    public boolean areRequired() {
        return required > 0;
    }
}
