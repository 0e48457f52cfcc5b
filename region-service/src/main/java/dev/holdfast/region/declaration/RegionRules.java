package dev.holdfast.region.declaration;

import dev.holdfast.api.RegionDeclaration;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a region's declaration must satisfy beyond the form of its fields. */
public final class RegionRules {

    private RegionRules() {}

    /** @param nodes those that stand in the region now */
    public static void check(RegionId id, RegionDeclaration declared, List<Node> nodes, Violations violations) {
        declared.id()
                .filter(given -> !given.equals(id))
                .ifPresent(given -> violations.add("id", "is " + given + ", and the path says " + id));
        declared.displayName().ifPresent(name -> {
            TextRules.check("displayName", name, violations);
            if (name.isBlank()) {
                violations.add("displayName", "must not be blank; leave it out to show the id");
            }
        });
        TextRules.checkLabels("labels", declared.labels(), violations);
        Set<ZoneId> zones = new HashSet<>();
        for (int i = 0; i < declared.zones().size(); i++) {
            if (!zones.add(declared.zones().get(i))) {
                violations.add("zones[" + i + "]", "is listed twice");
            }
        }
        Map<ZoneId, Long> stranded = nodes.stream()
                .filter(node -> !zones.contains(node.zone()))
                .collect(Collectors.groupingBy(Node::zone, TreeMap::new, Collectors.counting()));
        stranded.forEach((zone, count) -> violations.conflict(
                ProblemCode.ZONE_IN_USE,
                "zones",
                "zone " + zone + " still has " + count + (count == 1 ? " node" : " nodes")
                        + "; move or delete them first"));
    }
}
