package dev.holdfast.api;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A region as a user declares it.
 *
 * @param id may be left out; when given, it is the id in the path
 * @param displayName for people; default: the id
 * @param zones the failure domains inside it, at least one
 */
public record RegionDeclaration(
        Optional<RegionId> id,
        Optional<@Size(max = 200) String> displayName,
        @NotEmpty @Size(max = 100) List<@NotNull ZoneId> zones,
        @Size(max = 64) Map<@Size(max = 63) String, @NotNull @Size(max = 253) String> labels) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public RegionDeclaration {
        id = requireNonNullElse(id, Optional.empty());
        displayName = requireNonNullElse(displayName, Optional.empty());
        zones = requireNonNullElse(zones, List.of());
        labels = requireNonNullElse(labels, Map.of());
    }
}
