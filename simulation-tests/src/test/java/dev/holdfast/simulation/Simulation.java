package dev.holdfast.simulation;

/** Runs a seed. */
final class Simulation {

    private Simulation() {}

    /** Runs the world of the seed; when it breaks a promise, runs it again to tell the story. */
    static World run(long seed, Options options) {
        World world = new World(seed, options, false);
        try {
            world.run();
            return world;
        } catch (RuntimeException broken) {
            World again = new World(seed, options, true);
            String what = broken.toString();
            try {
                again.run();
            } catch (RuntimeException same) {
                what = same.toString();
            }
            throw new AssertionError("""
                    seed %d: %s
                    %s
                    Run it alone: ./mvnw -pl simulation-tests -am test -Dtest=FailoverSimulationTest \
                    -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.simulation.seeds=1 -Dholdfast.simulation.from=%d
                    """.formatted(seed, what, again.story.text(), seed), broken);
        }
    }
}
