/** The PostgreSQL server of the node: made, cloned, started, stopped, promoted, rewound, asked. */
@NullMarked
package dev.holdfast.agent.postgres;

import org.jspecify.annotations.NullMarked;
