package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import jakarta.persistence.criteria.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.domain.Specification;

/** Turns a journal filter into a query. */
final class JournalQuery {

    private JournalQuery() {}

    static Specification<JournalRow> matching(JournalFilter filter, Optional<Revision> before) {
        return (row, query, criteria) -> {
            List<Predicate> wanted = new ArrayList<>();
            if (!filter.types().isEmpty()) {
                wanted.add(row.get("type")
                        .in(filter.types().stream().map(EventType::name).toList()));
            }
            filter.region().ifPresent(region -> wanted.add(criteria.equal(row.get("region"), region.value())));
            filter.cluster().ifPresent(cluster -> wanted.add(criteria.equal(row.get("cluster"), cluster.value())));
            filter.node().ifPresent(node -> wanted.add(criteria.equal(row.get("node"), node.value())));
            filter.actor().ifPresent(actor -> wanted.add(criteria.equal(row.get("actor"), actor)));
            filter.from().ifPresent(from -> wanted.add(criteria.greaterThanOrEqualTo(row.get("at"), from)));
            filter.to().ifPresent(to -> wanted.add(criteria.lessThan(row.get("at"), to)));
            before.ifPresent(next -> wanted.add(criteria.lessThan(row.get("revision"), next.value())));
            return criteria.and(wanted);
        };
    }
}
