package dev.holdfast.endtoend;

import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one {@link SpreadSuite} for all of them; each leaves it whole. */
final class SharedSpreadSuite implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SharedSpreadSuite.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SpreadSuite.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SpreadSuite.class, key -> start(), SpreadSuite.class);
    }

    private static SpreadSuite start() {
        try {
            return SpreadSuite.start(Files.createTempDirectory("holdfast spread"));
        } catch (Exception e) {
            throw new IllegalStateException("the suite did not come up", e);
        }
    }
}
