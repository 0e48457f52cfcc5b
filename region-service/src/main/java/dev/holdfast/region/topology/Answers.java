package dev.holdfast.region.topology;

import dev.holdfast.api.VersionTag;
import dev.holdfast.model.journal.Revision;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** The forms of answers of the topology API. */
final class Answers {

    private Answers() {}

    /** 201 when it was not there before, else 200. */
    static ResponseEntity<?> declared(Optional<?> before, Object view, Revision version) {
        return ResponseEntity.status(before.isEmpty() ? HttpStatus.CREATED : HttpStatus.OK)
                .eTag(VersionTag.of(version))
                .body(view);
    }

    static ResponseEntity<?> deleted() {
        return ResponseEntity.noContent().build();
    }

    /**
     * Tags the answer to a GET. The tag names the version of the declaration, for {@code If-Match}; it goes past Spring's
     * handling of tags, because health in the same answer changes without it and no answer may be "not modified".
     */
    static <T> T tagged(HttpServletResponse response, Revision version, T view) {
        response.setHeader(HttpHeaders.ETAG, VersionTag.of(version));
        return view;
    }
}
