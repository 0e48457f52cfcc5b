package dev.holdfast.region.topology;

import org.springframework.http.MediaType;

/** The media types of declarations. */
final class TopologyMedia {

    static final String JSON = MediaType.APPLICATION_JSON_VALUE;

    static final String MERGE_PATCH = "application/merge-patch+json";

    static final String YAML = MediaType.APPLICATION_YAML_VALUE;

    /** In use before {@link #YAML} was registered, as is {@link #TEXT_YAML}. */
    static final String X_YAML = "application/x-yaml";

    static final String TEXT_YAML = "text/yaml";

    private TopologyMedia() {}
}
