package dev.holdfast.web;

import dev.holdfast.api.VersionTag;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.Revision;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/**
 * The versions on which a write insists.
 *
 * @param ifMatch the tags one of which must be current, {@code *} for any; empty when every version will do
 * @param onlyCreate whether nothing may be there yet
 */
public record Preconditions(Optional<Set<String>> ifMatch, boolean onlyCreate) {

    public static final Preconditions NONE = new Preconditions(Optional.empty(), false);

    private static final String ANY = "*";

    private static final Pattern TAGS =
            Pattern.compile("\\*|(W/)?\"[\\x21\\x23-\\x7e]*\"(\\s*,\\s*(W/)?\"[\\x21\\x23-\\x7e]*\"){0,20}");

    public Preconditions {
        ifMatch = ifMatch.map(Set::copyOf);
    }

    /** Reads the headers; a malformed one is a problem. */
    public static Preconditions parse(List<String> ifMatch, List<String> ifNoneMatch) {
        if (!ifNoneMatch.isEmpty() && !ifNoneMatch.equals(List.of(ANY))) {
            throw ProblemException.ofField(
                    ProblemCode.MALFORMED_REQUEST,
                    HttpHeaders.IF_NONE_MATCH,
                    "a write takes * only, which means: create it, and fail if it exists");
        }
        if (ifMatch.isEmpty()) {
            return new Preconditions(Optional.empty(), !ifNoneMatch.isEmpty());
        }
        String tags = String.join(",", ifMatch).strip();
        if (!TAGS.matcher(tags).matches()) {
            throw ProblemException.ofField(
                    ProblemCode.MALFORMED_REQUEST,
                    HttpHeaders.IF_MATCH,
                    "must be the ETag of an earlier answer with its quotes, such as \"42\"");
        }
        Set<String> wanted = Arrays.stream(tags.split(",")).map(String::strip).collect(Collectors.toUnmodifiableSet());
        return new Preconditions(Optional.of(wanted), !ifNoneMatch.isEmpty());
    }

    /**
     * Throws the problem unless the write may go on.
     *
     * @param what names the resource, such as {@code "the region eu"}
     * @param current its version; empty when it is not there
     */
    public void require(String what, Optional<Revision> current) {
        if (onlyCreate && current.isPresent()) {
            throw ProblemException.ofField(
                    ProblemCode.ALREADY_EXISTS,
                    HttpHeaders.IF_NONE_MATCH,
                    what + " exists already, with the ETag " + VersionTag.of(current.get()));
        }
        if (ifMatch.isEmpty()) {
            return;
        }
        boolean matches = current.map(
                        version -> ifMatch.get().contains(ANY) || ifMatch.get().contains(VersionTag.of(version)))
                .orElse(false);
        if (!matches) {
            throw ProblemException.ofField(
                    ProblemCode.STALE_VERSION,
                    HttpHeaders.IF_MATCH,
                    current.map(version -> what + " has the ETag " + VersionTag.of(version)
                                    + " now; read it again and repeat the change")
                            .orElse(what + " is not there"));
        }
    }
}
