package dev.holdfast.model.topology;

import dev.holdfast.model.journal.Revision;
import java.util.List;
import java.util.Map;

/**
 * A place that fails as one: a data centre, a cloud region.
 *
 * @param zones the failure domains inside it, at least one
 * @param version the revision that last changed it; {@link Revision#NONE} before it is stored
 */
public record Region(
        RegionId id, String displayName, List<ZoneId> zones, Map<String, String> labels, Revision version) {

    public Region {
        zones = List.copyOf(zones);
        labels = Map.copyOf(labels);
    }

    public Region withVersion(Revision newVersion) {
        return new Region(id, displayName, zones, labels, newVersion);
    }
}
