package dev.holdfast.model.topology;

/** How far a node has come in joining its cluster. */
public enum NodePhase {
    /** Not yet checked or synchronised; gets no traffic. */
    SYNCHRONISING,
    /** Takes traffic when enabled and healthy. */
    SERVING
}
