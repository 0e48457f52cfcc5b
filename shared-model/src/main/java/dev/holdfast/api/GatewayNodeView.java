package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * What one gateway does with one node.
 *
 * @param tableRevision of the routing table that this gateway routes by
 * @param inTable whether that table names the node at all
 * @param takesTraffic whether the table lets it have new requests
 * @param outstanding requests sent to it and not yet ended, response bodies included
 * @param ejectedUntil set while this gateway has ejected it on what it saw itself
 */
public record GatewayNodeView(
        NodeId node,
        Revision tableRevision,
        boolean inTable,
        boolean takesTraffic,
        int outstanding,
        Optional<Instant> ejectedUntil) {}
