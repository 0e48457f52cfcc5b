package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * A region as the API shows it.
 *
 * @param nodes how many nodes it has
 */
public record RegionView(
        RegionId id, String displayName, List<ZoneId> zones, Map<String, String> labels, int nodes, Revision version) {}
